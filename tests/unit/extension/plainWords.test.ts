import fc from 'fast-check'
import { Marked } from 'marked'
import { describe, expect, it } from 'vitest'
import { plainWords } from '../../../lib/inbox/plainWords.ts'

const plain = (text: string) => plainWords(text, 200)

describe('a message in plain words', () => {
  it.each([
    ['**bold** and *slanted* and ~~gone~~', 'bold and slanted and gone'],
    ['***both*** __bold__ _slanted_', 'both bold slanted'],
    ['**bold with *slanted* inside**', 'bold with slanted inside'],
    ['~~**a**~~', 'a'],
    ['# Heading\n\ntext', 'Heading text'],
    ['> quoted\n> > deeper', 'quoted deeper'],
    ['- one\n- two\n  * three', 'one two three'],
    ['1. first\n2. second', '1. first 2. second'],
    ['- [ ] open\n- [x] done', '☐ open ☑ done'],
    ['[the docs](https://a.test/b_c) are here', 'the docs are here'],
    ['![a cat](https://a.test/cat.png)', 'a cat'],
    ['![](https://a.test/cat.png)', 'https://a.test/cat.png'],
    ['[![a cat](cat.png)](https://a.test)', 'a cat'],
    ['[wiki](https://a.test/x_(y)_z "title")', 'wiki'],
    ['see <https://a.test/x>', 'see https://a.test/x'],
    ['run `npm *test*` now', 'run npm *test* now'],
    ['```js\nconst a = b * c\n```\nand after', 'const a = b * c and after'],
    ['before\n~~~\n# not a heading\n~~~', 'before # not a heading'],
    ['| a | b |\n|---|:-:|\n| 1 | 2 |', 'a b 1 2'],
    ['above\n\n---\n\nbelow', 'above below'],
    ['\\*not slanted\\*', '*not slanted*'],
    ['fish &amp; chips &lt;3', 'fish & chips <3'],
    ['  many\n\n   gaps\t here ', 'many gaps here'],
  ])('client:INB1, INB3 %j reads %j', (text, words) => {
    expect(plain(text)).toBe(words)
  })

  it.each([
    'snake_case_name',
    '5 * 3 * 2',
    '2**8',
    'a < b > c',
    '<b>no html</b>',
    'C:\\temp\\new',
    '[sic]',
    '#hashtag',
    '-5 degrees',
    'x_1 and y_2',
    '* alone',
  ])('client:INB1 %j has nothing to take away', (text) => {
    expect(plain(text)).toBe(text.replace(/^\* /, ''))
  })

  it('client:INB1 words marked up at random stay themselves, as a reader of Markdown shows them', () => {
    const marked = new Marked({ gfm: true, breaks: true })
    const word = fc.stringMatching(/^[A-Za-z]{1,8}$/)
    const marks = fc.constantFrom(
      (text: string) => text,
      (text: string) => `**${text}**`,
      (text: string) => `*${text}*`,
      (text: string) => `_${text}_`,
      (text: string) => `~~${text}~~`,
      (text: string) => `\`${text}\``,
      (text: string) => `[${text}](https://a.test/p_q)`,
      (text: string) => `***${text}***`,
    )
    const lines = fc.constantFrom('', '# ', '> ', '- ', '* ', '2. ', '## ')
    const line = fc
      .tuple(lines, fc.array(fc.tuple(word, marks), { minLength: 1, maxLength: 5 }))
      .map(([start, words]) => start + words.map(([text, mark]) => mark(text)).join(' '))
    const rendered = (text: string) =>
      marked
        .parse(text, { async: false })
        .replace(/<li>/g, ' ')
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim()
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (all) => {
        const text = all.join('\n\n')
        // A list's numbers stand in its markers, which are no text there.
        expect(plainWords(text, 1_000).replace(/\b\d+\. /g, '')).toBe(rendered(text))
      }),
      { numRuns: 500 },
    )
  })

  it('client:ARC5 hostile texts are cut short, never within a character', () => {
    const hostile = ['*', '**a', '[', '[](', '_a ', '`', '> ', '|-', '~~a', '- - ', '![', '<https://'].map((piece) =>
      piece.repeat(50_000),
    )
    for (const text of hostile) expect(plain(text).length).toBeLessThanOrEqual(200)
    expect(plainWords(`${'a'.repeat(199)}😀`, 200)).toBe('a'.repeat(199))
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => plain(text).length <= 200))
  })
})
