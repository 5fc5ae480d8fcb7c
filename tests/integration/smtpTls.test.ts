import { copyFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ConfigError } from '../../server/config.ts'
import { mailText, type ReceivingRelay, startReceivingRelay } from '../fakes/smtp/receiving.ts'
import { makeCertificate } from '../support/certificate.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { startRelay } from '../support/relay.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function certificate(name: string) {
  const made = makeCertificate(name)
  closing.push(made.remove)
  return made
}

async function start(options: Parameters<typeof startReceivingRelay>[0]): Promise<ReceivingRelay> {
  const email = await startReceivingRelay(options)
  closing.push(email.close)
  return email
}

describe('SMTP with a certificate', () => {
  it('relay:EML8 with a certificate STARTTLS is offered, and a mail comes through it', async () => {
    const { cert, key } = certificate('mail.example.org')
    const email = await start({ env: { CHAOS_SMTP_TLS_CERT: cert, CHAOS_SMTP_TLS_KEY: key } })
    const { inboundAddress } = await email.verifiedChannel()
    const smtp = await email.connect()
    expect(await smtp.say('EHLO client.example')).toMatch(/^250-STARTTLS$/m)
    expect(await smtp.startTls()).toMatchObject({ subject: 'mail.example.org' })
    const [hello] = await smtp.begin('ada@example.com', inboundAddress)
    expect(hello).not.toContain('STARTTLS')
    expect(await smtp.text(mailText())).toBe('250 2.0.0 Stored')
    smtp.close()
  })

  it('relay:EML8 what was said in the clear before the handshake is not obeyed after it', async () => {
    const { cert, key } = certificate('mail.example.org')
    const email = await start({ env: { CHAOS_SMTP_TLS_CERT: cert, CHAOS_SMTP_TLS_KEY: key } })
    const { inboundAddress } = await email.verifiedChannel()
    const smtp = await email.connect()
    await smtp.say('EHLO client.example')
    smtp.write(`MAIL FROM:<eve@evil.example>\r\nRCPT TO:<${inboundAddress}>\r\n`)
    expect([await smtp.reply(), await smtp.reply()]).toEqual(['250 Accepted', '250 Accepted'])
    await smtp.startTls()
    expect(await smtp.say('DATA')).toMatch(/^503 /)
    smtp.close()
  })

  it('relay:EML8 a renewed certificate is in use within the hour, one that does not fit is not', async () => {
    const clock = createFakeClock()
    const [first, second] = [certificate('first.example'), certificate('second.example')]
    const email = await start({ clock, env: { CHAOS_SMTP_TLS_CERT: first.cert, CHAOS_SMTP_TLS_KEY: first.key } })
    const shown = async () => {
      const smtp = await email.connect()
      await smtp.say('EHLO client.example')
      const { subject } = await smtp.startTls()
      smtp.close()
      return subject
    }
    expect(await shown()).toBe('first.example')
    copyFileSync(second.cert, first.cert)
    await clock.advance(60 * 60_000)
    expect(await shown()).toBe('first.example')
    copyFileSync(second.key, first.key)
    await clock.advance(60 * 60_000)
    expect(await shown()).toBe('second.example')
  })

  it('relay:ENV1 a relay that cannot do what it was told does not start, and says which variable is to blame', async () => {
    const { cert, key } = certificate('mail.example.org')
    const other = certificate('other.example')
    const busy = createServer().listen(0, '127.0.0.1')
    closing.push(() => busy.close())
    await new Promise((resolve) => busy.once('listening', resolve))
    const taken = busy.address()
    const broken = join(key, '..', 'broken.pem')
    writeFileSync(broken, 'no certificate')
    const base = { CHAOS_EMAIL_DOMAIN: 'mail.example.org', CHAOS_SMTP_LISTEN: '127.0.0.1:0' }
    const wrong: [Record<string, string>, RegExp][] = [
      [{ CHAOS_SMTP_TLS_CERT: '/nowhere/cert.pem', CHAOS_SMTP_TLS_KEY: key }, /^CHAOS_SMTP_TLS_CERT: cannot be read/],
      [{ CHAOS_SMTP_TLS_CERT: cert, CHAOS_SMTP_TLS_KEY: '/nowhere/key.pem' }, /^CHAOS_SMTP_TLS_KEY: cannot be read/],
      [{ CHAOS_SMTP_TLS_CERT: broken, CHAOS_SMTP_TLS_KEY: key }, /^CHAOS_SMTP_TLS_CERT: must be a certificate/],
      [{ CHAOS_SMTP_TLS_CERT: cert, CHAOS_SMTP_TLS_KEY: other.key }, /^CHAOS_SMTP_TLS_CERT: must be a certificate/],
      [{ CHAOS_SMTP_LISTEN: `127.0.0.1:${typeof taken === 'object' ? taken?.port : 0}` }, /^CHAOS_SMTP_LISTEN: the port is in use/],
    ]
    for (const [env, reason] of wrong) {
      const failure = await startRelay({ env: { ...base, ...env } }).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(ConfigError)
      expect((failure as ConfigError).message).toMatch(reason)
    }
  })
})
