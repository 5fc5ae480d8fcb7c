const ASCII = /^[\0-\x7f]*$/
/** Accents of Latin, Greek and Cyrillic letters, points of Hebrew, vowel signs of Arabic. Other scripts' marks are letters of their own. */
const MARKS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0670]/g

/** A text as search compares it: one case, no accents, wide and narrow forms alike. client:SRC2 */
export function fold(text: string): string {
  const lower = text.toLowerCase()
  if (ASCII.test(lower)) return lower
  return lower.normalize('NFKD').replace(MARKS, '').replaceAll('ß', 'ss').normalize('NFC')
}
