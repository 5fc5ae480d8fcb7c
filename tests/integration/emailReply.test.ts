import { afterEach, describe, expect, it } from 'vitest'
import { ANNOUNCED, type EmailRelay, startEmailRelay } from '../fakes/resend/withRelay.ts'
import { createFakeClock } from '../support/fakeClock.ts'

let email: EmailRelay
afterEach(() => email.close())

const state = async (responseId: string) => (await email.client.get(`/replies/${responseId}`)).json

/** The next mail that is a reply. */
const sentReply = () => email.resend.sent.next((mail) => mail.headers['Auto-Submitted'] === 'auto-replied')

describe('replies by mail', () => {
  it('relay:EML12 a reply goes from the address of the channel to the sender, in the thread, with its files', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { channelId, inboundAddress } = await email.verifiedChannel()
    const mail = email.resend.receive({ to: [inboundAddress], subject: 'RE: Numbers', headers: { References: '<a@x>' } })
    await email.announce(mail)
    const socket = await email.client.openResumed()
    const content = '**Ten**, see the file: a<b and c>d'
    const attachments = [{ filename: 'ten.txt', mimeType: 'text/plain', dataBase64: Buffer.from('10').toString('base64') }]
    const answer = await email.client.post('/reply', { channelId, content, attachments })
    expect(answer.json).toMatchObject({ ok: true, state: 'queued', channelType: 'email' })
    const sent = await sentReply()
    expect(sent).toMatchObject({
      from: inboundAddress,
      to: ['ada@example.com'],
      subject: 'Re: Numbers',
      text: content,
      headers: { 'In-Reply-To': mail.message_id, References: `<a@x> ${mail.message_id}`, 'Auto-Submitted': 'auto-replied' },
      idempotencyKey: answer.json.responseId,
      attachments: [{ filename: 'ten.txt', content: 'MTA=', content_type: 'text/plain' }],
    })
    expect(sent.html).toContain('<strong>Ten</strong>, see the file: a&lt;b and c&gt;d')
    expect(await socket.nextOf('reply_status')).toMatchObject({ state: 'sent', platformMessageId: sent.id })
    await socket.close()
  })

  it('relay:EML12 relay:REP5 only somebody who wrote to the channel gets an answer', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { channelId, inboundAddress } = await email.verifiedChannel()
    const reply = (body: Record<string, unknown>) => email.client.post('/reply', { channelId, content: 'Hi', ...body })
    expect((await reply({})).json.code).toBe('no_target')
    await email.client.patch(`/channels/${channelId}`, { allowedSenders: ['*'] })
    await email.announce(email.resend.receive({ to: [inboundAddress], from: 'bob@x.org', subject: 'Bob' }))
    await email.announce(email.resend.receive({ to: [inboundAddress], from: 'Ada <ada@example.com>', subject: 'Ada' }))
    const [bob] = await email.messages()
    for (const senderAddress of ['eve@x.org', 'bob@x.org, eve@x.org', 'bob@x.org\r\nBcc: eve@x.org', 'Eve <bob@x.org>']) {
      const refused = await reply({ metadata: { senderAddress } })
      expect([refused.status, refused.json.code]).toEqual([409, 'no_target'])
    }
    await reply({})
    expect(await sentReply()).toMatchObject({ to: ['ada@example.com'], subject: 'Re: Ada' })
    await reply({ replyTo: bob.id })
    expect(await sentReply()).toMatchObject({ to: ['bob@x.org'], subject: 'Re: Bob' })
    await reply({ metadata: { senderAddress: 'BOB@x.org' } })
    expect(await sentReply()).toMatchObject({ to: ['bob@x.org'], subject: 'Re: Bob' })
  })

  it('relay:EML12 no mail anybody writes puts a line of its own into the header of the answer', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { channelId, inboundAddress } = await email.verifiedChannel()
    const evil = '\r\nBcc: eve@x.org\r\n\r\nbody'
    const subject = `Hello${evil}`
    const headers = { 'In-Reply-To': `<a@x>${evil}`, References: `<a@x>${evil} <b\r\n@x> <c@x>` }
    await email.announce(email.resend.receive({ to: [inboundAddress], subject, message_id: `<m@x>${evil}`, headers }))
    await email.client.post('/reply', {
      channelId,
      content: `Hi${evil}`,
      metadata: { subject, 'In-Reply-To': evil, headers: { Bcc: 'eve@x.org' } },
    })
    const sent = await sentReply()
    expect(sent.to).toEqual(['ada@example.com'])
    expect(sent.subject).toBe('Re: Hello Bcc: eve@x.org body')
    expect(sent.headers).toEqual({
      'Message-ID': expect.stringMatching(/^<[0-9a-f]{32}@mail\.example\.org>$/),
      'In-Reply-To': '<m@x>',
      References: '<a@x> <c@x> <m@x>',
      'Auto-Submitted': 'auto-replied',
    })
  })

  it('relay:REP4 an unverified channel sends nothing', async () => {
    email = await startEmailRelay()
    const { json } = await email.register()
    const refused = await email.client.post('/reply', { channelId: json.channelId, content: 'Hi' })
    expect([refused.status, refused.json.code]).toEqual([409, 'not_verified'])
  })

  it('relay:REP8 relay:REP9 an answer that was lost, a pause and an outage give one mail, as soon as they may', async () => {
    const clock = createFakeClock()
    email = await startEmailRelay({ env: ANNOUNCED, clock })
    const { channelId, inboundAddress } = await email.verifiedChannel()
    await email.announce(email.resend.receive({ to: [inboundAddress] }))
    email.resend.faults.next('send', { kind: 'dropAfterAccept' })
    email.resend.faults.next('send', { kind: 'refuse', status: 429, code: 'rate_limit_exceeded', retryAfter: 600 })
    email.resend.faults.next('send', { kind: 'refuse', status: 500, code: 'x' })
    const { responseId } = (await email.client.post('/reply', { channelId, content: 'Once' })).json
    const attempts = async () => (await state(responseId)).attempts
    await expect.poll(attempts).toBe(1)
    await clock.advance(2_000)
    await expect.poll(attempts).toBe(2)
    await clock.advance(599_000)
    expect(await state(responseId)).toMatchObject({ state: 'queued', attempts: 2, reason: expect.stringContaining('slow down') })
    await clock.advance(200_000)
    await expect.poll(attempts).toBe(3)
    await clock.advance(10_000)
    await expect.poll(async () => (await state(responseId)).state).toBe('sent')
    expect(email.resend.sent.all.filter(({ text }) => text === 'Once')).toHaveLength(1)
  })

  it('relay:REP8 a refusal fails at once with its reason', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { channelId, inboundAddress } = await email.verifiedChannel()
    await email.announce(email.resend.receive({ to: [inboundAddress] }))
    email.resend.faults.next('send', { kind: 'refuse', status: 422, code: 'validation_error', message: 'Too spammy.' })
    const { responseId } = (await email.client.post('/reply', { channelId, content: 'Hi' })).json
    await expect.poll(() => state(responseId)).toMatchObject({ state: 'failed', reason: 'Resend refused: Too spammy.' })
  })

  it('relay:CH11 a refused key is told in the status of the channel, and a new key mends it', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { channelId, inboundAddress } = await email.verifiedChannel()
    await email.announce(email.resend.receive({ to: [inboundAddress] }))
    email.resend.account.access = 'revoked'
    const { responseId } = (await email.client.post('/reply', { channelId, content: 'Hi' })).json
    await expect.poll(async () => (await state(responseId)).state).toBe('failed')
    expect((await email.channel(channelId)).status).toMatchObject({
      state: 'auth_failed',
      detail: expect.stringContaining('RESEND_API_KEY'),
    })
    email.resend.account.access = 'full'
    await email.relay.restart()
    await expect.poll(async () => (await email.channel(channelId)).status.state).toBe('ok')
  })

  it('relay:REP6 a reply that was queued when the relay stopped is sent by the next', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { channelId, inboundAddress } = await email.verifiedChannel()
    await email.announce(email.resend.receive({ to: [inboundAddress] }))
    email.resend.faults.next('send', { kind: 'hangUp' })
    const { responseId } = (await email.client.post('/reply', { channelId, content: 'Later' })).json
    await expect.poll(async () => (await state(responseId)).attempts).toBe(1)
    await email.relay.restart()
    expect(await sentReply()).toMatchObject({ text: 'Later', idempotencyKey: responseId })
  })
})
