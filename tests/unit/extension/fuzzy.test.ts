import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuzzy, rank } from '../../../lib/ui/fuzzy.ts'

/** The text with what was found in brackets. */
const shown = (typed: string, text: string) => {
  const match = fuzzy(typed, text)
  return (
    match &&
    Array.from(text, (character, index) => (match.at.includes(index) ? `[${character}]` : character))
      .join('')
      .replaceAll('][', '')
  )
}
const best = (typed: string, ...texts: string[]) => rank(texts, typed, (text) => text).map(({ item }) => item)

describe('fuzzy matching', () => {
  it.each([
    ['ada', 'Ada Okafor', '[Ada] Okafor'],
    ['oka ada', 'Ada Okafor', '[Ada] [Oka]for'],
    ['riv', 'Tomás Rivera', 'Tomás [Riv]era'],
    ['tomas', 'Tomás Rivera', '[Tomás] Rivera'],
    ['sse', 'Security settings', '[S]ecurity [se]ttings'],
    ['afo', 'Ada Okafor', 'Ada Ok[afo]r'],
    ['ops', '#ops-oncall', '#[ops]-oncall'],
    ['oncall', '#ops-oncall', '#ops-[oncall]'],
    ['👍', 'Fine 👍', 'Fine [👍]'],
    ['', 'Ada', 'Ada'],
  ])('client:PAL2 %j is found in %j', (typed, text, marked) => {
    expect(shown(typed, text)).toBe(marked)
  })

  it.each([
    ['bob', 'Ada Okafor'],
    ['ada bob', 'Ada Okafor'],
    // Letters in order that begin no word are chance.
    ['kfr', 'Ada Okafor'],
    ['adaa', 'Ada'],
  ])('client:PAL2 %j is not found in %j', (typed, text) => {
    expect(fuzzy(typed, text)).toBeUndefined()
  })

  it('client:PAL2 puts what was meant first', () => {
    expect(best('an', 'Banana', 'Marta Anders', 'Anna')).toEqual(['Anna', 'Marta Anders', 'Banana'])
    expect(best('ci', 'Cecilia Ivens', 'ci', 'ci-nightly')).toEqual(['ci', 'ci-nightly', 'Cecilia Ivens'])
    expect(best('', 'second', 'first')).toEqual(['second', 'first'])
  })

  it('client:PAL2 finds every piece of any text, at places that hold it, and never fails', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.nat(30), fc.nat(30), (text, from, length) => {
        const characters = Array.from(text)
        const piece = characters
          .slice(from, from + length)
          .join('')
          .trim()
        const match = fuzzy(piece, text)
        expect(match).toBeDefined()
        for (const place of match?.at ?? []) expect(characters[place]).toBeDefined()
      }),
    )
    fc.assert(fc.property(fc.string(), fc.string(), (typed, text) => void fuzzy(typed, text)))
  })
})
