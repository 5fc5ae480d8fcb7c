import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitMarkdown } from '../../../../server/channels/markdown/splitMarkdown.ts'

const words = (count: number, word = 'word') => Array(count).fill(word).join(' ')
const fences = (text: string) => text.match(/^(```|~~~)/gm)?.length ?? 0

describe('splitting text for platforms that read Markdown', () => {
  it('relay:DC8 what fits stays one part, untouched', () => {
    for (const text of ['hello', 'a\n\nb', '```js\n1\n```', 'x'.repeat(2000)]) expect(splitMarkdown(text, 2000)).toEqual([text])
  })

  it('relay:DC8 cuts at a paragraph rather than a line, at a line rather than a space', () => {
    const paragraph = words(12)
    expect(splitMarkdown(`${paragraph}\n\n${paragraph}\nmore\n\n${paragraph}`, 110)).toEqual([
      paragraph,
      `${paragraph}\nmore`,
      paragraph,
    ])
    expect(splitMarkdown(`${words(10)}\n${words(6)} ${words(4)}`, 60)).toEqual([words(10), `${words(6)} ${words(4)}`])
    expect(splitMarkdown(words(12), 20)).toEqual([words(4), words(4), words(4)])
  })

  it('relay:DC8 cuts inside a word only when there is no other place', () => {
    expect(splitMarkdown('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij'])
    expect(splitMarkdown(`ab ${'x'.repeat(10)}`, 8)).toEqual(['ab', 'xxxxxxxx', 'xx'])
  })

  it('relay:DC8 a code block open at a cut is closed and opened again with its language', () => {
    const line = 'console.log(1)'
    const parts = splitMarkdown(`before\n\n\`\`\`js\n${Array(20).fill(line).join('\n')}\n\`\`\`\n\nafter`, 120)
    expect(parts.length).toBeGreaterThan(2)
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(120)
      expect(fences(part) % 2).toBe(0)
    }
    expect(parts[1]).toMatch(/^```js\nconsole/)
    expect(parts.join('\n').match(/console\.log\(1\)/g)).toHaveLength(20)
    expect(parts.at(-1)).toContain('after')
  })

  it('relay:DC8 indentation survives a cut inside code', () => {
    const parts = splitMarkdown(`\`\`\`py\n${Array(10).fill('    deep()').join('\n')}\n\`\`\``, 50)
    for (const part of parts) for (const line of part.split('\n').slice(1, -1)) expect(line).toBe('    deep()')
  })

  it('relay:DC8 nothing is lost but the white space of the cuts, no pair is cut, every part fits', () => {
    const piece = fc.constantFrom(
      'a',
      'word ',
      '\n',
      '\n\n',
      '😀',
      '`',
      '```\n',
      '\n```js\n',
      '~~~\n',
      ' ',
      '👩‍👩‍👧',
      '&',
      'ü'.repeat(30),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 120 }), fc.integer({ min: 40, max: 120 }), (pieces, limit) => {
        const text = pieces.join('')
        const parts = splitMarkdown(text, limit)
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(limit)
          expect(part.isWellFormed()).toBe(true)
          expect(part.trim()).not.toBe('')
        }
        const letters = (value: string) => value.replace(/[\s`~]|^js$/gm, '').replaceAll('js', '')
        expect(letters(parts.join(''))).toBe(letters(text))
      }),
      { numRuns: 500 },
    )
  })

  it('relay:DC8 a text of any shape is cut in time that grows with its length', () => {
    const started = performance.now()
    for (const piece of ['\n', ' ', 'a', '```\n', '😀']) splitMarkdown(piece.repeat(65_536 / piece.length), 2000)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
