const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
/** 36^10 is about 2^51: nobody finds an address by trying. relay:EML2 */
const RANDOM_LENGTH = 10
/** A local part has at most 64 characters (RFC 5321); `-` and the random end take 11. */
const MAX_SLUG = 64 - RANDOM_LENGTH - 1
/** Bytes from here on would make the first letters likelier. */
const UNBIASED_BELOW = 256 - (256 % LETTERS.length)

/**
 * The readable beginning of an inbound address; empty when nothing of the text can stand in one. Dots in a row are one, because an address
 * may not have two. relay:EML2
 */
export function slugOf(text: string): string {
  const kept = text
    .toLowerCase()
    .replace(/\s/g, '-')
    .replace(/[^a-z0-9._-]/g, '')
    .replace(/\.{2,}/g, '.')
  return trimmed(trimmed(kept).slice(0, MAX_SLUG))
}

/** `<slug>-<10 random a-z0-9>@<domain>`. relay:EML2 */
export function newInboundAddress(slug: string, domain: string, random: (bytes: number) => Uint8Array): string {
  let end = ''
  while (end.length < RANDOM_LENGTH) {
    for (const byte of random(RANDOM_LENGTH)) {
      if (byte < UNBIASED_BELOW && end.length < RANDOM_LENGTH) end += LETTERS.charAt(byte % LETTERS.length)
    }
  }
  return `${slug}-${end}@${domain}`
}

function trimmed(slug: string): string {
  return slug.replace(/^[-._]+/, '').replace(/[-._]+$/, '')
}
