import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'puppeteer'

const plain = 'AaBCcDdEeGgHhIiJjKkLlNnOoRrSsTtUuWwYyZz'
const accented = 'ÅåßÇçÐðÉéĜĝĤĥÎîĴĵĶķĻļÑñÖöŘřŠšŢţÛûŴŵÝýŽž'
const KEPT = /(\$\d|\{\w+\}|<[^>]*>)/

/** An English text as a language that is 40 % longer would have it, readable, and told from every text that is not translated: [Çöññéçţéð~~~~]. */
export function pseudo(text: string): string {
  return text
    .split(' | ')
    .map((form) => {
      const letters = form
        .split(KEPT)
        .map((part) =>
          KEPT.test(part) ? isolated(part) : [...part].map((letter) => accented[plain.indexOf(letter)] ?? letter).join(''),
        )
      return `⟦${letters.join('')}${longer(form)}⟧`
    })
    .join(' | ')
}

/** Room for 40 % more, in words no longer than the long ones of real languages: lines may break between them. */
const longer = (form: string): string => '~'.repeat(Math.ceil(form.length * 0.4)).replace(/~{16}(?=~)/g, '$& ')

/** What is filled in keeps a direction of its own, as where the language is read from right to left. */
const isolated = (part: string): string => (part.startsWith('{') ? `\u2068${part}\u2069` : part)

/** Makes a copy of a build speak the pseudo-language where it spoke English. */
export async function speakPseudo(extension: string): Promise<void> {
  const file = join(extension, '_locales/en/messages.json')
  const messages: Record<string, { message: string }> = JSON.parse(await readFile(file, 'utf8'))
  for (const entry of Object.values(messages)) entry.message = pseudo(entry.message)
  await writeFile(file, JSON.stringify(messages))
}

/** Words on the page, or in names and hints, that no locale has. What people and machines wrote does not count: the rows of the stage, times, code. */
export function untranslated(page: Page, known: readonly string[]): Promise<string[]> {
  return page.evaluate(
    (written) => {
      const data =
        'time, code, pre, kbd, bdi, .mono, .words, .args, .avatar, [dir=auto], :not(html)[dir=ltr], [translate=no], script, style'
      const rest = (text: string) => {
        let left = text.replace(/⟦[^⟧]*⟧|https?:\/\/\S+/g, ' ')
        for (const words of written) left = left.replaceAll(words, ' ')
        // A translated text in several elements: its pieces have letters with accents, an English one has none.
        return left
          .split(/[^\p{L}]+/u)
          .filter((word) => /^[a-z]{2,}$/i.test(word) && /[aeioutnsr]/i.test(word))
          .join(' ')
      }
      const found = new Set<string>()
      const look = (text: string | null | undefined) => {
        const left = rest(text ?? '')
        if (left) found.add(left)
      }
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement
        if (element && !element.closest(data)) look(node.textContent)
      }
      for (const element of document.body.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
        for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
          if (!element.closest('time, [translate=no]')) look(element.getAttribute(name))
      return [...found]
    },
    known.filter((words) => words.length > 1).sort((a, b) => b.length - a.length),
  )
}

/** Buttons and fields whose text does not fit into them, and how far the page sticks out of its window. */
export function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const beyond = document.documentElement.scrollWidth - innerWidth
    if (beyond > 0) found.push(`The page is ${beyond} px too wide`)
    for (const element of document.querySelectorAll<HTMLElement>('button, a, h1, h2, h3, label, legend, summary')) {
      if (!element.checkVisibility() || element.closest('.sr, .truncate') || element.querySelector('.truncate')) continue
      const { overflow, textOverflow } = getComputedStyle(element)
      if (textOverflow !== 'ellipsis' && overflow !== 'visible' && element.scrollWidth > element.clientWidth + 1)
        found.push(`${element.tagName.toLowerCase()}.${element.className}: ${element.textContent}`)
    }
    return found
  })
}
