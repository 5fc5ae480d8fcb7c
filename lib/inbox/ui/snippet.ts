import { plainWords } from '../plainWords.ts'

export type Piece = { text: string; hit: boolean }

/** Characters shown before the first hit, so that it is seen in one line. */
const BEFORE = 18
const LENGTH = 160

/** Of a long text only what lies around the first hit is looked at. Characters. */
const AROUND = 2_000

/** One line around the first hit, in plain words, cut into pieces that hold a word searched for and pieces that do not. */
export function snippet(content: string, words: string): Piece[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const part = around(content, wanted)
  const plain = plainWords(part, part.length)
  // A hit in what marks the words up, such as the address of a link, is shown as it stands there.
  const line = firstHit(plain, wanted) === undefined ? part.replace(/\s+/g, ' ').trim() : plain
  const first = firstHit(line, wanted) ?? 0
  const start = first > BEFORE ? line.lastIndexOf(' ', first - BEFORE / 2) + 1 : 0
  return cut((start > 0 ? '…' : '') + line.slice(start, start + LENGTH), wanted)
}

function around(content: string, wanted: string[]): string {
  const first = firstHit(content, wanted) ?? 0
  return first < AROUND ? content.slice(0, 2 * AROUND) : content.slice(first - AROUND, first + AROUND)
}

/** Lower case may be longer than the text, in few languages and by little: then the hit is shown a little off. */
function firstHit(text: string, wanted: string[]): number | undefined {
  const lower = text.toLowerCase()
  const hits = wanted.map((word) => lower.indexOf(word)).filter((at) => at >= 0)
  return hits.length > 0 ? Math.min(...hits) : undefined
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
