/** How far what was typed or pasted agrees with a safety number. client:SAF3 */
export type Compared =
  | { state: 'empty' }
  | { state: 'incomplete'; missing: number }
  | { state: 'match' }
  /** The first group that is not the same, counted from 1. */
  | { state: 'differs'; group: number }
  /** It has something other than digits, or too many of them: another number altogether. */
  | { state: 'strange' }

const GROUP = 5

/** Digits count, however they are set and in whichever script. client:SAF3 */
export function compareNumber(text: string, number: string): Compared {
  const typed = bare(text)
  const wanted = bare(number)
  if (typed === '') return { state: 'empty' }
  if (/\D/.test(typed) || typed.length > wanted.length) return { state: 'strange' }
  const wrong = [...typed].findIndex((digit, place) => digit !== wanted[place])
  if (wrong >= 0) return { state: 'differs', group: Math.floor(wrong / GROUP) + 1 }
  return typed.length === wanted.length ? { state: 'match' } : { state: 'incomplete', missing: wanted.length - typed.length }
}

function bare(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s.,·\-–—]/g, '')
    .replace(/\p{Nd}/gu, westernDigit)
}

/** The digits of a script stand in a row of ten that begins at their zero, with something else before it. */
function westernDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1
  return String(value)
}
