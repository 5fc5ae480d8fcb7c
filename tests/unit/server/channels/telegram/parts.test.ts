import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainPart, telegramParts } from '../../../../../server/channels/telegram/parts.ts'
import type { ReplyRecord } from '../../../../../server/store/port.ts'
import { parseHtml } from '../../../../fakes/telegram/html.ts'
import { growth, SQUARE } from '../../../../support/growth.ts'

function reply(content: string, given: Partial<ReplyRecord> = {}): ReplyRecord {
  return {
    responseId: 'r1',
    userId: 'u1',
    channelId: 'c1',
    channelType: 'telegram',
    content,
    metadata: {},
    attachments: [],
    target: '77',
    state: 'queued',
    attempts: 0,
    partsSent: 0,
    createdAt: 0,
    updatedAt: 0,
    dueAt: 0,
    ...given,
  }
}
const texts = (content: string, given?: Partial<ReplyRecord>) =>
  telegramParts(reply(content, given)).flatMap((part) => (part.kind === 'text' ? [part.text] : []))
const html = (content: string) => texts(content).join('⏎')

describe('replies as Telegram HTML', () => {
  it('relay:TG9 Markdown becomes the tags Telegram knows', () => {
    expect(html('**bold** *it* ***both*** ~~no~~ `a<b` ||boo||')).toBe(
      '<b>bold</b> <i>it</i> <i><b>both</b></i> <s>no</s> <code>a&lt;b</code> <tg-spoiler>boo</tg-spoiler>',
    )
    expect(html('# Title\ntext')).toBe('<b>Title</b>\n\ntext')
    expect(html('> quoted\n> **more**\n\nfree')).toBe('<blockquote>quoted\n<b>more</b></blockquote>\n\nfree')
    expect(html('```js\nif (a < b) {}\n```')).toBe('<pre><code class="language-js">if (a &lt; b) {}</code></pre>')
    expect(html('- a\n- b\n  1. c\n  2. d\n- [x] done')).toBe('• a\n• b\n  1. c\n  2. d\n• ☑ done')
    expect(html('| a | b |\n|---|---|\n| 1 | 2 |')).toBe('<pre>| a | b |\n|---|---|\n| 1 | 2 |</pre>')
  })

  it('relay:TG9 links lead where they say, and only where Telegram can lead', () => {
    expect(html('[here](https://x.example/?a=1&b="2")')).toBe('<a href="https://x.example/?a=1&amp;b=&quot;2&quot;">here</a>')
    expect(html('see https://x.example/a_b_c and <ada@x.example>')).toBe('see https://x.example/a_b_c and ada@x.example')
    expect(html('[evil](javascript:alert(1)) [rel](docs/a.md)')).toBe('evil (javascript:alert(1)) rel (docs/a.md)')
    expect(html('![cat](https://x.example/cat.png)')).toBe('<a href="https://x.example/cat.png">cat</a>')
    expect(html(`[long](https://x.example/${'a'.repeat(5000)})`)).not.toContain('<a')
  })

  it('relay:SAN4, TG9 what is no Markdown stays readable as written', () => {
    for (const text of [
      'a<b and c>d',
      '<b>not bold</b>',
      '5 * 3 * 2 = 30 & 1 < 2 > 0',
      'snake_case_name and __init__ in prose',
      'if (a || b || c) x||y||z',
      '<script>alert(1)</script>',
      '<!-- a comment -->',
      '&amp; &lt;',
      'C:\\Users\\ada',
      'line one\nline two',
      '[x]: https://x.example',
      '@ada #tag /command $5',
      '>'.repeat(3000),
      '   ',
    ]) {
      const read = texts(text).map((part) => parseHtml(part).text)
      const expected = text === 'snake_case_name and __init__ in prose' ? 'snake_case_name and init in prose' : text
      expect(read.join('')).toBe(expected)
    }
  })

  it('relay:TG9 format plain sends the text as it is', () => {
    expect(texts('**not bold** <b>', { metadata: { format: 'plain' } })).toEqual(['**not bold** <b>'])
  })

  it('relay:TG9 the plain version of a part has its words, and where links lead', () => {
    const content = 'a **bold** [word](https://x.example/) & <tag>'
    expect(plainPart(reply(content), 0)).toBe('a bold word (https://x.example/) & <tag>')
  })

  it('relay:TG10 code open at a cut is closed and opened again', () => {
    const parts = texts(`\`\`\`py\n${Array(400).fill('    print("<&>")').join('\n')}\n\`\`\``)
    expect(parts.length).toBeGreaterThan(2)
    for (const part of parts) {
      expect(part).toMatch(/^<pre><code class="language-py"> {4}print/)
      expect(part).toMatch(/<\/code><\/pre>$/)
    }
    expect(parts.map((part) => parseHtml(part).text).join('\n')).toBe(Array(400).fill('    print("<&>")').join('\n'))
  })

  it('relay:TG10 bold over many paragraphs is bold in every part', () => {
    const parts = texts(`**${Array(200).fill('some words of a very long bold text').join('\n')}**`)
    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts) expect(part).toMatch(/^<b>[^<]+<\/b>$/)
  })

  it('relay:TG10 every part of any text is HTML Telegram takes, at most 4096 units, without a cut pair, and nothing is lost', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '**',
        '*',
        '_',
        '`',
        '```\n',
        '\n```js\n',
        '~~',
        '||',
        '> ',
        '- ',
        '1. ',
        '# ',
        '[',
        '](https://x.example/a&b) ',
        '![',
        '\n',
        '\n\n',
        '  ',
        '<b>',
        '&',
        '<',
        '\\',
        '|',
        '😀',
      ),
      fc.string({ maxLength: 20 }),
      fc.constantFrom('lorem ipsum dolor '.repeat(120), '😀'.repeat(700), '&'.repeat(900), 'x'.repeat(3000)),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const content = pieces.join('')
        telegramParts(reply(content)).forEach((part, index) => {
          if (part.kind !== 'text') return
          expect(part.text.length).toBeLessThanOrEqual(4096)
          expect(part.text.isWellFormed() || !content.isWellFormed()).toBe(true)
          parseHtml(part.text)
          expect(plainPart(reply(content), index).length).toBeLessThanOrEqual(4096)
        })
        // Words without any markup character are all there.
        const words = content.match(/lorem|ipsum|dolor/g)?.length ?? 0
        const read = texts(content)
          .map((part) => parseHtml(part).text)
          .join(' ')
        expect(read.match(/lorem|ipsum|dolor/g)?.length ?? 0).toBe(words)
      }),
      { numRuns: 400 },
    )
  })

  it('relay:REP9 the same reply always gives the same parts, files after texts', () => {
    const attachments = [0, 1].map((at) => ({
      id: `a${at}`,
      filename: 'f',
      mimeType: 'text/plain',
      size: 1,
      kind: 'file' as const,
    }))
    const one = reply('word '.repeat(2000), { attachments })
    const parts = telegramParts(one)
    expect(telegramParts(one)).toEqual(parts)
    expect(parts.map(({ index }) => index)).toEqual(parts.map((_, index) => index))
    expect(parts.map(({ kind }) => kind)).toEqual(['text', 'text', 'text', 'file', 'file'])
    expect(telegramParts(reply('', { attachments })).map(({ kind }) => kind)).toEqual(['file', 'file'])
  })

  it('relay:TG9, REP2 the time to cut a reply of the worst shape grows with its length, not with its square', () => {
    for (const piece of [
      '>',
      '> ',
      '- ',
      '[',
      '*',
      '*a',
      '**a *b ',
      '_a ',
      '`',
      '<',
      '<a ',
      '<!--',
      '[a](',
      '![',
      '~~a',
      'a@',
      'a.',
      'http://',
      '|a',
      '\n',
      '\\',
      '&a',
      '*_',
      '***a ',
      '[a][b]',
      'a\n=\n',
      '||a',
    ]) {
      expect(
        growth((length) => telegramParts(reply(piece.repeat(Math.floor(length / piece.length)))), 16_384),
        piece,
      ).toBeLessThan(SQUARE)
    }
  })
})
