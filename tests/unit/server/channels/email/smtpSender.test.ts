import { createSecureContext, getCACertificates, setDefaultCACertificates } from 'node:tls'
import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { afterEach, describe, expect, it } from 'vitest'
import { replyMail } from '../../../../../server/channels/email/replyMail.ts'
import { createSmtpSender } from '../../../../../server/channels/email/smtp/sender.ts'
import { ProviderTrouble } from '../../../../../server/channels/email/trouble.ts'
import type { SmtpOut } from '../../../../../server/smtpSettings.ts'
import { type FakeMailServer, startMailServer } from '../../../../fakes/smtp/server.ts'
import { makeCertificate } from '../../../../support/certificate.ts'
import { INBOX } from './setup.ts'

let server: FakeMailServer
const stop = new AbortController()
afterEach(() => server.close())

const senderTo = (given: Partial<SmtpOut> = {}) =>
  createSmtpSender({
    out: { host: '127.0.0.1', port: server.port, encryption: 'offered', ...given },
    domain: 'mail.example.org',
    stop: stop.signal,
  })
type About = Partial<Parameters<typeof replyMail>[0]> & { content?: string; subject?: string }
const reply = ({ content = 'Fine', subject = 'Hello', ...given }: About = {}) =>
  replyMail({
    reply: { responseId: 'resp-1', content, metadata: {} },
    from: INBOX,
    to: 'ada@example.com',
    origin: { messageId: 'm1', target: 'ada@example.com', from: 'ada@example.com', metadata: { subject, emailMessageId: '<a@x>' } },
    files: [],
    ...given,
  })
const failure = (sending: Promise<unknown>) =>
  sending.then(
    () => undefined,
    (error) => (error instanceof ProviderTrouble ? [error.trouble.kind, error.message] : error),
  )

describe('mail handed to a mail server', () => {
  it('relay:EML12 of 1,000 hostile replies none has a header, a recipient or a mail too many', async () => {
    server = await startMailServer()
    const sender = senderTo()
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '\r\nBcc: eve@x.org',
        '\nCc: eve@x.org\n\nbody',
        '\rTo: eve@x.org',
        '\r\n.\r\nMAIL FROM:<eve@x.org>\r\nRCPT TO:<eve@x.org>\r\nDATA\r\nFrom: eve@x.org\r\n\r\nHi\r\n.\r\n',
        '\n.\n',
        '=?utf-8?Q?=0D=0ABcc:_eve@x.org?=',
        '"; filename="evil.exe',
        '\u2028Bcc: eve@x.org',
      ),
    )
    const text = fc.array(nasty, { maxLength: 3 }).map((parts) => parts.join(''))
    const expected = ['auto-submitted', 'content-transfer-encoding', 'content-type', 'date', 'from', 'in-reply-to', 'message-id']
    const names = [...expected, 'mime-version', 'references', 'subject', 'to']
    await fc.assert(
      fc.asyncProperty(text, text, text, async (subject, content, filename) => {
        const files = filename === '' ? [] : [{ filename, mimeType: 'text/plain\r\nX: y', bytes: Buffer.from('10') }]
        await sender.send(reply({ subject, content, files }), 'key')
        const wire = await server.mails.next()
        expect(wire).toMatchObject({ mailFrom: INBOX, rcptTo: ['ada@example.com'] })
        const parsed = await PostalMime.parse(wire.raw)
        const keys = parsed.headers.map(({ key }) => key)
        expect(names).toEqual(expect.arrayContaining(keys))
        expect(new Set(keys).size).toBe(keys.length)
        expect([parsed.to, parsed.cc, parsed.bcc]).toMatchObject([[{ address: 'ada@example.com' }], undefined, undefined])
        expect(parsed.attachments).toHaveLength(files.length)
        expect(parsed.attachments.map(({ mimeType }) => mimeType)).toEqual(files.map(() => 'application/octet-stream'))
      }),
      { numRuns: 1000 },
    )
    expect(server.mails.all).toHaveLength(1000)
  }, 120_000)

  it('relay:EML12 relay:SAN4 text arrives as written, lines that are dots included', async () => {
    server = await startMailServer()
    const content = 'a<b and c>d ✓ 🎉\n.\n..\n.hidden\nFrom here\n\n\n\ttab  spaces  '
    await senderTo().send(reply({ content }), 'key')
    const { text } = await PostalMime.parse((await server.mails.next()).raw)
    expect(text).toBe(`${content}\n`)
  })

  it('relay:EML12 without trusted encryption a server elsewhere gets nothing, neither text nor password', async () => {
    server = await startMailServer({ credentials: { user: 'relay', password: 'secret' } })
    const out = { encryption: 'starttls', credentials: { user: 'relay', password: 'secret' } } as const
    const untrusted = ['unreachable', 'The mail server in CHAOS_SMTP_OUT_URL offers no encryption this relay trusts.']
    expect(await failure(senderTo(out).send(reply(), 'key'))).toEqual(untrusted)
    await server.close()
    const certificate = makeCertificate()
    certificate.remove()
    server = await startMailServer({ secureContext: createSecureContext(certificate.pem) })
    expect(await failure(senderTo({ encryption: 'starttls' }).send(reply(), 'key'))).toEqual(untrusted)
    const before = getCACertificates('default')
    setDefaultCACertificates([...before, certificate.pem.cert])
    try {
      await senderTo({ encryption: 'starttls' }).send(reply(), 'key')
    } finally {
      setDefaultCACertificates(before)
    }
    expect(server.mails.all).toMatchObject([{ secure: true }])
  })

  it('relay:EML12 a server on the same machine may have any certificate, or none', async () => {
    const certificate = makeCertificate('elsewhere.example')
    certificate.remove()
    server = await startMailServer({ secureContext: createSecureContext(certificate.pem) })
    await senderTo().send(reply(), 'key')
    expect(server.mails.all).toMatchObject([{ secure: true }])
  })

  it('relay:GEN8 a relay that stops waits for no mail server', async () => {
    server = await startMailServer()
    const stopping = new AbortController()
    const out = { host: '127.0.0.1', port: server.port, encryption: 'offered' } as const
    server.next('sent', 'takeAndWait')
    const sending = failure(createSmtpSender({ out, domain: 'mail.example.org', stop: stopping.signal }).send(reply(), 'key'))
    await server.mails.next()
    stopping.abort()
    expect(await sending).toEqual(['unreachable', 'The mail server in CHAOS_SMTP_OUT_URL is not reachable.'])
  })
})
