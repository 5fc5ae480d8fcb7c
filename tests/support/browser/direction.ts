import type { Page } from 'puppeteer'

/**
 * Texts that somebody wrote and that stand in a page of the other direction without one of their own: a full stop at their end would
 * jump to their beginning.
 */
export function notIsolated(page: Page, written: readonly string[]): Promise<string[]> {
  return page.evaluate(
    (known) => {
      const own = (element: Element) => {
        const { unicodeBidi, display } = getComputedStyle(element)
        return (
          element.matches('bdi, [dir]') ||
          unicodeBidi === 'plaintext' ||
          (unicodeBidi === 'isolate' && display.startsWith('inline'))
        )
      }
      /** The paragraph a text is laid out in, unless something on the way to it has a direction of its own. */
      const paragraph = (from: Element): Element | undefined => {
        for (let element = from; element !== document.documentElement; element = element.parentElement as Element) {
          if (own(element)) return
          if (!getComputedStyle(element).display.startsWith('inline')) return element
        }
        return
      }
      const found = new Set<string>()
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement
        const text = node.textContent ?? ''
        if (!element?.checkVisibility() || element.closest('.sr, script, style, svg, time, textarea')) continue
        const said = known.filter((words) => text.includes(words))
        const around = said.length > 0 && paragraph(element)?.textContent?.replace(/\u2068[^\u2069]*\u2069/g, '')
        for (const words of around ? said.filter((one) => around.includes(one)) : []) found.add(`${words} in: ${around}`)
      }
      return [...found]
    },
    written.filter((words) => words.length > 2 && /\p{L}/u.test(words)).sort((a, b) => b.length - a.length),
  )
}

/** Drawings that point along the line and do not turn with it, and others that do. */
export function wronglyTurned(page: Page): Promise<string[]> {
  return page.$$eval('svg.lucide', (all) =>
    all
      .filter((drawing) => drawing.checkVisibility())
      .map((drawing) => ({
        name: drawing.classList[1] ?? '',
        turned: getComputedStyle(drawing).transform.startsWith('matrix(-1, 0,'),
      }))
      .filter(({ name, turned }) => turned !== /-(?:left|right)$|-(?:external-link|send|reply|undo|redo|log-out)$/.test(name))
      .map(({ name }) => name),
  )
}
