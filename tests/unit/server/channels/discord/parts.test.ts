import { parse } from 'discord-markdown-parser'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { discordParts } from '../../../../../server/channels/discord/parts.ts'
import type { ReplyRecord } from '../../../../../server/store/port.ts'
import { growth, SQUARE } from '../../../../support/growth.ts'

function reply(content: string, given: Partial<ReplyRecord> = {}): ReplyRecord {
  return {
    responseId: 'r1',
    userId: 'u1',
    channelId: 'c1',
    channelType: 'discord',
    content,
    metadata: {},
    attachments: [],
    state: 'queued',
    attempts: 0,
    partsSent: 0,
    createdAt: 0,
    updatedAt: 0,
    dueAt: 0,
    ...given,
  }
}

const texts = (content: string, metadata: ReplyRecord['metadata'] = {}) =>
  discordParts(reply(content, { metadata })).map((part) => (part.kind === 'text' ? part.text : ''))

/** An emoji has a name instead of content. */
type Node = { type: string; content?: string | Node[]; name?: string }

/** What a reader sees of a message: a parser of Discord's Markdown that is not ours. */
function shown(text: string): string {
  return plain(parse(text, 'normal') as Node[])
}

function plain(nodes: Node[]): string {
  return nodes
    .map(({ type, name = '', content = name }) => (type === 'br' ? '\n' : typeof content === 'string' ? content : plain(content)))
    .join('')
}

const UNMARKED = new Set(['text', 'br', 'twemoji'])

/** Kinds of markup a reader sees, from the outside in, with what is in them. */
function kinds(text: string): [string, string][] {
  const walk = (nodes: Node[]): [string, string][] =>
    nodes.flatMap((node) => {
      const inside = typeof node.content === 'string' ? [] : walk(node.content ?? [])
      return UNMARKED.has(node.type) ? inside : [[node.type, plain([node]).trim()] as [string, string], ...inside]
    })
  return walk(parse(text, 'normal') as Node[])
}

describe('a reply in Discord’s Markdown', () => {
  it.each([
    [
      '**bold** and *italic*',
      [
        ['strong', 'bold'],
        ['em', 'italic'],
      ],
    ],
    [
      '***both***',
      [
        ['em', 'both'],
        ['strong', 'both'],
      ],
    ],
    [
      '~~gone~~ ||hidden||',
      [
        ['strikethrough', 'gone'],
        ['spoiler', 'hidden'],
      ],
    ],
    ['# Title', [['strong', 'Title']]],
    ['run `npm test`', [['inlineCode', 'npm test']]],
    ['```js\nconst a = 1\n```', [['codeBlock', 'const a = 1']]],
    ['> quoted\n> twice', [['blockQuote', 'quoted\ntwice']]],
  ])('relay:DC8 %j is shown as meant', (content, expected) => {
    expect(texts(content)).toHaveLength(1)
    expect(kinds(texts(content)[0] ?? '')).toEqual(expected)
  })

  it('relay:DC8 lists, tables, rules and links are readable', () => {
    expect(texts('- one\n- two\n  1. deep')).toEqual(['• one\n• two\n  1. deep'])
    expect(texts('|a|b|\n|-|-|\n|1|2|')).toEqual(['```\n|a|b|\n|-|-|\n|1|2|\n```'])
    expect(texts('a\n\n---\n\nb')).toEqual(['a\n\n———\n\nb'])
    expect(texts('[here](https://example.org/a_b?c=(d))')).toEqual(['[here](https://example.org/a_b?c=%28d%29)'])
    expect(texts('[here](javascript:alert(1))')).toEqual(['here (javascript:alert(1))'])
    expect(texts('https://example.org/a_b_c*d')).toEqual(['https://example.org/a_b_c*d'])
  })

  it.each([
    'a<b and c>d',
    '2 * 3 * 4 = 24',
    'snake_case_name and __init__',
    '\\*not bold\\*',
    '5 > 3',
    '\\> no quote',
    '\\# no title',
    '\\- no list',
    'C:\\temp\\*.*',
    '~ about ~~',
    '| a || b |',
    'a \\[link\\](https://example.org) or not',
    '<script>alert(1)</script>',
    '# not\\*a\\*title'.slice(2),
    '`` a ` b ``',
    '****',
    '...',
  ])('relay:SAN4 %j reaches the reader as written', (content) => {
    const [text = ''] = texts(content, { format: 'plain' })
    expect(shown(text).trimEnd()).toBe(content.trimEnd())
    expect(kinds(text).filter(([type]) => type !== 'url')).toEqual([])
  })

  it('relay:SAN4, DC8 any plain text is shown as written, in parts that fit', () => {
    const piece = fc.constantFrom(
      '*',
      '_',
      '~',
      '`',
      '|',
      '>',
      '#',
      '-',
      '\\',
      '[',
      ']',
      '(',
      ')',
      '<',
      '@',
      ' ',
      '\n',
      'a',
      'B',
      '7',
      'ä',
      '😀',
      '- ',
      '> ',
      '# ',
      '**',
      '__',
      '```',
      '||',
      '~~',
    )
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 60 }), (pieces) => {
        const content = `x${pieces.join('')}`
        const parts = texts(content, { format: 'plain' })
        expect(parts).toHaveLength(1)
        // White space at the ends of lines is not what this is about.
        const lines = (text: string) =>
          text
            .replace(/[ \t]+/g, ' ')
            .replace(/ ?\n ?/g, '\n')
            .trim()
        expect(lines(shown(parts[0] ?? ''))).toBe(lines(content))
      }),
      { numRuns: 2_000, seed: 12 },
    )
  })

  it('relay:DC8 code is shown to the letter, whatever it holds', () => {
    expect(shown(texts('`a*b_c`')[0] ?? '')).toBe('a*b_c')
    expect(shown(texts('``a`b``')[0] ?? '').trim()).toBe('a`b')
    const fenced = shown(texts('````md\n```js\n*x* _y_ `z`\n```\n````')[0] ?? '')
    expect(fenced.replaceAll('\u200b', '')).toBe('```js\n*x* _y_ `z`\n```')
    expect(kinds(texts('> ```js\n> a\n> b\n> ```\n\nafter')[0] ?? '')).toEqual([
      ['blockQuote', 'a\nb'],
      ['codeBlock', 'a\nb'],
    ])
  })

  it('relay:DC8 parts are at most 2,000 characters, cut at paragraphs, lines or spaces; code goes on as code', () => {
    const paragraph = `${'word '.repeat(150).trim()}.`
    const long = [paragraph, paragraph, `\`\`\`js\n${'const a = 1\n'.repeat(400)}\`\`\``, paragraph].join('\n\n')
    const parts = texts(long)
    expect(parts.length).toBeGreaterThan(3)
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(2_000)
    expect(parts[0]).toBe(`${paragraph}\n\n${paragraph}`)
    const code = parts.filter((part) => part.startsWith('```js\n'))
    expect(code.length).toBeGreaterThan(2)
    for (const part of code) expect((part.match(/```/g) ?? []).length % 2).toBe(0)
    expect(
      parts
        .map(shown)
        .join('')
        .match(/const a = 1/g),
    ).toHaveLength(400)
  })

  it('relay:DC8 a text without a space is cut between characters, never inside of one or of an escape', () => {
    const parts = texts('😀*'.repeat(1_500), { format: 'plain' })
    expect(parts.map(shown).join('')).toBe('😀*'.repeat(1_500))
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(2_000)
      expect(part.isWellFormed()).toBe(true)
    }
  })

  it('relay:REP9 files are parts behind the text; the same reply gives the same parts', () => {
    const file = { id: 'f', filename: 'a', mimeType: 'text/plain', size: 1, kind: 'file' as const }
    const record = reply('text', { attachments: [file, file] })
    expect(discordParts(record)).toEqual([
      { kind: 'text', text: 'text', index: 0 },
      { kind: 'file', file: 0, index: 1 },
      { kind: 'file', file: 1, index: 2 },
    ])
    expect(discordParts(record)).toEqual(discordParts(record))
    expect(discordParts(reply('', { attachments: [file] }))).toEqual([{ kind: 'file', file: 0, index: 0 }])
    expect(discordParts(reply(' '))).toEqual([{ kind: 'text', text: ' ', index: 0 }])
  })

  it('relay:DC8 the time to cut a text grows with its length, not with its square', () => {
    const cut = (text: string) => {
      for (const metadata of [{}, { format: 'plain' }]) discordParts(reply(text, { metadata }))
    }
    for (const piece of ['*', ' ', '[', '> ', '_a', 'https://a* ', '`', '`a` ', '\n# ', '- ', 'a](', '\t']) {
      expect(
        growth((length) => cut(piece.repeat(Math.floor(length / piece.length))), 16_384),
        piece,
      ).toBeLessThan(SQUARE)
    }
  })
})
