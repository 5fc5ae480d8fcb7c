import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { type ReceivingRelay, startReceivingRelay } from '../fakes/smtp/receiving.ts'
import { makeCertificate } from '../support/certificate.ts'
import { swaks } from '../support/swaks.ts'

const certificate = makeCertificate('mail.example.org')
afterAll(certificate.remove)

let email: ReceivingRelay
afterEach(() => email.close())

/** swaks' own codes: the server refused every recipient, the text, to encrypt. */
const [RECIPIENT_REFUSED, TEXT_REFUSED, NO_TLS] = [24, 26, 29]

describe('swaks hands mail to the relay', () => {
  it('relay:EML8 a plain mail with a file is taken', async () => {
    email = await startReceivingRelay()
    const { inboundAddress } = await email.verifiedChannel()
    const body = ['--header', 'Subject: From swaks', '--body', 'First line\n.\nlast line']
    const args = [...body, '--attach-type', 'text/plain', '--attach-name', 'file.txt', '--attach', 'in a file']
    const { code, transcript } = await swaks(email.relay.smtpPort, { to: inboundAddress, args })
    expect(transcript).toMatch(/^<- {2}250 2\.0\.0 Stored$/m)
    expect(code).toBe(0)
    const [message] = await email.messages()
    expect(message.content).toMatch(/^Subject: From swaks\n\nFirst line\n\.\nlast line/)
    expect(message.attachments).toMatchObject([{ filename: 'file.txt', mimeType: 'text/plain' }])
    expect(message.metadata.auth).toMatchObject({ spf: 'pass', dmarc: 'pass', aligned: true })
  })

  it('relay:EML8 STARTTLS is there with a certificate, and only then', async () => {
    email = await startReceivingRelay({ env: { CHAOS_SMTP_TLS_CERT: certificate.cert, CHAOS_SMTP_TLS_KEY: certificate.key } })
    const { inboundAddress: to } = await email.verifiedChannel()
    const { code, transcript } = await swaks(email.relay.smtpPort, { to, args: ['--tls'] })
    expect(transcript).toMatch(/^=== TLS started with cipher TLSv1\.[23]/m)
    expect(transcript).toMatch(/^<~ {2}250 2\.0\.0 Stored$/m)
    expect(code).toBe(0)
    await email.close()
    email = await startReceivingRelay()
    expect((await swaks(email.relay.smtpPort, { to, args: ['--tls'] })).code).toBe(NO_TLS)
  })

  it('relay:EML8 a wrong recipient, a large mail, a sender nobody allowed, a forged one: each is told apart', async () => {
    email = await startReceivingRelay({ env: { CHAOS_SMTP_MAX_BYTES: '65536' } })
    const { inboundAddress: to } = await email.verifiedChannel()
    const port = email.relay.smtpPort
    const refused = async (given: Parameters<typeof swaks>[1]) => {
      const { code, transcript } = await swaks(port, given)
      return [code, /^<\*\* (.*)$/m.exec(transcript)?.[1]]
    }
    expect(await refused({ to: 'nobody@mail.example.org' })).toEqual([
      RECIPIENT_REFUSED,
      '550 5.1.1 There is no such address here.',
    ])
    expect(await refused({ to: 'somebody@example.net' })).toEqual([RECIPIENT_REFUSED, '550 5.1.1 There is no such address here.'])
    const large = ['--body', 'a line of text\n'.repeat(5_000)]
    expect(await refused({ to, args: large })).toEqual([TEXT_REFUSED, '552 5.3.4 This mail is too large.'])
    const stranger = await refused({ to, from: 'bob@example.com' })
    expect(stranger).toEqual([TEXT_REFUSED, '550 5.7.1 This address does not take mail from you.'])
    const forged = ['--local-interface', '127.0.0.9']
    expect(await refused({ to, args: forged })).toEqual([TEXT_REFUSED, expect.stringMatching(/^550 5\.7\.26 /)])
    expect(await email.messages()).toEqual([])
  })

  it('relay:EML8 pipelined commands are answered one by one', async () => {
    email = await startReceivingRelay()
    const { inboundAddress: to } = await email.verifiedChannel()
    const { code, transcript } = await swaks(email.relay.smtpPort, { to, args: ['--pipeline'] })
    expect(transcript).toMatch(/^<- {2}250 2\.0\.0 Stored$/m)
    expect(code).toBe(0)
  })
})
