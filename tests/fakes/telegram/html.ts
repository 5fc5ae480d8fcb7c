import { badRequest } from './refusal.ts'

export type Entity = { type: string; offset: number; length: number; url?: string; language?: string }

const ALLOWED = new Set('b strong i em u ins s strike del span tg-spoiler tg-emoji a code pre blockquote'.split(' '))
const NAMES: Record<string, string> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  span: 'spoiler',
  'tg-spoiler': 'spoiler',
  'tg-emoji': 'custom_emoji',
  a: 'text_link',
}
const CHARACTERS: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' }
const TAG = /^<(\/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-z-]+(?:=(?:"[^"<]*"|'[^'<]*'|[^\s"'<>]+))?)*)\s*>/
const REFERENCE = /^&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/i

type Open = { name: string; offset: number; attributes: string }

/** Reads parse_mode HTML as the Bot API does: unknown, unclosed or crossed tags are an error, not guessed at. */
export function parseHtml(html: string): { text: string; entities: Entity[] } {
  const open: Open[] = []
  const entities: Entity[] = []
  let text = ''
  let at = 0
  const bytes = () => Buffer.byteLength(html.slice(0, at))
  while (at < html.length) {
    const rest = html.slice(at)
    if (rest.startsWith('<')) {
      const [whole, closing, rawName = '', attributes = ''] = TAG.exec(rest) ?? []
      const name = rawName.toLowerCase()
      if (whole === undefined || !ALLOWED.has(name)) throw cannot(`Unsupported start tag "${name}" at byte offset ${bytes()}`)
      if (closing) entities.push(...close(open.pop(), name, text.length, bytes()))
      else open.push({ name, offset: text.length, attributes: checked(name, attributes, bytes()) })
      at += whole.length
      continue
    }
    const [whole = rest.charAt(0), decimal, hex, named] = rest.startsWith('&') ? (REFERENCE.exec(rest) ?? []) : []
    const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : undefined
    text += code ? String.fromCodePoint(code) : named ? (CHARACTERS[named] ?? whole) : whole
    at += whole.length
  }
  const unclosed = open.at(-1)
  if (unclosed) throw cannot(`Can't find end tag corresponding to start tag "${unclosed.name}"`)
  return { text, entities }
}

function close(tag: Open | undefined, name: string, end: number, offset: number): Entity[] {
  if (!tag) throw cannot(`Unexpected end tag at byte offset ${offset}`)
  if (tag.name !== name) throw cannot(`Unmatched end tag at byte offset ${offset}, expected "</${tag.name}>", found "</${name}>"`)
  const length = end - tag.offset
  if (length === 0) return []
  const url = /href="([^"]*)"/.exec(tag.attributes)?.[1]
  const language = /class="language-([^"]*)"/.exec(tag.attributes)?.[1]
  return [{ type: NAMES[name] ?? name, offset: tag.offset, length, ...(url && { url }), ...(language && { language }) }]
}

function checked(name: string, attributes: string, offset: number): string {
  if (name === 'span' && !/class="tg-spoiler"/.test(attributes))
    throw cannot(`Tag "span" must have class "tg-spoiler" at byte offset ${offset}`)
  return attributes
}

function cannot(what: string): Error {
  return badRequest(`can't parse entities: ${what}`)
}
