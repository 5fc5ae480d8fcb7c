/** Where the letters of what was typed are in a text, and how good a match that is. */
export type Match = { score: number; at: number[] }

const WHOLE = 100
const AT_START = 30
const AT_WORD = 20
const IN_A_ROW = 4
const LETTER = 6

/** Small letters without their accents, one for each character of the text, so that places are the same in both. */
function fold(text: string): string[] {
  return Array.from(text, (character) => {
    const [base = character] = character.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
    return base
  })
}

/**
 * Every word typed must be found in the text, in any order: as it is, best at the beginning of a word, or as letters in their order that
 * begin at a word ("ssn" finds "Security settings"). `undefined` where one is not. Nothing typed matches everything alike.
 */
export function fuzzy(typed: string, text: string): Match | undefined {
  const letters = fold(text)
  const match: Match = { score: 0, at: [] }
  for (const word of typed.trim().split(/\s+/).filter(Boolean)) {
    const found = findWord(fold(word), letters)
    if (!found) return undefined
    match.score += found.score
    match.at.push(...found.at)
  }
  // Of two that match alike, the shorter one says less that was not asked for.
  if (match.at.length > 0) match.score -= letters.length / 100
  return match
}

function findWord(word: string[], letters: string[]): Match | undefined {
  let best: Match | undefined
  for (let from = 0; from + word.length <= letters.length; from++) {
    if (!word.every((letter, index) => letters[from + index] === letter)) continue
    const score = WHOLE + (from === 0 ? AT_START : beginsWord(letters, from) ? AT_WORD : 0)
    if (!best || score > best.score) best = { score, at: word.map((_letter, index) => from + index) }
  }
  return best ?? findLetters(word, letters)
}

function findLetters(word: string[], letters: string[]): Match | undefined {
  let best: Match | undefined
  for (const [start, letter] of letters.entries()) {
    if (letter !== word[0] || !beginsWord(letters, start)) continue
    const at = [start]
    let score = LETTER
    for (const wanted of word.slice(1)) {
      const last = at.at(-1) ?? 0
      const next = nextOf(wanted, letters, last + 1)
      if (next < 0) break
      score += LETTER + (next === last + 1 ? IN_A_ROW : beginsWord(letters, next) ? IN_A_ROW : -1)
      at.push(next)
    }
    if (at.length === word.length && (!best || score > best.score)) best = { score, at }
  }
  return best
}

/** The next place of a letter: the very next, else where it begins a word, else anywhere. */
function nextOf(letter: string, letters: string[], from: number): number {
  if (letters[from] === letter) return from
  const begins = letters.findIndex((one, at) => at >= from && one === letter && beginsWord(letters, at))
  return begins >= 0 ? begins : letters.indexOf(letter, from)
}

function beginsWord(letters: string[], at: number): boolean {
  return at === 0 || (/[^\p{L}\p{N}]/u.test(letters[at - 1] ?? '') && /[\p{L}\p{N}]/u.test(letters[at] ?? ''))
}

/** The best ones first; those that match alike keep their order. */
export function rank<T>(items: readonly T[], typed: string, textOf: (item: T) => string): { item: T; at: number[] }[] {
  return items
    .flatMap((item) => {
      const match = fuzzy(typed, textOf(item))
      return match ? [{ item, ...match }] : []
    })
    .sort((a, b) => b.score - a.score)
}
