import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mailText, type ReceivingRelay, startReceivingRelay } from '../fakes/smtp/receiving.ts'
import { makeDkimKey } from '../support/dkim.ts'
import type { Zone } from '../support/dns.ts'
import { type Opinion, startRspamd, type Word } from '../support/rspamd.ts'

/** Where mail comes from: the address `example.com` and others send from, and one nobody sends from. */
const [OWN, FOREIGN] = ['127.0.0.1', '127.0.0.9']
const own = ['v=spf1 ip4:127.0.0.1 -all']
const strict = ['v=DMARC1; p=reject; adkim=s; aspf=s']

const keys = {
  example: makeDkimKey('example.com'),
  sub: makeDkimKey('mail.example.com'),
  evil: makeDkimKey('evil.example'),
  plain: makeDkimKey('plain.example'),
  strict: makeDkimKey('sub.strict.example'),
  revoked: makeDkimKey('example.com', 'revoked'),
  unpublished: makeDkimKey('example.com', 'unpublished'),
}
const zone: Zone = {
  ...keys.example.zone,
  ...keys.sub.zone,
  ...keys.evil.zone,
  ...keys.plain.zone,
  ...keys.strict.zone,
  'revoked._domainkey.example.com': { TXT: ['v=DKIM1; p='] },
  'bounces.example.com': { TXT: own },
  'evil.example': { TXT: [`v=spf1 ip4:${FOREIGN} -all`] },
  'plain.example': { TXT: own },
  'bare.example': { A: ['127.0.0.1'] },
  'soft.example': { TXT: ['v=spf1 ~all'] },
  '_dmarc.soft.example': { TXT: ['v=DMARC1; p=none'] },
  'wrong.example': { TXT: ['v=spf1 ip4:127.0.0.1 ip4:oops -all'] },
  '_dmarc.wrong.example': { TXT: ['v=DMARC1; p=quarantine'] },
  'included.example': { TXT: ['v=spf1 include:plain.example -all'] },
  '_dmarc.included.example': { TXT: ['v=DMARC1; p=reject'] },
  'strict.example': { TXT: own },
  'sub.strict.example': { TXT: own },
  '_dmarc.strict.example': { TXT: strict },
  'a.co.uk': { TXT: own },
}

type Case = { name: string; raw: string | Promise<string>; ip?: string; mailFrom?: string; taken: boolean }
const from = (address: string, body = 'Pay 10') => mailText({ From: `Somebody <${address}>`, 'Message-ID': '' }, body)
const ada = 'ada@example.com'

const corpus: Case[] = [
  { name: 'SPF of the domain', raw: from(ada), taken: true },
  { name: 'SPF of a domain below it', raw: from(ada), mailFrom: 'x@bounces.example.com', taken: true },
  { name: 'from elsewhere', raw: from(ada), ip: FOREIGN, taken: false },
  { name: 'SPF of another domain', raw: from(ada), ip: FOREIGN, mailFrom: 'x@evil.example', taken: false },
  { name: 'signed, from elsewhere', raw: keys.example.sign(from(ada)), ip: FOREIGN, taken: true },
  { name: 'signed by a domain below it', raw: keys.sub.sign(from(ada)), ip: FOREIGN, taken: true },
  {
    name: 'signed, text changed',
    raw: keys.example.sign(from(ada)).then((raw) => raw.replace('Pay 10', 'Pay 90')),
    ip: FOREIGN,
    taken: false,
  },
  {
    name: 'signed, subject changed',
    raw: keys.example.sign(from(ada)).then((raw) => raw.replace('Subject: Hello', 'Subject: Hallo')),
    ip: FOREIGN,
    taken: false,
  },
  {
    name: 'signed, sender changed',
    raw: keys.evil.sign(from('eve@evil.example')).then((raw) => raw.replace('eve@evil.example', ada)),
    ip: FOREIGN,
    taken: false,
  },
  { name: 'signed by another domain', raw: keys.evil.sign(from(ada)), ip: FOREIGN, taken: false },
  {
    name: 'signed by another domain and by its own',
    raw: keys.example.sign(from(ada)).then((raw) => keys.evil.sign(raw)),
    ip: FOREIGN,
    taken: true,
  },
  {
    name: 'signed, changed, but handed over by the domain',
    raw: keys.example.sign(from(ada)).then((raw) => raw.replace('Pay 10', 'Pay 90')),
    taken: true,
  },
  { name: 'signed with a key that was withdrawn', raw: keys.revoked.sign(from(ada)), ip: FOREIGN, taken: false },
  { name: 'signed with a key nobody published', raw: keys.unpublished.sign(from(ada)), ip: FOREIGN, taken: false },
  {
    name: 'claims in its own header',
    raw: `Authentication-Results: mail.example.org; dmarc=pass header.from=example.com\r\n${from(ada)}`,
    ip: FOREIGN,
    taken: false,
  },
  { name: 'no DMARC record, SPF of the domain', raw: from('ada@plain.example'), mailFrom: 'ada@plain.example', taken: true },
  {
    name: 'no DMARC record, signed',
    raw: keys.plain.sign(from('ada@plain.example')),
    ip: FOREIGN,
    mailFrom: 'x@evil.example',
    taken: true,
  },
  {
    name: 'no DMARC record, from elsewhere',
    raw: from('ada@plain.example'),
    ip: FOREIGN,
    mailFrom: 'ada@plain.example',
    taken: false,
  },
  { name: 'no DMARC record, SPF of another domain', raw: from('ada@plain.example'), taken: false },
  { name: 'no record at all', raw: from('ada@bare.example'), mailFrom: 'ada@bare.example', taken: false },
  { name: 'another domain below the same public suffix', raw: from('ada@b.co.uk'), mailFrom: 'x@a.co.uk', taken: false },
  { name: 'SPF that hesitates', raw: from('ada@soft.example'), ip: FOREIGN, mailFrom: 'ada@soft.example', taken: false },
  { name: 'SPF with a mistake', raw: from('ada@wrong.example'), ip: FOREIGN, mailFrom: 'ada@wrong.example', taken: false },
  { name: 'SPF of an included domain', raw: from('ada@included.example'), mailFrom: 'ada@included.example', taken: true },
  {
    name: 'strict alignment, SPF of the domain itself',
    raw: from('ada@strict.example'),
    mailFrom: 'x@strict.example',
    taken: true,
  },
  {
    name: 'strict alignment, SPF of a domain below',
    raw: from('ada@strict.example'),
    mailFrom: 'x@sub.strict.example',
    taken: false,
  },
  {
    name: 'strict alignment, signed by a domain below',
    raw: keys.strict.sign(from('ada@strict.example')),
    ip: FOREIGN,
    mailFrom: 'x@evil.example',
    taken: false,
  },
]

let email: ReceivingRelay
let rspamd: Awaited<ReturnType<typeof startRspamd>>
let to: string
beforeAll(async () => {
  email = await startReceivingRelay({ zone })
  to = (await email.verifiedChannel({ allowedSenders: ['*'] })).inboundAddress
  rspamd = await startRspamd(email.dns.port)
})
afterAll(async () => {
  await rspamd?.close()
  await email.close()
})

/** What the relay found, whether it took the mail or told its owner why not. */
async function ours(answer: string): Promise<Opinion> {
  if (answer.startsWith('250')) return opinion((await email.messages()).at(-1).metadata.auth)
  const [{ status }] = (await email.client.get('/channels')).json.channels
  const [, spf = '', dkim = '', dmarc = ''] = /SPF (\w+), DKIM (\w+), DMARC (\w+)/.exec(status.lastRejectedReason) ?? []
  return opinion({ spf, dkim, dmarc })
}
const opinion = ({ spf, dkim, dmarc }: Record<keyof Opinion, string>): Opinion => ({
  spf: word(spf),
  dkim: word(dkim),
  dmarc: word(dmarc),
})
const word = (verdict: string): Word =>
  verdict === 'pass' || verdict === 'none' ? verdict : verdict === 'temperror' ? 'unsure' : 'bad'

describe('the relay and rspamd about the same mails', () => {
  it.each(corpus)('relay:EML9 agree: $name', async ({ raw, ip = OWN, mailFrom = ada, taken }) => {
    const text = await raw
    const answer = await email.deliver(text, to, { from: ip, mailFrom })
    expect(answer).toMatch(taken ? /^250 2\.0\.0 / : /^550 5\.7\.26 /)
    expect(await ours(answer)).toEqual(await rspamd.judge(text, { ip, mailFrom }))
  })
})
