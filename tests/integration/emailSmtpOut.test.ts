import { afterEach, describe, expect, it } from 'vitest'
import { linkIn, type SmtpRelay, startSmtpRelay } from '../fakes/smtp/withRelay.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { send } from '../support/http.ts'

let email: SmtpRelay
afterEach(() => email.close())

async function answerable(options?: Parameters<typeof startSmtpRelay>[0], mail = {}) {
  email = await startSmtpRelay(options)
  const { channelId, inboundAddress } = await email.verifiedChannel()
  await email.mailArrives(inboundAddress, mail)
  const reply = async (body: Record<string, unknown> = {}) =>
    (await email.client.post('/reply', { channelId, content: 'Fine', ...body })).json.responseId as string
  return { channelId, inboundAddress, reply }
}

describe('mail out by SMTP', () => {
  it('relay:EML1 relay:EML3 relay:HLT1 without Resend the link goes out through the mail server', async () => {
    email = await startSmtpRelay({ env: { RESEND_API_KEY: '' } })
    expect((await send(email.relay.url, '/health')).json.features).toContain('email')
    const registered = await email.register()
    expect(registered.status).toBe(201)
    const wire = await email.smtp.mails.next()
    expect(wire).toMatchObject({ mailFrom: 'noreply@mail.example.org', rcptTo: ['ada@example.com'] })
    expect(wire.raw).toMatch(/^From: Chaos Relay <noreply@mail\.example\.org>\r$/m)
    expect(wire.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m)
    expect((await email.confirm(await linkIn(wire))).status).toBe(200)
    expect((await email.channel(registered.json.channelId)).status.state).toBe('ok')
  })

  it('relay:EML1 a mail server that refuses the address or cannot be reached registers nothing', async () => {
    email = await startSmtpRelay()
    email.smtp.next('rcpt', '550 5.1.1 no such user')
    const refused = await email.register()
    expect([refused.status, refused.json.code]).toEqual([400, 'provider_rejected'])
    expect(refused.json.error).toBe('The mail was not sent. The mail server refused: 550 5.1.1 no such user')
    email.smtp.next('greeting', 'drop')
    const unreachable = await email.register()
    expect([unreachable.status, unreachable.json.code]).toEqual([400, 'provider_unreachable'])
    expect((await email.client.get('/channels')).json.channels).toEqual([])
  })

  it('relay:EML12 a reply is one mail in the thread, from the address of the channel to the sender alone', async () => {
    const { inboundAddress, reply } = await answerable(
      {},
      { subject: 'RE: Numbers', message_id: '<n@x>', headers: { References: '<a@x>' } },
    )
    const content = '**Ten**, see: a<b and c>d\n.\n.. dots ✓'
    const attachments = [{ filename: 'zehn ✓.txt', mimeType: 'text/plain', dataBase64: Buffer.from('10').toString('base64') }]
    const responseId = await reply({ content, attachments })
    const { wire, email: mail } = await email.nextReply()
    expect(wire).toMatchObject({ mailFrom: inboundAddress, rcptTo: ['ada@example.com'] })
    expect(mail).toMatchObject({
      from: { address: inboundAddress },
      to: [{ address: 'ada@example.com' }],
      subject: 'Re: Numbers',
      inReplyTo: '<n@x>',
      references: '<a@x> <n@x>',
      messageId: expect.stringMatching(/^<[0-9a-f]{32}@mail\.example\.org>$/),
    })
    expect(mail.text?.trimEnd()).toBe(content)
    expect(mail.html).toContain('<strong>Ten</strong>, see: a&lt;b and c&gt;d')
    expect(mail.attachments).toMatchObject([{ filename: 'zehn ✓.txt', mimeType: 'text/plain', disposition: 'attachment' }])
    await expect.poll(() => email.state(responseId)).toMatchObject({ state: 'sent', platformMessageId: mail.messageId })
  })

  it('relay:EML12 nothing anybody writes puts a line of its own into the header on the wire', async () => {
    const eve = 'Bcc: eve@x.org'
    const breaks = [
      '\r\n',
      '\n',
      '\r',
      '\r\n ',
      '\n\t',
      '\u2028',
      '\u0085',
      '\u000b',
      '\u0000\r\n',
      '=?utf-8?B?DQo=?=',
      '=?utf-8?Q?=0D=0A?=',
      '嘊嘍',
    ]
    const evil = breaks.map((br) => `${br}${eve}${br}${br}X-Evil: 1`).join('')
    email = await startSmtpRelay()
    const { channelId, inboundAddress } = await email.verifiedChannel()
    await email.client.patch(`/channels/${channelId}`, { name: `Mine${evil}` })
    const headers = { 'In-Reply-To': `<a@x>${evil}`, References: `<a@x>${evil} <b\r\n${eve}@x> <c\r@x> <d@x>` }
    const from = `"Ada${evil}" <ada@example.com>`
    await email.mailArrives(inboundAddress, { from, subject: `Hello${evil}`, message_id: `<m@x>${evil}`, headers })
    const dataBase64 = Buffer.from('1').toString('base64')
    const attachments = ['\r\n', '"; x="', '\u2028'].map((br) => ({
      filename: `a${br}${eve}${br}.txt`,
      mimeType: `text/plain${br}${eve}`,
      dataBase64,
    }))
    const metadata = { subject: evil, 'In-Reply-To': evil, headers: { Bcc: eve }, replyTo: `x${evil}`, format: `plain${evil}` }
    const answer = await email.client.post('/reply', { channelId, content: `Hi${evil}`, attachments, metadata })
    expect(answer.status, answer.text).toBe(200)
    const { wire, email: mail } = await email.nextReply()
    expect([wire.mailFrom, wire.rcptTo]).toEqual([inboundAddress, ['ada@example.com']])
    // However lines end for whoever reads it: each begins a header that the relay writes, or goes on with one.
    const [head = ''] = wire.raw.split('\r\n\r\n', 1)
    const names = head.split(/\r\n(?![ \t])/).map((line) => /^([A-Za-z-]+): /.exec(line)?.[1] ?? line)
    expect(names.toSorted()).toEqual([
      'Auto-Submitted',
      'Content-Type',
      'Date',
      'From',
      'In-Reply-To',
      'MIME-Version',
      'Message-ID',
      'References',
      'Subject',
      'To',
    ])
    expect(wire.raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(mail).toMatchObject({ from: { address: inboundAddress }, to: [{ address: 'ada@example.com' }], inReplyTo: '<m@x>' })
    expect(mail.references).toBe('<a@x> <d@x> <m@x>')
    expect(mail.subject).toMatch(/^Re: Hello /)
    expect([mail.bcc, mail.cc, mail.replyTo]).toEqual([undefined, undefined, undefined])
    for (const part of wire.raw.split(/^--[^\r\n]+\r\n/m).slice(1)) {
      const [partHead = ''] = part.split('\r\n\r\n', 1)
      for (const line of partHead.split(/\r\n(?![ \t])/).filter((text) => text !== ''))
        expect(line).toMatch(/^Content-(?:Type|Disposition|Transfer-Encoding): /)
    }
    expect(mail.attachments.map(({ mimeType }) => mimeType)).toEqual(Array(3).fill('application/octet-stream'))
  })

  it('relay:REP8 what passes is tried again, with the server’s own words meanwhile', async () => {
    const clock = createFakeClock()
    const { reply } = await answerable({ clock })
    const passing: [Parameters<typeof email.smtp.next>[0], string, RegExp][] = [
      ['greeting', '421 too busy', /not reachable/],
      ['greeting', 'drop', /not reachable/],
      ['mail', '452 4.3.1 full', /asks to try later: 452 4\.3\.1 full/],
      ['rcpt', '450 4.2.0 greylisted', /asks to try later: 450 4\.2\.0 greylisted/],
      ['sent', '451 4.7.1 later', /asks to try later: 451 4\.7\.1 later/],
    ]
    for (const [stage, fault] of passing) email.smtp.next(stage, fault)
    const responseId = await reply()
    for (const [index, [, , reason]] of passing.entries()) {
      await expect.poll(async () => (await email.state(responseId)).attempts).toBe(index + 1)
      expect(await email.state(responseId)).toMatchObject({ state: 'queued', reason: expect.stringMatching(reason) })
      await clock.advance(400_000)
    }
    await email.nextReply()
    await expect.poll(async () => (await email.state(responseId)).state).toBe('sent')
    expect((await email.state(responseId)).reason).toBeUndefined()
  })

  it.each([
    ['mail', '550 5.7.1 not from here'],
    ['rcpt', '550 5.1.1 no such user'],
    ['data', '554 5.5.1 no valid recipients'],
    ['sent', '554 5.7.1 looks like spam'],
  ] as const)('relay:REP8 a final answer to %s fails the reply at once with its reason', async (stage, fault) => {
    const { channelId, reply } = await answerable()
    email.smtp.next(stage, fault)
    const responseId = await reply()
    await expect.poll(() => email.state(responseId)).toMatchObject({ state: 'failed', reason: `The mail server refused: ${fault}` })
    expect((await email.channel(channelId)).status.state).toBe('ok')
  })

  it('relay:REP9 an answer lost after the text: sent again with the same Message-ID, and it says that it may have arrived twice', async () => {
    const clock = createFakeClock()
    const { reply } = await answerable({ clock })
    email.smtp.next('sent', 'takeAndDrop')
    const responseId = await reply()
    const first = await email.nextReply()
    await expect.poll(async () => (await email.state(responseId)).attempts).toBe(1)
    await clock.advance(10_000)
    const second = await email.nextReply()
    expect(second.email.messageId).toBe(first.email.messageId)
    await expect.poll(() => email.state(responseId)).toMatchObject({ state: 'sent', reason: expect.stringContaining('twice') })
  })

  it('relay:CH11 a refused password is told in the status of the channel, and the right one mends it', async () => {
    const server = { credentials: { user: 'relay@example.org', password: 'p@ss:w/rd' } }
    const url = (port: number) => `smtp://relay%40example.org:p%40ss%3Aw%2Frd@127.0.0.1:${port}`
    const { channelId, reply } = await answerable({ server, url })
    email.smtp.next('auth', '535 5.7.8 wrong')
    const refused = await reply()
    await expect.poll(async () => (await email.state(refused)).state).toBe('failed')
    expect((await email.channel(channelId)).status).toMatchObject({
      state: 'auth_failed',
      detail: expect.stringContaining('CHAOS_SMTP_OUT_URL'),
    })
    await reply()
    expect((await email.nextReply()).wire.user).toBe('relay@example.org')
    await expect.poll(async () => (await email.channel(channelId)).status.state).toBe('ok')
  })

  it('relay:LOG1 relay:ERR1 neither answers nor states quote the password', async () => {
    const server = { credentials: { user: 'relay', password: 'right' } }
    email = await startSmtpRelay({ server, url: (port) => `smtp://relay:canary-password@127.0.0.1:${port}` })
    const refused = await email.register()
    expect([refused.status, refused.json.code]).toEqual([400, 'provider_rejected'])
    expect(refused.text).not.toContain('canary-password')
  })
})
