import { afterEach, describe, expect, it } from 'vitest'
import { RelayError } from '../../lib/protocol/errors.ts'
import { mailText, type ReceivingRelay, startReceivingRelay } from '../fakes/smtp/receiving.ts'

let email: ReceivingRelay
afterEach(() => email.close())

const rejected = async (channelId: string) => {
  const { rejected: count = 0, lastRejectedReason } = (await email.channel(channelId)).status
  return [count, lastRejectedReason]
}

describe('mail in by SMTP', () => {
  it('relay:EML8 relay:EML9 relay:EML11 relay:CUR11 a mail from an allowed sender is a message of the channel', async () => {
    email = await startReceivingRelay()
    const { channelId, inboundAddress } = await email.verifiedChannel()
    const socket = await email.client.openResumed()
    const raw = mailText(
      { Subject: '=?utf-8?Q?Gr=C3=BC=C3=9Fe?=', 'In-Reply-To': '<b@x>', References: '<a@x> <b@x>' },
      'a<b and c>d\n.\n..',
    )
    expect(await email.deliver(raw, inboundAddress.toUpperCase())).toBe('250 2.0.0 Stored')
    const { message } = await socket.nextOf('message')
    expect(message).toMatchObject({
      channelId,
      channelType: 'email',
      from: 'ada@example.com',
      content: 'Subject: Grüße\n\na<b and c>d\n.\n..\n',
      metadata: {
        senderAddress: 'ada@example.com',
        subject: 'Grüße',
        toAddress: inboundAddress,
        threadId: '<a@x>',
        isReply: true,
        emailMessageId: '<m1@example.com>',
        inReplyTo: '<b@x>',
        references: ['<a@x>', '<b@x>'],
        auth: { spf: 'pass', dkim: 'none', dmarc: 'pass', aligned: true },
      },
    })
    await socket.close()
  })

  it('relay:EML12 relay:REP5 what came by SMTP is answered by SMTP', async () => {
    email = await startReceivingRelay()
    const { channelId, inboundAddress } = await email.verifiedChannel()
    await email.deliver(mailText({ Subject: 'Re: Numbers' }), inboundAddress)
    await email.client.post('/reply', { channelId, content: 'Ten' })
    const sent = await email.out.mails.next()
    expect(sent).toMatchObject({ mailFrom: inboundAddress, rcptTo: ['ada@example.com'] })
    expect(sent.raw).toMatch(/^Subject: Re: Numbers\r$/m)
    expect(sent.raw).toMatch(/^In-Reply-To: <m1@example\.com>\r$/m)
  })

  it('relay:EML8 relay:CH9 unknown, unverified and switched off recipients are refused at once, and counted where there is a channel', async () => {
    email = await startReceivingRelay()
    const unverified = await email.register()
    await email.out.mails.next()
    const off = await email.verifiedChannel()
    await email.client.patch(`/channels/${off.channelId}`, { enabled: false })
    const smtp = await email.connect()
    const noSuch = '550 5.1.1 There is no such address here.'
    expect(
      (await smtp.begin('ada@example.com', 'nobody@mail.example.org', unverified.inboundAddress, off.inboundAddress)).slice(2),
    ).toEqual([noSuch, noSuch, '550 5.2.1 This address takes no mail at the moment.'])
    expect(await smtp.say('DATA')).toMatch(/^503 /)
    smtp.close()
    await expect.poll(() => rejected(unverified.channelId)).toEqual([1, 'The address of the channel is not confirmed yet.'])
    await expect.poll(() => rejected(off.channelId)).toEqual([1, 'The channel is switched off.'])
    await email.client.patch(`/channels/${off.channelId}`, { enabled: true })
    expect(await email.deliver(mailText(), off.inboundAddress)).toMatch(/^250 /)
  })

  it('relay:EML8 it relays nothing for anybody, and nobody can log in', async () => {
    email = await startReceivingRelay()
    const { inboundAddress } = await email.verifiedChannel()
    const [local, domain] = inboundAddress.split('@')
    const smtp = await email.connect()
    const [hello] = await smtp.begin('ada@example.com')
    expect(hello).not.toMatch(/AUTH|STARTTLS|XCLIENT|XFORWARD/)
    const elsewhere = ['eve@example.com', `${local}@example.com`, `${local}%example.com@${domain}`, `eve@example.com@${domain}`]
    const routed = [
      `@${domain}:eve@example.com`,
      `"eve@example.com"@${domain}`,
      `${domain}!eve@example.com`,
      `postmaster@${domain}`,
    ]
    for (const to of [...elsewhere, ...routed]) expect(await smtp.say(`RCPT TO:<${to}>`), to).toMatch(/^5\d\d /)
    for (const line of ['AUTH PLAIN AGEAYg==', 'AUTH LOGIN', 'XCLIENT ADDR=127.0.0.1', 'STARTTLS'])
      expect(await smtp.say(line)).toMatch(/^5\d\d /)
    smtp.close()
    expect(email.out.mails.all).toHaveLength(1)
    expect(await email.messages()).toEqual([])
  })

  it('relay:EML10 relay:EML8 a sender nobody allowed is refused with 5.7.1, counted, and stores nothing', async () => {
    email = await startReceivingRelay({ zone: { 'sub.example.com': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] } } })
    const { channelId, inboundAddress } = await email.verifiedChannel()
    const from = (address: string) =>
      email.deliver(mailText({ From: address, 'Message-ID': '' }), inboundAddress, { mailFrom: address })
    expect(await from('bob@example.com')).toBe('550 5.7.1 This address does not take mail from you.')
    await expect.poll(() => rejected(channelId)).toEqual([1, 'bob@example.com is not an allowed sender.'])
    await email.client.patch(`/channels/${channelId}`, { allowedSenders: ['@Example.com'] })
    expect(await from('bob@example.com')).toMatch(/^250 /)
    expect(await from('bob@sub.example.com')).toMatch(/^550 5\.7\.1 /)
    await email.client.patch(`/channels/${channelId}`, { allowedSenders: ['*'] })
    expect(await from('bob@sub.example.com')).toMatch(/^250 /)
    expect((await email.messages()).map((message: { from: string }) => message.from)).toEqual([
      'bob@example.com',
      'bob@sub.example.com',
    ])
  })

  it.each([
    ['a bounce', {}, ''],
    ['an answering machine', { 'Auto-Submitted': 'auto-replied' }, 'ada@example.com'],
    ['a bulk mail', { Precedence: 'bulk' }, 'ada@example.com'],
    ['a list', { Precedence: 'list' }, 'ada@example.com'],
  ])('relay:EML11 %s is refused and counted, whoever is allowed', async (_what, fields, mailFrom) => {
    email = await startReceivingRelay()
    const { channelId, inboundAddress } = await email.verifiedChannel({ allowedSenders: ['*'] })
    expect(await email.deliver(mailText(fields), inboundAddress, { mailFrom })).toBe(
      '550 5.7.1 This address takes no automatic mail.',
    )
    await expect.poll(async () => (await rejected(channelId))[0]).toBe(1)
    expect(await email.messages()).toEqual([])
  })

  it('relay:EML8 a mail that is too large is refused by its announced size and while it comes, and the conversation goes on', async () => {
    email = await startReceivingRelay({ env: { CHAOS_SMTP_MAX_BYTES: '65536' } })
    const { inboundAddress } = await email.verifiedChannel()
    const smtp = await email.connect()
    expect(await smtp.say('EHLO client.example')).toMatch(/^250 SIZE 65536$/m)
    expect(await smtp.say('MAIL FROM:<ada@example.com> SIZE=65537')).toMatch(/^552 /)
    await smtp.say('MAIL FROM:<ada@example.com> SIZE=10')
    await smtp.say(`RCPT TO:<${inboundAddress}>`)
    expect(await smtp.text(mailText({}, 'x'.repeat(70).concat('\n').repeat(30_000)))).toBe('552 5.3.4 This mail is too large.')
    await smtp.say('MAIL FROM:<ada@example.com>')
    await smtp.say(`RCPT TO:<${inboundAddress}>`)
    expect(await smtp.text(mailText())).toMatch(/^250 /)
    smtp.close()
    expect(await email.messages()).toHaveLength(1)
  })

  it('relay:DUR1 relay:ERR2 a store that takes nothing is 451, and the mail handed over again is stored once', async () => {
    email = await startReceivingRelay()
    const { inboundAddress } = await email.verifiedChannel()
    const { inbox } = email.relay.relay.store
    const append = inbox.append
    for (const failure of [
      new RelayError('storage_unavailable', 'The disk is full.'),
      Object.assign(new Error('full'), { code: 'ENOSPC' }),
    ]) {
      inbox.append = () => Promise.reject(failure)
      expect(await email.deliver(mailText(), inboundAddress)).toBe('451 4.3.0 This mail could not be stored. Try again later.')
    }
    inbox.append = append
    for (const _again of [1, 2]) expect(await email.deliver(mailText(), inboundAddress)).toBe('250 2.0.0 Stored')
    expect(await email.messages()).toHaveLength(1)
  })

  it('relay:DUR2 a repeated Message-ID is stored once; without one, the same bytes are', async () => {
    email = await startReceivingRelay()
    const { inboundAddress } = await email.verifiedChannel()
    const nameless = mailText({ 'Message-ID': '', Date: 'Thu, 01 Jan 2026 00:00:00 +0000' })
    for (const raw of [mailText(), mailText({}, 'Another'), nameless, nameless, nameless.replace('Hello there', 'Another')])
      expect(await email.deliver(raw, inboundAddress)).toBe('250 2.0.0 Stored')
    expect((await email.messages()).map((message: { content: string }) => message.content)).toEqual([
      'Subject: Hello\n\nHello there\n',
      'Subject: Hello\n\nHello there\n',
      'Subject: Hello\n\nAnother\n',
    ])
  })

  it('relay:EML8 relay:DUR1 a mail for several channels is in all of them before the 250, once each, also when one failed at first', async () => {
    email = await startReceivingRelay()
    const channels = [await email.verifiedChannel(), await email.verifiedChannel(), await email.verifiedChannel()]
    const addresses = channels.map(({ inboundAddress }) => inboundAddress)
    const stranger = await email.verifiedChannel({ allowedSenders: ['bob@example.com'] })
    const { inbox } = email.relay.relay.store
    const append = inbox.append
    let calls = 0
    inbox.append = (message) => (++calls === 2 ? Promise.reject(new RelayError('storage_unavailable', 'full')) : append(message))
    expect(await email.deliver(mailText(), addresses)).toMatch(/^451 /)
    inbox.append = append
    const before = (await email.messages()).length
    expect(before).toBeLessThan(3)
    expect(await email.deliver(mailText(), [...addresses, stranger.inboundAddress])).toBe('250 2.0.0 Stored')
    const stored = (await email.messages()).map((message: { channelId: string }) => message.channelId)
    expect(stored.sort()).toEqual(channels.map(({ channelId }) => channelId).sort())
    await expect.poll(async () => (await rejected(stranger.channelId))[0]).toBe(1)
  })

  it('relay:CH10 a channel deleted between its address and the text gets nothing', async () => {
    email = await startReceivingRelay()
    const { channelId, inboundAddress } = await email.verifiedChannel()
    const smtp = await email.connect()
    await smtp.begin('ada@example.com', inboundAddress)
    expect((await email.client.del(`/channels/${channelId}`)).status).toBe(200)
    expect(await smtp.text(mailText())).toBe('550 5.2.1 This address takes no mail at the moment.')
    smtp.close()
    expect(await email.messages()).toEqual([])
  })

  it('relay:GEN8 a relay that stops says so to who is connected, and takes nothing any more', async () => {
    email = await startReceivingRelay()
    const { inboundAddress } = await email.verifiedChannel()
    const smtp = await email.connect()
    await smtp.begin('ada@example.com', inboundAddress)
    const closing = email.relay.close()
    expect(await smtp.reply()).toBe('421 4.3.2 The relay is stopping. Try again later.')
    await closing
    expect(await smtp.say('DATA')).toBe('closed')
  })
})
