import { afterEach, describe, expect, it } from 'vitest'
import { eventOf } from '../../../../fakes/resend/receiving.ts'
import { signEvent } from '../../../../fakes/resend/webhooks.ts'
import { call, INBOX, setUpEmail } from './setup.ts'

type Setup = Awaited<ReturnType<typeof setUpEmail>>

let relay: Setup
afterEach(() => relay.resend.close())

async function setUp(options: Parameters<typeof setUpEmail>[0] = {}): Promise<void> {
  relay = await setUpEmail({ publicUrl: 'https://relay.example.org', ...options })
}

/** Posts a body as the provider would. */
function post(body: string, headers?: Record<string, string>) {
  const signed = headers ?? signEvent({ id: 'msg_1', body, secret: relay.resend.webhookSecret, at: relay.clock.now() })
  return call(relay.email.routes, 'POST', '/email/inbound', { body, headers: signed })
}
const announce = (mail: Parameters<typeof eventOf>[0]) => post(JSON.stringify(eventOf(mail)))

describe('events of the provider', () => {
  it('relay:EML7 the full mail is fetched and stored before the answer', async () => {
    await setUp()
    const mail = relay.resend.receive({ to: [INBOX], headers: { References: '<a@x>' } })
    expect(await announce(mail)).toEqual({ json: { ok: true, messageId: 'm1' } })
    expect(relay.ingested[0]?.message).toMatchObject({
      from: 'ada@example.com',
      target: 'ada@example.com',
      content: 'Subject: Hello\n\nHello there',
      metadata: { toAddress: INBOX, references: ['<a@x>'], isReply: true },
    })
    expect(relay.consumed).toEqual(['emailInbound'])
  })

  it('relay:DUR2 the same mail again, by event, by another event id or by the list, is stored once', async () => {
    await setUp()
    const mail = relay.resend.receive({ to: [INBOX] })
    await announce(mail)
    expect(await announce(mail)).toEqual({ json: { ok: true, messageId: 'm1', duplicate: true } })
    const again = relay.resend.receive({ to: [INBOX], message_id: mail.message_id })
    expect(await announce(again)).toEqual({ json: { ok: true, messageId: 'm1', duplicate: true } })
    const running = await relay.email.start()
    while (relay.resend.count('list') === 0 || relay.clock.waiting() === 0) await new Promise((resolve) => setImmediate(resolve))
    await running.close()
    expect(relay.ingested).toHaveLength(1)
    expect(relay.resend.count('mail')).toBe(3)
  })

  it('relay:EML7 a mail that cannot be fetched is 503, and taken once when the event comes back', async () => {
    await setUp()
    const mail = relay.resend.receive({ to: [INBOX] })
    for (const fault of [
      { kind: 'refuse', status: 500, code: 'x' },
      { kind: 'refuse', status: 404, code: 'not_found' },
      { kind: 'refuse', status: 429, code: 'rate_limit_exceeded' },
      { kind: 'hangUp' },
      { kind: 'garbage', body: 'not json' },
    ] as const) {
      relay.resend.faults.next('mail', fault)
      await expect(announce(mail)).rejects.toMatchObject({ status: 503, code: 'provider_unreachable', details: { retryAfter: 30 } })
    }
    expect(relay.ingested).toEqual([])
    await announce(mail)
    expect(relay.ingested).toHaveLength(1)
  })

  it('relay:DUR1 a failed commit is no success', async () => {
    await setUp()
    const mail = relay.resend.receive({ to: [INBOX] })
    relay.failStorage(1)
    await expect(announce(mail)).rejects.toMatchObject({ code: 'storage_unavailable' })
    await announce(mail)
    expect(relay.ingested).toHaveLength(1)
  })

  it('relay:EML7 mail for nobody, from a stranger or to a closed channel is 200, and counted where there is a channel', async () => {
    await setUp()
    const ok = { json: { ok: true } }
    expect(await announce(relay.resend.receive({ to: ['nobody@mail.example.org'] }))).toEqual(ok)
    expect(relay.resend.count('mail')).toBe(0)
    expect(await announce(relay.resend.receive({ to: [INBOX], from: 'eve@x.org' }))).toEqual(ok)
    await relay.host.update('mail1', (channel) => ({ ...channel, enabled: false }))
    expect(await announce(relay.resend.receive({ to: [INBOX] }))).toEqual(ok)
    await relay.host.update('mail1', (channel) => ({
      ...channel,
      enabled: true,
      platform: { ...channel.platform, verified: false },
    }))
    expect(await announce(relay.resend.receive({ to: [INBOX] }))).toEqual(ok)
    expect(relay.rejections.map(({ reason }) => reason)).toEqual([
      'eve@x.org is not an allowed sender.',
      'The channel is switched off.',
      'The address of the channel is not confirmed yet.',
    ])
    expect(relay.ingested).toEqual([])
  })

  it('relay:EML7 an event without "to", or with a strange one, is no failure of the relay', async () => {
    await setUp()
    const mail = relay.resend.receive({ to: [], bcc: [INBOX] })
    for (const to of [undefined, null, [], '', INBOX]) {
      const data = { email_id: mail.id, ...(to !== undefined && { to }) }
      expect(await post(JSON.stringify({ type: 'email.received', data }))).toMatchObject({ json: { ok: true, messageId: 'm1' } })
    }
    for (const data of [undefined, null, {}, { email_id: 7 }, [], { email_id: mail.id, to: 7 }]) {
      await expect(post(JSON.stringify({ type: 'email.received', data }))).rejects.toMatchObject({ status: 400 })
    }
    expect(relay.ingested).toHaveLength(1)
  })

  it('relay:EML7 other events are thanked for and ignored', async () => {
    await setUp()
    for (const type of ['email.delivered', 'email.bounced', 'contact.created', 'email.received.x']) {
      expect(await post(JSON.stringify({ type, data: { email_id: 'mail-1' } }))).toEqual({ json: { ok: true } })
    }
    expect(relay.resend.calls.all).toEqual([])
  })

  it('relay:EML6 unsigned and forged events are 401 before anything is fetched, and count against their address', async () => {
    await setUp()
    const body = JSON.stringify(eventOf(relay.resend.receive({ to: [INBOX] })))
    const right = signEvent({ id: 'msg_1', body, secret: relay.resend.webhookSecret, at: relay.clock.now() })
    const { 'svix-id': _, ...withoutId } = right
    for (const headers of [{}, withoutId, { ...right, 'svix-signature': 'v1,AAAA' }, { ...right, 'svix-id': 'msg_2' }]) {
      await expect(post(body, headers as Record<string, string>)).rejects.toMatchObject({ status: 401, code: 'bad_signature' })
    }
    expect(relay.consumed).toEqual(['inboundAuthFail', 'inboundAuthFail', 'inboundAuthFail', 'inboundAuthFail'])
    expect(relay.resend.calls.all).toEqual([])
  })

  it('relay:EML6 without a secret events are 503, unless unsigned ones are allowed on loopback', async () => {
    for (const [config, accepted] of [
      [{ unsigned: false, loopback: true }, false],
      [{ unsigned: true, loopback: false }, false],
      [{ unsigned: true, loopback: true }, true],
    ] as const) {
      await setUp({ config: { resendWebhookSecret: undefined, ...config } })
      const event = post(JSON.stringify(eventOf(relay.resend.receive({ to: [INBOX] }))), {})
      if (accepted) expect(await event).toMatchObject({ json: { messageId: 'm1' } })
      else await expect(event).rejects.toMatchObject({ status: 503, code: 'email_not_configured' })
      await relay.resend.close()
    }
    await setUp({ config: { unsigned: true, loopback: true } })
    await expect(post('{}', {})).rejects.toMatchObject({ status: 401 })
  })

  it('relay:ATT1 attachments come by their own way after the mail, with the size the provider tells', async () => {
    await setUp()
    const bytes = Buffer.from('%PDF-1.7 report')
    const mail = relay.resend.receive({ to: [INBOX], files: [{ filename: 'report.pdf', content_type: 'application/pdf', bytes }] })
    await announce(mail)
    const [file] = relay.ingested[0]?.message.files ?? []
    expect(file).toMatchObject({ filename: 'report.pdf', mimeType: 'application/pdf', size: bytes.length })
    const channel = relay.host.channel('mail1')
    const source = file && 'source' in file ? file.source : ''
    const fetched = channel && (await relay.email.adapter.fetchFile?.(channel, source))
    expect(Buffer.from(fetched?.bytes ?? []).toString()).toBe('%PDF-1.7 report')
  })

  it('relay:ATT6 files are fetched from the provider only, and never more than 5 MiB', async () => {
    await setUp()
    const large = { bytes: Buffer.alloc(5 * 1024 * 1024 + 1) }
    const mail = relay.resend.receive({ to: [INBOX], files: [large] })
    const channel = relay.host.channel('mail1')
    const source = JSON.stringify([mail.id, mail.files[0]?.id])
    const fetchFile = () => channel && relay.email.adapter.fetchFile?.(channel, source)
    await expect(fetchFile()).rejects.toThrow('more than the relay reads')
    for (const elsewhere of [
      'http://127.0.0.1:1/x',
      'https://evil.example/x',
      'https://resend.com.evil.example/x',
      'file:///etc/passwd',
      'x',
    ]) {
      relay.resend.faults.next('file', { kind: 'garbage', body: JSON.stringify({ download_url: elsewhere }) })
      await expect(fetchFile()).rejects.toThrow('lies elsewhere')
    }
  })

  it('relay:ATT3 HTML that is only large for its pictures is kept without them', async () => {
    await setUp()
    const files = [
      { content_id: 'pic', content_disposition: 'inline' as const, content_type: 'image/png', bytes: Buffer.alloc(1024 * 1024) },
    ]
    const mail = relay.resend.receive({ to: [INBOX], html: '<p>Hi <img src="cid:pic"></p>', text: null, files })
    await announce(mail)
    const html = relay.ingested[0]?.message.files?.at(-1)
    expect(html).toMatchObject({ filename: 'message.html', role: 'html', bytes: Buffer.from('<p>Hi <img src="cid:pic"></p>') })
    expect(relay.ingested[0]?.message.content).toBe('Subject: Hello\n\nHi')
  })

  it('relay:ATT3 a mail whose pictures are more than the relay reads still arrives, without them', async () => {
    await setUp()
    const bytes = Buffer.alloc(13 * 1024 * 1024)
    const files = [{ content_id: 'pic', content_disposition: 'inline' as const, content_type: 'image/png', bytes }]
    await announce(relay.resend.receive({ to: [INBOX], html: '<p>Hi <img src="cid:pic"></p>', text: null, files }))
    expect(relay.ingested[0]?.message.content).toBe('Subject: Hello\n\nHi')
    expect(relay.ingested[0]?.message.files?.at(-1)).toMatchObject({ bytes: Buffer.from('<p>Hi <img src="cid:pic"></p>') })
  })
})
