import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Run, renderRuns, type Tag, textOf } from '../../../../server/channels/markdown/runs.ts'
import { splitRuns } from '../../../../server/channels/markdown/splitRuns.ts'

const asIs = (text: string) => text
const bold: Tag = { kind: 'bold', open: '<b>', close: '</b>' }
const code: Tag = { kind: 'pre', open: '```js\n', close: '\n```' }
const plain = (text: string): Run => ({ text, tags: [] })

const split = (runs: Run[] | string, limit: number) =>
  splitRuns(typeof runs === 'string' ? [plain(runs)] : runs, { limit, encode: asIs }).map((part) => renderRuns(part, asIs))
const words = (count: number) => Array(count).fill('word').join(' ')

describe('splitting text into parts', () => {
  it('relay:TG10 what fits stays one part, untouched', () => {
    for (const text of ['hello', 'a\n\nb', ' indented', 'x'.repeat(2000)]) expect(split(text, 2000)).toEqual([text])
    expect(split(' \n ', 2000)).toEqual([])
  })

  it('relay:TG10 cuts at a paragraph rather than a line, at a line rather than a space', () => {
    const paragraph = words(12)
    expect(split(`${paragraph}\n\n${paragraph}\nmore\n\n${paragraph}`, 110)).toEqual([paragraph, `${paragraph}\nmore`, paragraph])
    expect(split(`${words(10)}\n${words(6)} ${words(4)}`, 60)).toEqual([words(10), `${words(6)} ${words(4)}`])
    expect(split(words(12), 20)).toEqual([words(4), words(4), words(4)])
  })

  it('relay:TG10 cuts inside a word only when there is no other place', () => {
    expect(split('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij'])
    expect(split(`ab ${'x'.repeat(10)}`, 8)).toEqual(['ab', 'xxxxxxxx', 'xx'])
    expect(split('😀😀😀', 5)).toEqual(['😀😀', '😀'])
  })

  it('relay:TG10 tags open at a cut are closed and opened again, and count', () => {
    expect(split([plain('a '), { text: 'bcd efg', tags: [bold] }], 12)).toEqual(['a <b>bcd</b>', '<b>efg</b>'])
    const lines = Array(20).fill('    deep()').join('\n')
    const parts = split([plain('before\n\n'), { text: lines, tags: [bold, code] }, plain('\n\nafter')], 80)
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(80)
    for (const part of parts.slice(1, -1)) expect(part).toMatch(/^<b>```js\n {4}deep\(\)[\s\S]*\n```<\/b>$/)
    expect(parts.join().match(/ {4}deep\(\)/g)).toHaveLength(20)
  })

  it('relay:TG10 what stands before each line of a quote counts, and is written again after a cut', () => {
    const quote: Tag = { kind: 'quote', open: '> ', close: '', line: '> ' }
    expect(split([plain('so:\n'), { text: 'one\ntwo', tags: [quote] }], 40)).toEqual(['so:\n> one\n> two'])
    const lines = Array(30).fill('said').join('\n')
    const parts = split([{ text: lines, tags: [quote] }], 50)
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(50)
      expect(part).toMatch(/^> said(\n> said)*$/)
    }
    expect(parts.join().match(/said/g)).toHaveLength(30)
  })

  it('relay:TG10 nothing is lost but the white space of the cuts, no pair is cut, every part fits', () => {
    const text = fc
      .array(fc.constantFrom('a', 'word ', '\n', '\n\n', '😀', ' ', '👩‍👩‍👧', 'ü'.repeat(30)), { maxLength: 60 })
      .map((pieces) => pieces.join(''))
    const quote: Tag = { kind: 'quote', open: '> ', close: '', line: '> ' }
    const run = fc.record({ text, tags: fc.subarray([quote, bold, code]) })
    fc.assert(
      fc.property(fc.array(run, { maxLength: 6 }), fc.integer({ min: 40, max: 120 }), (runs, limit) => {
        const parts = splitRuns(runs, { limit, encode: asIs })
        for (const part of parts) {
          const rendered = renderRuns(part, asIs)
          expect(rendered.length).toBeLessThanOrEqual(limit)
          expect(rendered.isWellFormed()).toBe(true)
          expect(textOf(part).trim()).not.toBe('')
        }
        const letters = (value: string) => value.replace(/\s/g, '')
        expect(letters(parts.map(textOf).join(''))).toBe(letters(textOf(runs)))
      }),
      { numRuns: 500 },
    )
  })
})
