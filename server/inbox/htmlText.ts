import { decodeEntities } from './entities.ts'
import { sanitiseText } from './sanitise.ts'

/** Elements whose content is never text. */
const SILENT = new Set([
  'script',
  'style',
  'head',
  'title',
  'noscript',
  'template',
  'iframe',
  'object',
  'svg',
  'math',
  'textarea',
  'select',
])
/** Elements that stand on lines of their own. */
const BLOCKS = new Set(
  'address article aside blockquote body center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead tr ul'.split(
    ' ',
  ),
)
/** Blocks with an empty line around them. */
const SPACED = new Set('blockquote dl figure h1 h2 h3 h4 h5 h6 hr ol p pre table ul'.split(' '))

/** A tag, a comment or a declaration. Every alternative advances over what it has read, so hostile input takes linear time. */
const TAG = /<!--|<[!?]|<(\/?)([a-zA-Z][^\s/>]*)/g
const HREF = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i

/**
 * HTML as plain text: blocks to lines, links as `text (url)`, entities decoded; scripts, styles and the head are dropped. It is for reading, its
 * result is not safe HTML. relay:SAN3
 */
export function htmlToText(html: string): string {
  const out = createLines()
  const links: { url: string; from: number }[] = []
  let at = 0
  TAG.lastIndex = 0
  for (let found = TAG.exec(html); found; found = TAG.exec(html)) {
    out.text(html.slice(at, found.index))
    const [opening, slash, rawName] = found
    const name = rawName?.toLowerCase()
    if (name === undefined) {
      at = skip(html, TAG.lastIndex, opening === '<!--' ? '-->' : '>')
      TAG.lastIndex = at
      continue
    }
    const end = tagEnd(html, TAG.lastIndex)
    const attributes = html.slice(TAG.lastIndex, end)
    at = slash === '' && SILENT.has(name) && !attributes.endsWith('/>') ? afterElement(html, end, name) : end
    TAG.lastIndex = at
    if (name === 'br') out.line()
    else if (name === 'pre') out.keepSpaces(slash === '')
    else if (name === 'a') {
      const open = slash === '/' || links.length > 0 ? links.pop() : undefined
      if (open) out.link(open.url, open.from)
      if (slash === '') links.push({ url: href(attributes), from: out.length() })
    } else if ((name === 'td' || name === 'th') && slash === '') out.cell()
    if (BLOCKS.has(name)) out.block(SPACED.has(name))
    if (name === 'li' && slash === '') out.text('- ')
  }
  out.text(html.slice(at))
  const last = links.pop()
  if (last) out.link(last.url, last.from)
  return sanitiseText(out.result())
}

/** The end of a tag: the first `>` outside quotes. */
function tagEnd(html: string, from: number): number {
  let quote = ''
  for (let at = from; at < html.length; at++) {
    const character = html.charAt(at)
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '>') return at + 1
    else if ((character === '"' || character === "'") && html.charAt(at - 1) === '=') quote = character
  }
  return html.length
}

function skip(html: string, from: number, until: string): number {
  const end = html.indexOf(until, from)
  return end === -1 ? html.length : end + until.length
}

/** Behind the closing tag of an element whose content is dropped; without one, everything after it is dropped. */
function afterElement(html: string, from: number, name: string): number {
  const closing = new RegExp(`</${name}(?=[\\s/>])`, 'gi')
  closing.lastIndex = from
  const found = closing.exec(html)
  return found ? skip(html, found.index, '>') : html.length
}

/** The target of a link people could follow. */
function href(attributes: string): string {
  const found = HREF.exec(attributes)
  const url = decodeEntities(found?.[1] ?? found?.[2] ?? found?.[3] ?? '').trim()
  return /^(?:https?:|mailto:|tel:)/i.test(url) ? url : ''
}

/** Text in the making: spaces fold, lines are trimmed, at most one empty line stands between two. */
function createLines() {
  let text = ''
  let preformatted = 0
  let space = false
  /** Line breaks owed before the next text. */
  let breaks = 0

  function add(piece: string): void {
    if (text !== '') text += breaks > 0 ? '\n'.repeat(breaks) : space ? ' ' : ''
    text += piece
    breaks = 0
    space = false
  }

  return {
    length: () => text.length,
    text(raw: string): void {
      if (raw === '') return
      const decoded = decodeEntities(raw)
      if (preformatted > 0) return void (decoded !== '' && add(decoded.replace(/\r\n?/g, '\n')))
      const folded = decoded.replace(/[ \t\r\n\f]+/g, ' ')
      const words = folded.trim()
      if (folded.startsWith(' ') || words === '') space = true
      if (words === '') return
      add(words)
      space = folded.endsWith(' ')
    },
    line(): void {
      breaks = Math.min(breaks + 1, 2)
    },
    block(spaced: boolean): void {
      breaks = Math.max(breaks, spaced ? 2 : 1)
    },
    cell(): void {
      space = true
    },
    keepSpaces(on: boolean): void {
      preformatted = Math.max(0, preformatted + (on ? 1 : -1))
    },
    link(url: string, from: number): void {
      const shown = text.slice(from).trim()
      if (url !== '' && shown !== url && `mailto:${shown}` !== url) {
        breaks = 0
        space = shown !== ''
        add(shown === '' ? url : `(${url})`)
      }
    },
    result: () =>
      text
        .replaceAll('\u00a0', ' ')
        .split('\n')
        .map((line) => line.trimEnd())
        .join('\n')
        .trim(),
  }
}
