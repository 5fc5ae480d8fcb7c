import { Webhook } from 'svix'
import { afterEach, describe, expect, it } from 'vitest'
import { eventOf } from '../fakes/resend/receiving.ts'
import { signEvent } from '../fakes/resend/webhooks.ts'
import { ANNOUNCED, type EmailRelay, startEmailRelay } from '../fakes/resend/withRelay.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { send } from '../support/http.ts'

let email: EmailRelay
afterEach(() => email.close())

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

const post = (headers: Record<string, string>, body: string) =>
  send(email.relay.url, '/email/inbound', { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body })

describe('mail by events', () => {
  it('relay:EML6 relay:EML7 an event signed by the svix library brings the whole mail to poll and socket', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { channelId, inboundAddress } = await email.verifiedChannel({ channelName: 'Ada', agentId: 'ops' })
    const socket = await email.client.openResumed()
    const mail = email.resend.receive({
      to: [`"Ada's relay" <${inboundAddress}>`],
      from: 'Ada Lovelace <Ada@Example.com>',
      subject: 'Numbers',
      text: 'a<b & c>d',
      headers: { 'In-Reply-To': '<b@x>', References: '<a@x> <b@x>' },
    })
    const body = JSON.stringify(eventOf(mail))
    const at = new Date()
    const signature = new Webhook(email.resend.webhookSecret).sign('msg_svix', at, body)
    const timestamp = String(Math.floor(at.getTime() / 1000))
    const answer = await post({ 'svix-id': 'msg_svix', 'svix-timestamp': timestamp, 'svix-signature': signature }, body)
    expect([answer.status, answer.json]).toEqual([200, { ok: true, messageId: expect.any(String) }])
    const [message] = await email.messages()
    expect(message).toMatchObject({
      id: answer.json.messageId,
      channelId,
      channelType: 'email',
      from: 'ada@example.com',
      content: 'Subject: Numbers\n\na<b & c>d',
      metadata: {
        senderAddress: 'ada@example.com',
        subject: 'Numbers',
        toAddress: inboundAddress,
        threadId: '<a@x>',
        isReply: true,
        emailMessageId: mail.message_id,
        inReplyTo: '<b@x>',
        references: ['<a@x>', '<b@x>'],
        auth: 'unknown',
        channelDirection: 'bidirectional',
        channelAgentId: 'ops',
        channelName: 'Ada',
      },
    })
    expect(await socket.nextOf('message')).toMatchObject({ message: { id: message.id } })
    await socket.close()
  })

  it('relay:EML6 of 1,000 forged or mutated events none is accepted, and the right one still is', async () => {
    email = await startEmailRelay({ env: { ...ANNOUNCED, CHAOS_RATE_LIMITS: '{"inboundAuthFail":{"limit":0,"windowSec":1}}' } })
    const { inboundAddress } = await email.verifiedChannel()
    const mail = email.resend.receive({ to: [inboundAddress] })
    const fetched = email.resend.calls.all.length
    const body = JSON.stringify(eventOf(mail))
    const right = signEvent({ id: 'msg_1', body, secret: email.resend.webhookSecret, at: Date.now() })
    const signature = right['svix-signature'] ?? ''
    const statuses = new Map<number, number>()
    for (let n = 0; n < 1000; n++) {
      const at = n % signature.length
      const changed = signature.slice(0, at) + (signature[at] === 'A' ? 'B' : 'A') + signature.slice(at + 1)
      const forgeries: [Record<string, string>, string][] = [
        [{ ...right, 'svix-signature': changed }, body],
        [right, body.replace('mail-1', `mail-${n + 2}`)],
        [{ ...right, 'svix-timestamp': String(Number(right['svix-timestamp']) - n - 1) }, body],
        [signEvent({ id: 'msg_1', body, secret: `whsec_${Buffer.from(`guess ${n}`).toString('base64')}`, at: Date.now() }), body],
        [signEvent({ id: 'msg_1', body, secret: email.resend.webhookSecret, at: Date.now() - 301_000 - n * 1000 }), body],
      ]
      const [headers, text] = forgeries[n % forgeries.length] ?? [right, body]
      const { status } = await post(headers, text)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    expect([...statuses]).toEqual([[401, 1000]])
    expect(email.resend.calls.all).toHaveLength(fetched)
    expect((await post(right, body)).status).toBe(200)
    expect(await email.messages()).toHaveLength(1)
  })

  it('relay:RL4 forgers use up their own limit, not that of the provider', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { inboundAddress } = await email.verifiedChannel()
    const statuses = []
    for (let n = 0; n < 61; n++) statuses.push((await post({ 'svix-id': 'x' }, '{}')).status)
    expect(statuses).toEqual([...Array(60).fill(401), 429])
    expect(await email.announce(email.resend.receive({ to: [inboundAddress] }))).toEqual([200])
  })

  it('relay:RL1 events are limited for the relay as a whole, and come back later', async () => {
    email = await startEmailRelay({
      env: { ...ANNOUNCED, CHAOS_RATE_LIMITS: '{"emailInbound":{"limit":1,"windowSec":60}}' },
      clock: createFakeClock(),
    })
    const { inboundAddress } = await email.verifiedChannel()
    const [first, second] = [email.resend.receive({ to: [inboundAddress] }), email.resend.receive({ to: [inboundAddress] })]
    expect(await email.announce(first)).toEqual([200])
    expect(await email.announce(second, { attempts: 2 })).toEqual([429, 429])
  })

  it('relay:EML7 a mail that cannot be fetched is 503 to the provider, which comes back; it is stored once', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { inboundAddress } = await email.verifiedChannel()
    const mail = email.resend.receive({ to: [inboundAddress] })
    email.resend.faults.next('mail', { kind: 'refuse', status: 500, code: 'x' })
    email.resend.faults.next('mail', { kind: 'hangUp' })
    expect(await email.announce(mail)).toEqual([503, 503, 200])
    expect(await email.announce(mail)).toEqual([200])
    expect(await email.messages()).toHaveLength(1)
  })

  it('relay:DUR2 the same mail, however often and at once, is one message, also over a restart', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { inboundAddress } = await email.verifiedChannel()
    const mail = email.resend.receive({ to: [inboundAddress] })
    const twin = email.resend.receive({ to: [inboundAddress], message_id: mail.message_id })
    await Promise.all([1, 2, 3, 4, 5].map((n) => email.announce(mail, { id: `msg_${n}` })))
    await email.relay.restart()
    expect(await email.announce(mail)).toEqual([200])
    expect(await email.announce(twin)).toEqual([200])
    expect(await email.messages()).toHaveLength(1)
  })

  it('relay:EML7 relay:EML10 relay:EML11 what is not for the channel is 200, stored nowhere and counted', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { channelId, inboundAddress } = await email.verifiedChannel()
    const to = [inboundAddress]
    for (const mail of [
      { to: ['nobody-0123456789@mail.example.org'] },
      { to, from: 'eve@x.org' },
      { to, from: '"ada@example.com" <eve@x.org>' },
      { to, from: 'eve@x.org, ada@example.com' },
      { to, headers: { 'Auto-Submitted': 'auto-replied' } },
      { to, headers: { Precedence: 'bulk' } },
      { to, headers: { 'return-path': '<>' } },
    ]) {
      expect(await email.announce(email.resend.receive(mail))).toEqual([200])
    }
    expect(await email.messages()).toEqual([])
    expect((await email.channel(channelId)).status).toMatchObject({
      state: 'ok',
      rejected: 6,
      lastRejectedReason: 'The mail has no sender (a bounce or a receipt).',
    })
  })

  it('relay:EML10 the owner decides who may write; an unverified channel takes nothing from anybody', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { channelId, inboundAddress } = await email.verifiedChannel()
    const from = async (sender: string) => {
      await email.announce(email.resend.receive({ to: [inboundAddress], from: sender }))
      return (await email.messages()).at(-1)?.from === sender
    }
    await email.client.patch(`/channels/${channelId}`, { allowedSenders: ['bob@x.org', '@Team.org'] })
    expect([
      await from('bob@x.org'),
      await from('a@team.org'),
      await from('b@sub.team.org'),
      await from('ada@example.com'),
    ]).toEqual([true, true, false, false])
    await email.client.patch(`/channels/${channelId}`, { allowedSenders: [] })
    expect([await from('bob@x.org'), await from('ada@example.com')]).toEqual([false, true])
    await email.client.patch(`/channels/${channelId}`, { allowedSenders: ['*'] })
    expect(await from('anybody@anywhere.net')).toBe(true)
    await email.client.patch(`/channels/${channelId}`, { enabled: false })
    expect(await from('bob@x.org')).toBe(false)
    const open = await email.register()
    expect(await email.announce(email.resend.receive({ to: [open.json.inboundAddress] }))).toEqual([200])
    expect((await email.channel(open.json.channelId)).status).toMatchObject({ rejected: 1, state: 'waiting_verification' })
  })

  it('relay:ATT1 relay:ATT2 relay:ATT3 attachments come with the message, the HTML last, the rest named', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { inboundAddress } = await email.verifiedChannel()
    const html = '<p>See <img src="cid:logo"></p><script>alert(1)</script>'
    const files = [
      {
        filename: '../logo.png',
        content_type: 'text/plain',
        content_disposition: 'inline' as const,
        content_id: 'logo',
        bytes: PNG,
      },
      { filename: 'big.bin', bytes: Buffer.alloc(5 * 1024 * 1024 + 1) },
      ...[1, 2, 3].map((n) => ({ filename: `f${n}.txt`, content_type: 'text/plain', bytes: Buffer.from(`file ${n}`) })),
    ]
    await email.announce(email.resend.receive({ to: [inboundAddress], text: null, html, files }))
    const [message] = await email.messages()
    expect(message.content).toBe('Subject: Hello\n\nSee')
    expect(message.attachments.map(({ filename, role }: Record<string, string>) => [filename, role])).toEqual([
      ['f1.txt', undefined],
      ['f2.txt', undefined],
      ['f3.txt', undefined],
      ['message.html', 'html'],
    ])
    expect(message.metadata.attachmentsOmitted).toEqual([
      { filename: 'big.bin', size: 5 * 1024 * 1024 + 1, reason: expect.stringContaining('5 MiB') },
      { filename: 'logo.png', size: PNG.length, reason: expect.stringContaining('3 files') },
    ])
    const download = (n: number) => email.client.get(`/messages/${message.id}/attachments/${message.attachments[n].id}`)
    await expect.poll(async () => (await download(1)).text).toBe('file 2')
    expect((await download(3)).text).toBe(html.replace('cid:logo', `data:text/plain;base64,${PNG.toString('base64')}`))
  })

  it('relay:ATT6 a file that cannot be fetched at once comes later; the text is there before', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { inboundAddress } = await email.verifiedChannel()
    email.resend.faults.next('file', { kind: 'refuse', status: 500, code: 'x' })
    email.resend.faults.next('download', { kind: 'refuse', status: 403, code: 'expired' })
    const files = [{ filename: 'photo.png', content_type: 'application/octet-stream', bytes: PNG }]
    await email.announce(email.resend.receive({ to: [inboundAddress], files }))
    const [message] = await email.messages()
    const target = `/messages/${message.id}/attachments/${message.attachments[0].id}`
    await expect.poll(async () => (await email.client.get(target)).bytes).toEqual(PNG)
    expect((await email.messages())[0].attachments[0]).toMatchObject({ kind: 'image', mimeType: 'image/png' })
  })

  it('relay:EML6 without a secret events are 503; unsigned ones only count on loopback', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { inboundAddress } = await email.verifiedChannel()
    const body = JSON.stringify(eventOf(email.resend.receive({ to: [inboundAddress] })))
    await email.relay.restart({ ...email.resend.env, ...ANNOUNCED })
    const refused = await post({}, body)
    expect([refused.status, refused.json.code]).toEqual([503, 'email_not_configured'])
    await email.relay.restart({ ...email.resend.env, ...ANNOUNCED, CHAOS_EMAIL_UNSIGNED: '1' })
    expect((await post({}, body)).status).toBe(200)
  })

  it('relay:CH10 mail to a deleted channel is for nobody', async () => {
    email = await startEmailRelay({ env: ANNOUNCED })
    const { channelId, inboundAddress } = await email.verifiedChannel()
    await email.client.del(`/channels/${channelId}`)
    expect(await email.announce(email.resend.receive({ to: [inboundAddress] }))).toEqual([200])
    expect(await email.messages()).toEqual([])
  })
})
