import { plainWords } from '../plainWords.ts'
import { fold } from '../search/fold.ts'

export type Piece = { text: string; hit: boolean }

/** Characters shown before the first hit, so that it is seen in one line. */
const BEFORE = 18
const LENGTH = 160

/** Of a long text only what lies around the first hit is looked at. Characters. */
const AROUND = 2_000

/** One line around the first hit, in plain words, cut into pieces that hold a word searched for and pieces that do not. Words are folded. */
export function snippet(content: string, words: readonly string[]): Piece[] {
  const part = around(content, words)
  const plain = plainWords(part, part.length)
  // A hit in what marks the words up, such as the address of a link, is shown as it stands there.
  const line = firstHit(plain, words) === undefined ? part.replace(/\s+/g, ' ').trim() : plain
  const first = firstHit(line, words) ?? 0
  const start = first > BEFORE ? line.lastIndexOf(' ', first - BEFORE / 2) + 1 : 0
  return cut((start > 0 ? '…' : '') + line.slice(start, start + LENGTH), words)
}

function around(content: string, words: readonly string[]): string {
  const first = firstHit(content, words) ?? 0
  return first < AROUND ? content.slice(0, 2 * AROUND) : content.slice(first - AROUND, first + AROUND)
}

function firstHit(text: string, words: readonly string[]): number | undefined {
  const { folded, places } = foldWithPlaces(text)
  const hits = words.map((word) => folded.indexOf(word)).filter((at) => at >= 0)
  return hits.length > 0 ? places[Math.min(...hits)] : undefined
}

/** Splits a text at every occurrence of a word, however it is written there. client:SRC2 */
export function cut(text: string, words: readonly string[]): Piece[] {
  const { folded, places } = foldWithPlaces(text)
  const pieces: Piece[] = []
  let shown = 0
  let from = 0
  for (;;) {
    const next = nextHit(folded, words, from)
    if (!next) break
    const start = places[next.at] ?? 0
    from = next.at + next.length
    // All of a letter that folds to two, and the accents written after one.
    while (from < folded.length && places[from] === places[from - 1]) from++
    const end = places[from] ?? text.length
    if (start > shown) pieces.push({ text: text.slice(shown, start), hit: false })
    pieces.push({ text: text.slice(start, end), hit: true })
    shown = end
  }
  if (shown < text.length) pieces.push({ text: text.slice(shown), hit: false })
  return pieces
}

function nextHit(folded: string, words: readonly string[], from: number): { at: number; length: number } | undefined {
  let first: { at: number; length: number } | undefined
  for (const word of words) {
    const at = folded.indexOf(word, from)
    if (at >= 0 && (!first || at < first.at || (at === first.at && word.length > first.length))) first = { at, length: word.length }
  }
  return first
}

/** The folded text, and for each of its characters where it stands in the text, the end included. */
function foldWithPlaces(text: string): { folded: string; places: number[] } {
  let folded = ''
  let at = 0
  const places: number[] = []
  for (const character of text) {
    const piece = fold(character)
    for (let unit = 0; unit < piece.length; unit++) places.push(at)
    folded += piece
    at += character.length
  }
  places.push(at)
  return { folded, places }
}
