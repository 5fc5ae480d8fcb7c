import { afterEach, describe, expect, it } from 'vitest'
import { mailText, type ReceivingRelay, startReceivingRelay } from '../fakes/smtp/receiving.ts'
import { makeDkimKey } from '../support/dkim.ts'
import type { Zone } from '../support/dns.ts'

let email: ReceivingRelay
afterEach(() => email.close())

/** The relay of this test is connected to from 127.0.0.1, which `example.com` sends from, or from 127.0.0.9, which nobody does. */
const ELSEWHERE = '127.0.0.9'
const UNPROVEN = /^550 5\.7\.26 /

async function inbox(zone: Zone = {}, allowedSenders?: string[]): Promise<string> {
  email = await startReceivingRelay({ zone })
  return (await email.verifiedChannel({ allowedSenders })).inboundAddress
}
const auths = async () => (await email.messages()).map(({ metadata }: { metadata: { auth: unknown } }) => metadata.auth)

describe('who a mail is from', () => {
  it('relay:EML9 a forged sender is refused with 5.7.26, counted, and stores nothing, whatever the mail says about itself', async () => {
    const to = await inbox()
    const claims = {
      'Authentication-Results':
        'mail.example.org; spf=pass smtp.mailfrom=example.com; dkim=pass header.d=example.com; dmarc=pass header.from=example.com',
      'Received-SPF': 'pass (mail.example.org: domain of ada@example.com designates 127.0.0.9 as permitted sender)',
      'ARC-Authentication-Results': 'i=1; mail.example.org; dmarc=pass header.from=example.com',
    }
    expect(await email.deliver(mailText(claims), to, { from: ELSEWHERE })).toMatch(UNPROVEN)
    expect(await email.deliver(mailText(claims), to, { from: ELSEWHERE, mailFrom: 'eve@elsewhere.example' })).toMatch(UNPROVEN)
    const [{ status }] = (await email.client.get('/channels')).json.channels
    expect(status).toMatchObject({
      rejected: 2,
      lastRejectedReason: 'Nothing proves that a mail was from ada@example.com: SPF none, DKIM none, DMARC fail.',
    })
    expect(await email.messages()).toEqual([])
  })

  it('relay:EML9 SPF of another domain, and DKIM of another domain, vouch for nobody else', async () => {
    const evil = makeDkimKey('evil.example')
    const to = await inbox({ ...evil.zone, 'evil.example': { TXT: [`v=spf1 ip4:${ELSEWHERE} -all`] } })
    const raw = await evil.sign(mailText())
    expect(await email.deliver(raw, to, { from: ELSEWHERE, mailFrom: 'ada@evil.example' })).toMatch(UNPROVEN)
    expect(await email.deliver(raw, to, { from: ELSEWHERE, mailFrom: 'ada@example.com' })).toMatch(UNPROVEN)
  })

  it('relay:EML9 DKIM of the domain vouches from anywhere, until a byte of what it signed is another', async () => {
    const key = makeDkimKey('example.com')
    const to = await inbox(key.zone)
    const raw = await key.sign(mailText({}, 'Pay 10'))
    const elsewhere = { from: ELSEWHERE, mailFrom: 'list@elsewhere.example' }
    const tampered = [
      raw.replace('Pay 10', 'Pay 90'),
      raw.replace('Subject: Hello', 'Subject: Hallo'),
      raw.replace('Ada <ada@', 'Bob <ada@'),
    ]
    for (const forged of tampered) expect(await email.deliver(forged, to, elsewhere)).toMatch(UNPROVEN)
    expect(await email.deliver(raw, to, elsewhere)).toBe('250 2.0.0 Stored')
    expect(await auths()).toEqual([{ spf: 'none', dkim: 'pass', dmarc: 'pass', aligned: true }])
  })

  it('relay:EML9 a signature over a part of the text lets nobody add to it', async () => {
    const key = makeDkimKey('example.com')
    const to = await inbox(key.zone)
    const raw = await key.sign(mailText({}, 'Pay 10'), { maxBodyLength: 8 })
    expect(await email.deliver(raw.concat('and 90 more\r\n'), to, { from: ELSEWHERE, mailFrom: 'e@x.example' })).toMatch(UNPROVEN)
    // SPF vouches for who handed it over, with all that is in it.
    expect(await email.deliver(raw, to)).toBe('250 2.0.0 Stored')
  })

  it('relay:EML9 without a DMARC record SPF or DKIM of the same organisation is enough, and nothing less', async () => {
    const key = makeDkimKey('mail.plain.example')
    const zone = {
      ...key.zone,
      'plain.example': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
      'bounces.plain.example': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
    }
    const to = await inbox(zone, ['@plain.example', '@co.uk', '@b.co.uk'])
    const raw = (id: string, from = 'ada@plain.example') => mailText({ From: from, 'Message-ID': `<${id}>` })
    expect(await email.deliver(raw('1'), to, { mailFrom: 'x@bounces.plain.example' })).toBe('250 2.0.0 Stored')
    expect(await email.deliver(await key.sign(raw('2')), to, { from: ELSEWHERE, mailFrom: 'x@y.example' })).toBe('250 2.0.0 Stored')
    expect(await email.deliver(raw('3'), to, { from: ELSEWHERE, mailFrom: 'ada@plain.example' })).toMatch(UNPROVEN)
    expect(await email.deliver(raw('4'), to, { mailFrom: 'ada@example.com' })).toMatch(UNPROVEN)
    email.dns.zone['a.co.uk'] = { TXT: ['v=spf1 ip4:127.0.0.1 -all'] }
    // Both are below co.uk, which is nobody's.
    expect(await email.deliver(raw('5', 'ada@b.co.uk'), to, { mailFrom: 'ada@a.co.uk' })).toMatch(UNPROVEN)
    expect(await auths()).toEqual([
      { spf: 'pass', dkim: 'none', dmarc: 'none', aligned: true },
      { spf: 'none', dkim: 'pass', dmarc: 'none', aligned: true },
    ])
  })

  it.each([
    ['two From fields', 'From: ada@example.com\r\nFrom: eve@evil.example\r\n', /^550 5\.6\.0 .*more than one from field/],
    ['two people in one From', 'From: eve@evil.example, ada@example.com\r\n', /^550 5\.7\.1 /],
    ['a name that looks like an address', 'From: "ada@example.com" <eve@evil.example>\r\n', /^550 5\.7\.1 /],
    ['an address inside a comment', 'From: eve@evil.example (ada@example.com)\r\n', /^550 5\.7\.1 /],
    ['a route', 'From: <@evil.example:ada@example.com>\r\n', /^550 5\.7\.1 /],
    ['a group', 'From: friends: ada@example.com, eve@evil.example;\r\n', /^550 5\.7\.1 /],
    ['no From', '', /^550 5\.7\.1 /],
    ['a From behind a name', 'X: y\r\nFrom : ada@example.com\r\n', /^550 5\.6\.0 /],
    ['a From in an encoded word', 'From: =?utf-8?Q?ada=40example=2Ecom?= <eve@evil.example>\r\n', /^550 5\.7\.1 /],
  ])('relay:EML9 relay:EML10 %s makes nobody of an allowed sender', async (_what, from, answer) => {
    const evil = makeDkimKey('evil.example')
    const to = await inbox({ ...evil.zone, 'evil.example': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] } })
    const raw = `${from}To: x\r\nSubject: Hello\r\n\r\nHello\r\n`
    const signed = await evil.sign(raw).catch(() => raw)
    expect(await email.deliver(signed, to, { mailFrom: 'eve@evil.example' })).toMatch(answer)
    expect(await email.messages()).toEqual([])
  })

  it.each([
    'Subject: Another',
    'Message-ID: <other@example.com>',
    'Content-Type: text/html',
    'References: <x@y>',
    'Reply-To: x\r\nSender: a@b.c\r\nSender: eve@evil.example',
  ])('relay:EML9 nobody puts a second field above a signed one: %s', async (field) => {
    const key = makeDkimKey('example.com')
    const to = await inbox(key.zone)
    const raw = await key.sign(mailText({ 'Content-Type': 'text/plain', References: '<a@x>' }))
    expect(await email.deliver(`${field}\r\n${raw}`, to, { from: ELSEWHERE })).toMatch(
      /^550 5\.6\.0 This mail cannot be read: it has more than one /,
    )
    expect(await email.deliver(raw, to, { from: ELSEWHERE })).toBe('250 2.0.0 Stored')
  })

  it('relay:EML8 relay:EML9 name servers that do not answer are 451; once they do, the mail is taken', async () => {
    const to = await inbox({ '_dmarc.example.com': 'broken', 'example.com': 'broken' })
    expect(await email.deliver(mailText(), to)).toBe('451 4.7.0 The name servers of the sender did not answer. Try again later.')
    const [{ status }] = (await email.client.get('/channels')).json.channels
    expect(status.rejected ?? 0).toBe(0)
    email.dns.zone['example.com'] = { TXT: ['v=spf1 ip4:127.0.0.1 -all'] }
    email.dns.zone['_dmarc.example.com'] = { TXT: ['v=DMARC1; p=none'] }
    expect(await email.deliver(mailText(), to)).toBe('250 2.0.0 Stored')
  })

  it('relay:EML9 a domain that wants its very own name gets no less', async () => {
    const strict = { TXT: ['v=DMARC1; p=reject; aspf=s; adkim=s'] }
    const to = await inbox({ '_dmarc.example.com': strict, 'bounces.example.com': { TXT: ['v=spf1 ip4:127.0.0.1 -all'] } })
    expect(await email.deliver(mailText(), to, { mailFrom: 'x@bounces.example.com' })).toMatch(UNPROVEN)
    expect(await email.deliver(mailText(), to, { mailFrom: 'x@example.com' })).toBe('250 2.0.0 Stored')
  })

  it('relay:EML9 folded fields, even over empty-looking lines, are read whole by both readers', async () => {
    const key = makeDkimKey('example.com')
    const to = await inbox(key.zone)
    const folded = mailText({ From: 'Ada\r\n <ada@example.com>', Subject: 'one\r\n \r\n\ttwo' })
    expect(await email.deliver(await key.sign(folded), to, { from: ELSEWHERE })).toBe('250 2.0.0 Stored')
    expect((await email.messages())[0].metadata).toMatchObject({ subject: 'one two', auth: { dkim: 'pass' } })
  })

  it('relay:EML9 a policy that asks for nothing excuses nothing', async () => {
    const to = await inbox({ '_dmarc.example.com': { TXT: ['v=DMARC1; p=none'] } })
    expect(await email.deliver(mailText(), to, { from: ELSEWHERE })).toMatch(UNPROVEN)
  })
})
