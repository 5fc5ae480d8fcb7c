/** RFC 5321's limit for one address. */
const MAX_ADDRESS = 254
/** One mailbox without quoting: nothing in it can end a header, open a comment, name a second recipient or turn the direction of text. */
const MAILBOX = /^[^\s\p{C}@<>"(),:;\\[\]]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u
const QUOTED = /"(?:[^"\\]|\\.)*"/g

/** The address in lower case if the text is exactly one, else undefined. */
export function mailAddress(text: string): string | undefined {
  const trimmed = text.trim()
  return trimmed.length <= MAX_ADDRESS && MAILBOX.test(trimmed) ? trimmed.toLowerCase() : undefined
}

/**
 * Who a From names: `address` or `Any name <address>`. Undefined when it can be read in two ways (two mailboxes, two brackets), because one
 * reader would then check an address another reader never shows. relay:EML10
 */
export function senderAddress(from: string): string | undefined {
  const text = from.trim()
  if (!text.endsWith('>')) return mailAddress(text)
  const opening = text.lastIndexOf('<')
  const name = text.slice(0, Math.max(opening, 0)).replace(QUOTED, '')
  if (opening === -1 || /[<>]/.test(name) || (name.includes(',') && name.includes('@'))) return undefined
  return mailAddress(text.slice(opening + 1, -1))
}
