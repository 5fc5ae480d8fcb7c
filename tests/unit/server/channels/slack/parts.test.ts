import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slackParts } from '../../../../../server/channels/slack/parts.ts'
import type { ReplyRecord } from '../../../../../server/store/port.ts'
import { readMrkdwn } from '../../../../fakes/slack/mrkdwn.ts'

function reply(content: string, given: Partial<ReplyRecord> = {}): ReplyRecord {
  return {
    responseId: 'r1',
    userId: 'u1',
    channelId: 'c1',
    channelType: 'slack',
    content,
    metadata: {},
    attachments: [],
    target: 'D1',
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
  slackParts(reply(content, given)).flatMap((part) => (part.kind === 'text' ? [part.text] : []))
const mrkdwn = (content: string) => texts(content).join('⏎')

describe('replies as mrkdwn', () => {
  it('relay:SL5 Markdown becomes the marks Slack knows', () => {
    expect(mrkdwn('**bold** *it* ***both*** ~~no~~ `a<b` ||boo||')).toBe('*bold* _it_ _*both*_ ~no~ `a&lt;b` ||boo||')
    expect(mrkdwn('# Title\ntext')).toBe('*Title*\n\ntext')
    expect(mrkdwn('> quoted\n> **more**\n\nfree')).toBe('> quoted\n> *more*\n\nfree')
    expect(mrkdwn('```js\nif (a < b) {}\n```')).toBe('```\nif (a &lt; b) {}\n```')
    expect(mrkdwn('> ```\n> code\n> ```')).toBe('```\ncode\n```')
    expect(mrkdwn('- a\n- b\n  1. c\n  2. d\n- [x] done')).toBe('• a\n• b\n  1. c\n  2. d\n• ☑ done')
    expect(mrkdwn('| a | b |\n|---|---|\n| 1 | 2 |')).toBe('```\n| a | b |\n|---|---|\n| 1 | 2 |\n```')
  })

  it('relay:SL5 links lead where they say, and only where Slack can lead; nothing inside breaks out of one', () => {
    expect(mrkdwn('[here](https://x.example/?a=1&b=<2>)')).toBe('<https://x.example/?a=1&amp;b=&lt;2&gt;|here>')
    expect(mrkdwn('[a|b](https://x.example/a|b) **[c](https://x.example/c)**')).toBe(
      '<https://x.example/a%7Cb|a|b> *<https://x.example/c|c>*',
    )
    expect(mrkdwn('[all **of** it](https://x.example/)')).toBe('<https://x.example/|all of it>')
    expect(mrkdwn('see https://x.example/a_b_c and <ada@x.example>')).toBe('see https://x.example/a_b_c and ada@x.example')
    expect(mrkdwn('[evil](javascript:alert(1)) [rel](docs/a.md)')).toBe('evil (javascript:alert(1)) rel (docs/a.md)')
    expect(mrkdwn('[a](https://x.example) [b](https://x.example\\|!channel)')).not.toMatch(/<!/)
    expect(mrkdwn(`[long](https://x.example/${'a'.repeat(5000)})`)).not.toMatch(/<http/)
  })

  it('relay:SL5 emphasis ends with each line and keeps apart from the letters beside it', () => {
    expect(mrkdwn('**one\ntwo** three')).toBe('*one*\n*two* three')
    expect(mrkdwn('un**believ**able')).toBe('un\u200b*believ*\u200bable')
    expect(mrkdwn('**bold**, *it*!')).toBe('*bold*, _it_!')
    expect(mrkdwn('これは**太字**です')).toBe('これは\u200b*太字*\u200bです')
  })

  it('relay:SAN4 what is no Markdown stays readable as written, and commands nothing', () => {
    for (const text of [
      'a<b and c>d',
      '<b>not bold</b>',
      '5 * 3 * 2 = 30 & 1 < 2 > 0',
      '<!channel> <!here> <@U0ADA> <#C0ROOM> <!subteam^S1>',
      'if (a || b || c) x||y||z',
      '<script>alert(1)</script>',
      '&amp; &lt;',
      'C:\\Users\\ada',
      'line one\nline two',
      '@here @channel @ada #tag /command $5',
      '>'.repeat(1500),
      '   ',
    ]) {
      const read = texts(text).map(readMrkdwn)
      expect(read.map((part) => part.text).join('')).toBe(text)
      expect(read.flatMap(({ broadcasts }) => broadcasts)).toEqual([])
    }
  })

  it('relay:SL5 format plain sends the text as it is', () => {
    expect(texts('**not bold** <b>', { metadata: { format: 'plain' } })).toEqual(['**not bold** &lt;b&gt;'])
  })

  it('relay:SL5 no part of any text is over 4000 units, alerts anybody, or loses a letter', () => {
    const piece = fc.constantFrom(
      ...[
        'word ',
        '**bold** ',
        '`code` ',
        '\n',
        '\n\n',
        '> said\n',
        '- item\n',
        '```\ncode\n```\n',
        '😀',
        '<!channel> ',
        '&',
        '***',
      ],
      'x'.repeat(900),
      `[link](https://x.example/${'a'.repeat(300)}) `,
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 150, size: 'max' }), (pieces) => {
        const content = pieces.join('')
        const parts = texts(content)
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(4000)
          expect(part.isWellFormed()).toBe(true)
          expect(readMrkdwn(part).broadcasts).toEqual([])
        }
        const words = parts.join(' ')
        for (const word of ['word', 'bold', 'code', 'said', 'item', '😀'])
          expect(words.split(word).length, word).toBe(content.split(word).length)
      }),
      { numRuns: 200 },
    )
  })
})
