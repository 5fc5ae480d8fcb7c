export type Piece = { text: string; hit: boolean }

/** Lines that only open or close a code block. */
const FENCES = /^\s*```.*$/gm
/** Characters shown before the first hit, so that it is seen in one line. */
const BEFORE = 18
const LENGTH = 160

/** One line around the first hit, cut into pieces that hold a word searched for and pieces that do not. */
export function snippet(content: string, words: string): Piece[] {
  const line = content.replace(FENCES, ' ').replace(/\s+/g, ' ').trim()
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const lower = line.toLowerCase()
  const first = Math.min(...wanted.map((word) => lower.indexOf(word)).filter((at) => at >= 0))
  const start = Number.isFinite(first) && first > BEFORE ? lower.lastIndexOf(' ', first - BEFORE / 2) + 1 : 0
  const shown = (start > 0 ? '…' : '') + line.slice(start, start + LENGTH)
  return cut(shown, wanted)
}

/** Splits a text at every occurrence of a word, any case. */
export function cut(text: string, words: string[]): Piece[] {
  if (words.length === 0) return [{ text, hit: false }]
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'gi')
  return text
    .split(pattern)
    .map((piece, index) => ({ text: piece, hit: index % 2 === 1 }))
    .filter((piece) => piece.text !== '')
}
