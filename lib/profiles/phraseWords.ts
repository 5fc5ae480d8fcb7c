import { mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'

/** client:PHR1 */
export const PHRASE_LENGTHS = [12, 24] as const
/** Words offered in place of one that is wrong. */
const MOST_LIKELY = 3
/** Further away than this a word is another word, not a slip. */
const FURTHEST = 2

export type Suggestion = { place: number; word: string; likely: string[] }

/** What a typed phrase is. Places count from 1. client:PHR6 */
export type PhraseReading =
  | { state: 'good'; words: string[] }
  | { state: 'length'; count: number }
  /** Words that are not on the list. */
  | { state: 'unknown'; wrong: Suggestion[] }
  /** All are on the list, but they do not belong together; `likely` are single changes after which they would. */
  | { state: 'mismatch'; likely: Suggestion[] }

/** However it was written down: with numbers, commas, capitals, line breaks. client:PHR6 */
export function readPhrase(text: string): PhraseReading {
  const words = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter(Boolean)
  const wrong = words.flatMap((word, index) =>
    wordlist.includes(word) ? [] : [{ place: index + 1, word, likely: nearest(word).slice(0, MOST_LIKELY) }],
  )
  if (wrong.length > 0) return { state: 'unknown', wrong }
  if (!PHRASE_LENGTHS.some((length) => length === words.length)) return { state: 'length', count: words.length }
  return fits(words) ? { state: 'good', words } : { state: 'mismatch', likely: repairs(words) }
}

/** The text with another word in that place, everything around it as it was typed. */
export function replaceWord(text: string, place: number, word: string): string {
  let seen = 0
  return text.replace(/[\p{L}\p{M}]+/gu, (other) => (++seen === place ? word : other))
}

/** The checksum of BIP-39. */
function fits(words: readonly string[]): boolean {
  try {
    mnemonicToEntropy(words.join(' '), wordlist)
    return true
  } catch {
    return false
  }
}

/** Single words read or typed as another one of the list, after which the phrase would fit. Chance alone makes one in 16 fit. */
function repairs(words: string[]): Suggestion[] {
  return words.flatMap((word, index) => {
    const likely = nearest(word).filter((other) => other !== word && fits(words.with(index, other)))
    return likely.length > 0 ? [{ place: index + 1, word, likely: likely.slice(0, MOST_LIKELY) }] : []
  })
}

/** Words of the list that are few slips away, the nearest first. The first four letters of a word tell it from all others. */
function nearest(word: string): string[] {
  return (
    wordlist
      .map((other) => ({ other, slips: other.slice(0, 4) === word.slice(0, 4) ? 0.5 : slips(word, other) }))
      .filter((one) => one.slips <= FURTHEST)
      // Of equals the one that begins alike: a first letter is seldom wrong.
      .sort((a, b) => a.slips - b.slips || Number(b.other[0] === word[0]) - Number(a.other[0] === word[0]))
      .map(({ other }) => other)
  )
}

/** Letters to add, drop, change or swap with their neighbour to make one word the other. */
function slips(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > FURTHEST) return FURTHEST + 1
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const next = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let least = Math.min((last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1))
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        least = Math.min(least, (before[column - 2] ?? 0) + 1)
      next.push(least)
    }
    before = last
    last = next
  }
  return last[b.length] ?? FURTHEST + 1
}
