import PostalMime from 'postal-mime'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ANNOUNCED, type EmailRelay, startEmailRelay } from '../fakes/resend/withRelay.ts'
import { makeCertificate } from '../support/certificate.ts'
import { startExim } from '../support/exim.ts'
import { createFakeClock } from '../support/fakeClock.ts'

const certificate = makeCertificate('mx.example.com')
let exim: Awaited<ReturnType<typeof startExim>>
beforeAll(async () => {
  exim = await startExim(certificate.pem)
})
afterAll(async () => {
  await exim.close()
  certificate.remove()
})

let email: EmailRelay
const clock = createFakeClock()
beforeEach(async () => {
  email = await startEmailRelay({ clock, env: { ...ANNOUNCED, CHAOS_SMTP_OUT_URL: `smtp://127.0.0.1:${exim.port}` } })
})
afterEach(() => email.close())

/** The last mail Exim has put into the mailbox. */
const lastDelivered = async () =>
  PostalMime.parse(
    exim
      .delivered()
      .split(/^From (?=\S+@)/m)
      .at(-1)
      ?.replace(/^.*\n/, '') ?? '',
  )

/** A channel whose owner has confirmed the mail that Exim delivered. */
async function verifiedChannel(userEmail: string) {
  const before = exim.delivered()
  const { json } = await email.register({ userEmail })
  await expect.poll(() => exim.delivered().length, { timeout: 10_000 }).toBeGreaterThan(before.length)
  await expect.poll(async () => (await lastDelivered()).text).toContain(json.channelId)
  const link = /\?token=([\w-]+)&/.exec((await lastDelivered()).text ?? '')?.[1] ?? ''
  expect((await email.confirm({ token: link, channelId: json.channelId })).status).toBe(200)
  return json as { channelId: string; inboundAddress: string }
}

const CONTENT = '**Ten** ✓\n.\nfrom here'

/** A reply to somebody who wrote; `before` is called when nothing but the reply is left to send. */
async function reply(userEmail: string, { subject = 'Hello', before = () => {} } = {}) {
  const { channelId, inboundAddress } = await verifiedChannel(userEmail)
  await email.announce(email.resend.receive({ to: [inboundAddress], from: userEmail, subject }))
  const attachments = [{ filename: 'zehn ✓.txt', mimeType: 'text/plain', dataBase64: Buffer.from('10').toString('base64') }]
  before()
  const { json } = await email.client.post('/reply', { channelId, content: CONTENT, attachments })
  return { inboundAddress, state: async () => (await email.client.get(`/replies/${json.responseId}`)).json }
}

describe('the relay hands mail to Exim', () => {
  it('relay:EML3 relay:EML12 link and reply are delivered as they were meant, encrypted', async () => {
    const { inboundAddress, state } = await reply('secure@example.com')
    await expect.poll(async () => (await state()).state, { timeout: 10_000 }).toBe('sent')
    await expect.poll(() => exim.delivered(), { timeout: 10_000 }).toContain('Subject: Re: Hello')
    const mail = await lastDelivered()
    expect(mail).toMatchObject({
      returnPath: inboundAddress,
      from: { address: inboundAddress },
      to: [{ address: 'secure@example.com' }],
      attachments: [{ filename: 'zehn ✓.txt', mimeType: 'text/plain' }],
    })
    expect(mail.text?.trimEnd()).toBe(CONTENT)
    expect(mail.headers.filter(({ key }) => key === 'envelope-to').map(({ value }) => value)).toEqual(['secure@example.com'])
    expect(exim.log()).toMatch(/ P=esmtps /)
  })

  it('relay:REP8 what Exim puts off is sent once it is taken, in the meantime with its reason', async () => {
    const { state } = await reply('ada@example.com', { subject: 'Later', before: () => exim.putOff(true) })
    await expect.poll(async () => (await state()).attempts, { timeout: 10_000 }).toBe(1)
    expect(await state()).toMatchObject({
      state: 'queued',
      reason: 'The mail server asks to try later: 451 greylisted, come back later',
    })
    exim.putOff(false)
    await clock.advance(10_000)
    await expect.poll(async () => (await state()).state, { timeout: 10_000 }).toBe('sent')
    await expect.poll(() => exim.delivered(), { timeout: 10_000 }).toContain('Subject: Re: Later')
  })

  it('relay:REP8 relay:EML1 what Exim refuses fails at once with its reason', async () => {
    const unknown = await email.register({ userEmail: 'nobody@example.com' })
    expect([unknown.status, unknown.json.error]).toEqual([
      400,
      'The mail was not sent. The mail server refused: 550 there is no such user',
    ])
    const elsewhere = await email.register({ userEmail: 'ada@example.net' })
    expect(elsewhere.json.error).toContain('550 this is no relay')
    const { state } = await reply('ada@example.com', { subject: 'lottery' })
    await expect
      .poll(state, { timeout: 10_000 })
      .toMatchObject({ state: 'failed', reason: 'The mail server refused: 550 this looks like spam' })
  })
})
