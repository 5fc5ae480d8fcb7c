import { describe, expect, it } from 'vitest'
import { toInbound } from '../../../../../server/channels/email/content.ts'
import { admit, closedReason } from '../../../../../server/channels/email/refusal.ts'
import { fromResend } from '../../../../../server/channels/email/resendMail.ts'
import type { ReceivedMail } from '../../../../../server/channels/email/resendModel.ts'
import type { ChannelRecord } from '../../../../../server/store/records.ts'
import { createFakeHost } from '../../../../fakes/channelHost.ts'
import { emailChannel, INBOX } from './setup.ts'

const mail = (given: Partial<ReceivedMail> = {}): ReceivedMail => ({
  id: 'mail-1',
  from: 'Ada <ada@example.com>',
  to: [INBOX],
  subject: 'Hello',
  text: 'Hi',
  html: null,
  message_id: '<m1@example.com>',
  headers: {},
  attachments: [],
  ...given,
})
const inbound = (given: Partial<ReceivedMail> = {}) => toInbound(fromResend(mail(given)), 'ada@example.com', INBOX)
const file = (n: number, given = {}) => ({ id: `f${n}`, filename: `f${n}.txt`, content_type: 'text/plain', size: 10, ...given })

describe('a mail as a message', () => {
  it('relay:EML11 the content is the subject, an empty line and the text', () => {
    expect(inbound().content).toBe('Subject: Hello\n\nHi')
    expect(inbound({ subject: 'a\r\nBcc: b' }).content).toBe('Subject: a Bcc: b\n\nHi')
    expect(inbound({ subject: null }).content).toBe('Subject: \n\nHi')
  })

  it('relay:SAN3 HTML becomes text only where there is no text part', () => {
    const html = '<head><title>x</title></head><p>One</p><script>alert(1)</script><a href="https://e.com">two</a>'
    expect(inbound({ html }).content).toBe('Subject: Hello\n\nHi')
    for (const text of [null, '', ' \n'])
      expect(inbound({ html, text }).content).toBe('Subject: Hello\n\nOne\n\ntwo (https://e.com)')
  })

  it('relay:CUR11 the metadata names sender, subject, address and thread', () => {
    expect(inbound().metadata).toEqual({
      senderAddress: 'ada@example.com',
      subject: 'Hello',
      toAddress: INBOX,
      threadId: '<m1@example.com>',
      isReply: false,
      emailMessageId: '<m1@example.com>',
      inReplyTo: '',
      references: [],
      auth: 'unknown',
    })
    const headers = { 'In-Reply-To': '<b@x>', References: '<a@x>\r\n <b@x>' }
    expect(inbound({ headers }).metadata).toMatchObject({
      threadId: '<a@x>',
      isReply: true,
      inReplyTo: '<b@x>',
      references: ['<a@x>', '<b@x>'],
    })
    expect(inbound({ headers: { 'in-reply-to': ['<b@x>'] } }).metadata).toMatchObject({ threadId: '<b@x>', isReply: true })
  })

  it('relay:DUR2 a mail is known by its Message-ID, else by the id the provider gave it', () => {
    expect(inbound().dedupKey).toBe('<m1@example.com>')
    expect(inbound({ message_id: 'm1@example.com' }).dedupKey).toBe('<m1@example.com>')
    expect(inbound({ message_id: null, headers: { 'MESSAGE-ID': '<h@x>' } }).dedupKey).toBe('<h@x>')
    expect(inbound({ message_id: null }).dedupKey).toBe('resend:mail-1')
    expect(inbound({ message_id: 'a\nb' }).dedupKey).toBe('resend:mail-1')
  })

  it('relay:ATT1 pictures of the layout do not push out what somebody attached', () => {
    const logo = { content_disposition: 'inline', content_id: 'logo' }
    const attachments = [file(1, logo), file(2, logo), file(3, logo), file(4)]
    expect(inbound({ attachments }).files?.map(({ filename }) => filename)).toEqual(['f4.txt', 'f1.txt', 'f2.txt', 'f3.txt'])
    expect(inbound({ attachments: [file(1, { filename: null })] }).files?.[0]?.filename).toBe('attachment-1')
  })

  it('relay:ATT3 the HTML is the last file, marked as what it is', () => {
    const { files = [] } = inbound({ html: '<p>é</p>', attachments: [file(1)] })
    expect(files).toHaveLength(2)
    expect(files[1]).toEqual({ filename: 'message.html', mimeType: 'text/html', role: 'html', bytes: Buffer.from('<p>é</p>') })
  })

  it('relay:EML12 a conversation of a thousand mails keeps its first and the newest', () => {
    const ids = Array.from({ length: 1000 }, (_, n) => `<${n}@x>`)
    const references = inbound({ headers: { references: ids.join(' ') } }).metadata.references as string[]
    expect(references).toHaveLength(40)
    expect([references[0], references[1], references[39]]).toEqual(['<0@x>', '<961@x>', '<999@x>'])
  })
})

describe('which mails are stored', () => {
  const facts = { userEmail: 'ada@example.com', inboundAddress: INBOX, verified: true }
  const channel = (allowedSenders?: unknown): ChannelRecord =>
    createFakeHost().channel(emailChannel({ metadata: allowedSenders === undefined ? {} : { allowedSenders } }))
  const admits = (from: string, allowed?: unknown) => admit(fromResend(mail({ from })), channel(allowed), facts).as === 'admitted'

  it('relay:EML10 without a list only the owner writes', () => {
    for (const list of [undefined, [], 'ada', [1]]) {
      expect(admits('Ada <ADA@example.com>', list)).toBe(true)
      expect(admits('eve@example.com', list)).toBe(false)
    }
  })

  it('relay:EML10 entries are addresses, domains or everybody', () => {
    expect(admits('eve@x.org', ['eve@x.org'])).toBe(true)
    expect(admits('ada@example.com', ['eve@x.org'])).toBe(false)
    expect(admits('a@x.org', ['@X.org'])).toBe(true)
    expect(admits('a@sub.x.org', ['@x.org'])).toBe(false)
    expect(admits('a@evilx.org', ['@x.org', 'x.org'])).toBe(false)
    expect(admits('anybody@anywhere.net', ['*'])).toBe(true)
  })

  it.each([
    [{ from: '' }],
    [{ from: '<>' }],
    [{ from: 'Mailer <>' }],
    [{ headers: { 'Return-Path': '<>' } }],
    [{ headers: { 'Auto-Submitted': 'auto-replied' } }],
    [{ headers: { 'auto-submitted': 'Auto-Generated; x=1' } }],
    [{ headers: { Precedence: 'bulk' } }],
    [{ headers: { PRECEDENCE: ' List ' } }],
  ] as Partial<ReceivedMail>[][])('relay:EML11 %j is refused, whoever may write', (given) => {
    expect(admit(fromResend(mail(given)), channel(['*']), facts).as).toBe('automatic')
  })

  it.each([
    [{ headers: { 'Auto-Submitted': 'no' } }],
    [{ headers: { 'Auto-Submitted': 'No (a person)' } }],
    [{ headers: { 'Return-Path': '<ada@example.com>', Precedence: 'first-class' } }],
  ] as Partial<ReceivedMail>[][])('relay:EML11 %j is stored', (given) => {
    expect(admit(fromResend(mail(given)), channel(['*']), facts)).toEqual({ as: 'admitted', sender: 'ada@example.com' })
  })

  it('relay:EML7 a channel that is off or unconfirmed takes no mail', () => {
    expect(closedReason(channel(), facts)).toBeUndefined()
    expect(closedReason({ ...channel(), enabled: false }, facts)).toContain('off')
    expect(closedReason(channel(), { ...facts, verified: false })).toContain('not confirmed')
  })
})
