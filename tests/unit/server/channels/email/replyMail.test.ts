import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { mailHtml } from '../../../../../server/channels/email/mailHtml.ts'
import type { OutgoingMail } from '../../../../../server/channels/email/outgoingMail.ts'
import { answerSubject, replyMail, replyMessageId } from '../../../../../server/channels/email/replyMail.ts'
import { growth, SQUARE } from '../../../../support/growth.ts'
import { INBOX } from './setup.ts'

const origin = (metadata: Record<string, unknown>) => ({
  messageId: 'm1',
  target: 'ada@example.com',
  from: 'ada@example.com',
  metadata,
})
const made = (given: { metadata?: Record<string, unknown>; content?: string; replyMetadata?: Record<string, unknown> } = {}) =>
  replyMail({
    reply: { responseId: 'resp-1', content: given.content ?? 'Fine', metadata: given.replyMetadata ?? {} },
    from: INBOX,
    to: 'ada@example.com',
    origin: given.metadata && origin(given.metadata),
    files: [],
  })

describe('replies as mails', () => {
  it('relay:EML12 a reply joins the conversation of the mail it answers', () => {
    const mail = made({ metadata: { subject: 'Hello', emailMessageId: '<b@x>', references: ['<a@x>'] } })
    expect(mail).toMatchObject({ from: INBOX, to: ['ada@example.com'], subject: 'Re: Hello', text: 'Fine' })
    expect(mail.headers).toEqual({
      'Message-ID': replyMessageId('resp-1', INBOX),
      'In-Reply-To': '<b@x>',
      References: '<a@x> <b@x>',
      'Auto-Submitted': 'auto-replied',
    })
  })

  it.each([
    ['Hello', 'Re: Hello'],
    ['Re: Hello', 'Re: Hello'],
    ['RE: re:Re[2]: Hello', 'Re: Hello'],
    ['Regards', 'Re: Regards'],
    ['', 'Re: your message'],
    ['Re:', 'Re: your message'],
    ['a\r\nBcc: eve@x.org', 'Re: a Bcc: eve@x.org'],
  ])('relay:EML12 %j is answered as %j', (subject, answer) => expect(answerSubject(subject)).toBe(answer))

  it('relay:REP9 the Message-ID is the same for every attempt and tells nothing about the reply', () => {
    expect(replyMessageId('resp-1', INBOX)).toBe(replyMessageId('resp-1', INBOX))
    expect(replyMessageId('resp-1', INBOX)).toMatch(/^<[0-9a-f]{32}@mail\.example\.org>$/)
    expect(replyMessageId('resp-2', INBOX)).not.toBe(replyMessageId('resp-1', INBOX))
  })

  it('relay:EML12 of 1,000 hostile subjects and ids none adds a header or a recipient', async () => {
    const nasty = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '\r\nBcc: eve@x.org',
        '\nCc: eve@x.org\n\nbody',
        '\rTo: eve@x.org',
        '\u2028Bcc: eve@x.org',
        '\0',
        '<a@x>\r\nBcc: <e@x>',
      ),
    )
    const text = fc.array(nasty, { maxLength: 4 }).map((parts) => parts.join(''))
    const hostile = fc.record({ subject: text, emailMessageId: text, references: fc.array(text, { maxLength: 3 }) })
    const expected = ['auto-submitted', 'from', 'in-reply-to', 'message-id', 'references', 'subject', 'to']
    await fc.assert(
      fc.asyncProperty(hostile, async (metadata) => {
        const mail = made({ metadata, content: '' })
        const raw = rawMail(mail)
        const parsed = await PostalMime.parse(raw)
        const names = parsed.headers.map(({ key }) => key).sort()
        expect(expected).toEqual(expect.arrayContaining(names))
        expect(new Set(names).size).toBe(names.length)
        expect(parsed.to?.map(({ address }) => address)).toEqual(['ada@example.com'])
        expect(parsed.cc ?? parsed.bcc).toBeUndefined()
        expect(mail.subject).not.toMatch(/[\r\n]/)
      }),
      { numRuns: 1000 },
    )
  })

  it('relay:EML12 file names and types are folded to what a header may hold', () => {
    const bytes = Buffer.from('x')
    const { attachments } = replyMail({
      reply: { responseId: 'r', content: '', metadata: {} },
      from: INBOX,
      to: 'ada@example.com',
      origin: undefined,
      files: [{ filename: '../a\r\nX: y.txt', mimeType: 'text/plain\r\nX: y', bytes }],
    })
    expect(attachments).toEqual([{ filename: 'aX: y.txt', content: 'eA==', content_type: 'application/octet-stream' }])
  })

  it('relay:EML12 without the answered mail a reply still goes out, outside any thread', () => {
    const mail = made()
    expect(mail.subject).toBe('Re: your message')
    expect(Object.keys(mail.headers ?? {})).toEqual(['Message-ID', 'Auto-Submitted'])
    expect(made({ replyMetadata: { format: 'plain' } })).not.toHaveProperty('html')
  })
})

describe('the HTML part', () => {
  const body = (text: string) => /<body[^>]*>([\s\S]*)<\/body>/.exec(mailHtml(text))?.[1]?.trim()

  it('relay:EML12 Markdown is rendered', () => {
    expect(body('**a** _b_ [c](https://e.com/?x=1&y=2)')).toBe(
      '<p><strong>a</strong> <em>b</em> <a href="https://e.com/?x=1&amp;y=2">c</a></p>',
    )
    expect(body('- a\n- [x] b')).toContain('<li>')
    expect(body('one\ntwo')).toBe('<p>one<br>two</p>')
  })

  it('relay:SAN4 what is no markup stays readable as written', () => {
    expect(body('a<b and c>d & &lt;e')).toBe('<p>a&lt;b and c&gt;d &amp; &amp;lt;e</p>')
  })

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<pre><img src=x onerror=alert(1)></pre>',
    '[a](javascript:alert(1))',
    '[a](data:text/html,<script>)',
    '![p](https://tracker.example/p.png)',
    '![p](javascript:alert(1))',
    '<a href="javascript:alert(1)">x</a>',
    '[a](https://e.com/"onmouseover=alert(1))',
    '[a](<https://e.com/" onmouseover="alert(1)>)',
    '[a](https://e.com "title\\" onmouseover=alert(1)")',
    '```html" onload="x\n<b>\n```',
    '<https://e.com/"onload=x>',
    '| <b>a</b> | `<i>` |\n|---|---|\n| <img src=x> | ![](x) |',
    '<svg><style><img src=x onerror=alert(1)></style></svg>',
    '&lt;img src=x onerror=alert(1)&gt;',
    `${'>'.repeat(1000)} <img src=x>`,
  ])('relay:EML12 %j brings no script, no picture, no handler', (text) => {
    const html = mailHtml(text)
    const tags = html.match(/<[^>]*>/g) ?? []
    const allowed =
      /^<(?:!doctype html|\/?(?:html|p|strong|em|del|code|pre|ul|ol|li|br|hr|h[1-6]|table|thead|tbody|tr|blockquote|body|th|td)(?: style="[^"<>]*")?\/?|\/a|a href="(?:https?:\/\/|mailto:)[^"<>]*")>$/
    for (const tag of tags) expect(tag).toMatch(allowed)
    expect(html).not.toMatch(/<img|<script|<svg|<style/i)
  })

  it.each(['[', '*a', '![](', '`', '> ', '||', '<a ', '\\[', '- ', '|a'])(
    'relay:EML12 the time for %j grows with its length, not with its square',
    (seed) => {
      expect(growth((length) => mailHtml(seed.repeat(Math.floor(length / seed.length))), 16_384)).toBeLessThan(SQUARE)
    },
  )
})

/** A mail written down without any care: what a careless provider would send. */
function rawMail({ from, to, subject, text, headers = {} }: OutgoingMail): string {
  const lines = Object.entries({ From: from, To: to.join(', '), Subject: subject, ...headers })
  return `${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${text}`
}
