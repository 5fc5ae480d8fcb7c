import { afterEach, describe, expect, it } from 'vitest'
import type { ReplyRecord } from '../../../../../server/store/port.ts'
import { INBOX, setUpEmail } from './setup.ts'

type Setup = Awaited<ReturnType<typeof setUpEmail>>

let relay: Setup
afterEach(() => relay.resend.close())

const replyTo = (given: Partial<ReplyRecord> = {}): ReplyRecord => ({
  responseId: 'resp-1',
  userId: 'u1',
  channelId: 'mail1',
  channelType: 'email',
  content: 'Done **now**',
  metadata: {},
  attachments: [],
  target: 'ada@example.com',
  state: 'queued',
  attempts: 0,
  partsSent: 0,
  createdAt: 0,
  updatedAt: 0,
  dueAt: 0,
  ...given,
})

async function send(reply: ReplyRecord) {
  const channel = relay.host.channel('mail1')
  if (!channel) throw new Error('no channel')
  const parts = relay.email.adapter.parts(reply, channel)
  const [part] = parts
  if (!part || parts.length !== 1) throw new Error('a reply is one mail')
  const file = async (index: number) => ({ filename: `f${index}.txt`, mimeType: 'text/plain', bytes: Buffer.from(`file ${index}`) })
  return relay.email.adapter.send({ channel, reply, part, parts: 1, file })
}

const origin = (emailMessageId: string, subject: string, target = 'ada@example.com') => ({
  messageId: 'm1',
  target,
  from: target,
  metadata: { emailMessageId, subject, references: [] },
})

describe('replies by mail', () => {
  it('relay:EML12 a reply is one mail to the sender, with its files, in the thread of the answered mail', async () => {
    relay = await setUpEmail()
    relay.setOrigin('mail1', 'm1', origin('<a@x>', 'Question'))
    relay.setOrigin('mail1', 'ada@example.com', origin('<z@x>', 'Another'))
    const attachments = [0, 1].map((n) => ({
      id: `${n}`,
      filename: `f${n}.txt`,
      mimeType: 'text/plain',
      size: 6,
      kind: 'file' as const,
    }))
    const { platformMessageId } = await send(replyTo({ metadata: { replyTo: 'm1' }, attachments }))
    const mail = await relay.resend.sent.next()
    expect(platformMessageId).toBe(mail.id)
    expect(mail).toMatchObject({
      from: INBOX,
      to: ['ada@example.com'],
      subject: 'Re: Question',
      text: 'Done **now**',
      html: expect.stringContaining('<strong>now</strong>'),
      headers: { 'In-Reply-To': '<a@x>', References: '<a@x>', 'Auto-Submitted': 'auto-replied' },
      idempotencyKey: 'resp-1',
    })
    expect(mail.attachments.map(({ content }) => Buffer.from(content, 'base64').toString())).toEqual(['file 0', 'file 1'])
  })

  it('relay:EML12 a reply that names a mail of somebody else joins the conversation of its own receiver', async () => {
    relay = await setUpEmail()
    relay.setOrigin('mail1', 'm1', origin('<eve@x>', 'Secret of Eve', 'eve@x.org'))
    relay.setOrigin('mail1', 'ada@example.com', origin('<z@x>', 'Newest'))
    await send(replyTo({ metadata: { replyTo: 'm1' } }))
    expect(await relay.resend.sent.next()).toMatchObject({ subject: 'Re: Newest', headers: { 'In-Reply-To': '<z@x>' } })
  })

  it.each([undefined, '', 'eve@x.org, ada@example.com', 'ada@example.com\r\nBcc: eve@x.org', 'Ada <ada@example.com>'])(
    'relay:EML12 nothing is sent to %j',
    async (target) => {
      relay = await setUpEmail()
      const { target: _, ...reply } = replyTo()
      await expect(send(target === undefined ? reply : { ...reply, target })).rejects.toMatchObject({ permanent: true })
      expect(relay.resend.calls.all).toEqual([])
    },
  )

  it('relay:REP4 nothing leaves a channel that is not verified', async () => {
    relay = await setUpEmail()
    await relay.host.update('mail1', (channel) => ({ ...channel, platform: { ...channel.platform, verified: false } }))
    await expect(send(replyTo())).rejects.toMatchObject({ permanent: true, message: expect.stringContaining('not confirmed') })
  })

  it('relay:REP9 an attempt whose answer was lost sends no second mail, even when the thread has moved on', async () => {
    relay = await setUpEmail()
    relay.resend.faults.next('send', { kind: 'dropAfterAccept' }, 2)
    await expect(send(replyTo())).rejects.toMatchObject({ permanent: false })
    await expect(send(replyTo())).rejects.toMatchObject({ permanent: false })
    expect((await send(replyTo())).platformMessageId).toBe('sent-1')
    relay.setOrigin('mail1', 'ada@example.com', origin('<new@x>', 'New'))
    expect((await send(replyTo())).platformMessageId).toMatch(/^<[0-9a-f]{32}@mail\.example\.org>$/)
    expect(relay.resend.sent.all).toHaveLength(1)
  })

  it.each([
    [{ status: 500, code: 'application_error' }, { permanent: false }],
    [{ status: 503, code: 'x' }, { permanent: false }],
    [
      { status: 429, code: 'rate_limit_exceeded', retryAfter: 7 },
      { permanent: false, retryAfterMs: 7000 },
    ],
    [
      { status: 429, code: 'daily_quota_exceeded' },
      { permanent: false, retryAfterMs: undefined },
    ],
    [{ status: 409, code: 'concurrent_idempotent_requests' }, { permanent: false }],
    [
      { status: 422, code: 'validation_error', message: 'Invalid `to` field.' },
      { permanent: true, message: 'Resend refused: Invalid `to` field.' },
    ],
    [
      { status: 403, code: 'validation_error', message: 'Not verified.' },
      { permanent: true, channelState: undefined },
    ],
    [
      { status: 401, code: 'missing_api_key' },
      { permanent: true, channelState: { state: 'auth_failed', detail: expect.stringContaining('RESEND_API_KEY') } },
    ],
    [
      { status: 403, code: 'invalid_api_key' },
      { permanent: true, channelState: { state: 'auth_failed', detail: expect.stringContaining('RESEND_API_KEY') } },
    ],
  ] as const)('relay:REP8 %j of the provider is %j', async (refusal, failure) => {
    relay = await setUpEmail()
    relay.resend.faults.next('send', { kind: 'refuse', ...refusal })
    await expect(send(replyTo())).rejects.toMatchObject({ name: 'DeliveryFailure', ...failure })
  })

  it('relay:REP8 a provider that cannot be reached is tried again', async () => {
    relay = await setUpEmail()
    await relay.resend.close()
    await expect(send(replyTo())).rejects.toMatchObject({ permanent: false, message: 'Resend is not reachable.' })
  })

  it('relay:CH11 a key that works again clears the status its failure set', async () => {
    relay = await setUpEmail()
    relay.resend.account.access = 'revoked'
    await expect(send(replyTo())).rejects.toMatchObject({ permanent: true })
    relay.resend.account.access = 'full'
    await send(replyTo())
    expect(relay.statuses.map(({ state }) => state)).toEqual(['auth_failed', 'ok'])
  })
})
