import { MAX_FILENAME_CHARACTERS } from '#protocol/limits.ts'

/**
 * CRLF, C0 controls but tab and newline, unpaired surrogates, and the characters that turn the direction of text. With the `u` flag a surrogate
 * matches only when it has no partner.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNWANTED = /\r\n|[\0-\x08\x0b-\x1f]|\p{Surrogate}|[\u202a-\u202e\u2066-\u2069]/gu
/** The same without the global flag's memory: most texts hold none of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const SUSPECT = /[\0-\x08\x0b-\x1f\ud800-\udfff\u202a-\u202e\u2066-\u2069]/

const REPLACEMENT = '\ufffd'

/** Text as people may see it. `<`, `>` and `&` stay as they are. relay:SAN1, SAN2 */
export function sanitiseText(text: string): string {
  if (!SUSPECT.test(text)) return text
  return text.replace(UNWANTED, (found) => {
    if (found === '\r\n') return '\n'
    return found >= '\u202a' && found <= '\u2069' ? REPLACEMENT : ''
  })
}

/** Every string and name inside a JSON value. `__proto__` is dropped: nobody sends it with good intent. relay:SAN1 */
export function sanitiseValue(value: unknown): unknown {
  if (typeof value === 'string') return sanitiseText(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sanitiseValue)
  return sanitiseMembers(value as Record<string, unknown>)
}

export function sanitiseMembers(object: Record<string, unknown>): Record<string, unknown> {
  const clean: Record<string, unknown> = {}
  for (const name of Object.keys(object)) if (name !== '__proto__') clean[sanitiseText(name)] = sanitiseValue(object[name])
  return clean
}

/** One line of at most `max` UTF-16 units, never half a character. */
export function oneLine(text: string, max: number): string {
  return cut(sanitiseText(text).replace(/\s+/g, ' ').trim(), max)
}

/** At most `max` UTF-16 units, never half a surrogate pair. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const last = text.charCodeAt(max - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max)
}

/** A name to show and to save under: no path, no control or direction characters, at most 120 characters, never empty. relay:ATT2 */
export function cleanFilename(name: string): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
  const plain = base
    .replace(/[\p{Cc}\p{Surrogate}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .replace(/[\p{Z}]+/gu, ' ')
    .trim()
  if (/^\.*$/.test(plain)) return 'file'
  return shortened(plain)
}

/** Shortens the stem, so that the ending still tells what the file is. */
function shortened(name: string): string {
  if (name.length <= MAX_FILENAME_CHARACTERS) return name
  const ending = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? ''
  return cut(name, MAX_FILENAME_CHARACTERS - ending.length) + ending
}
