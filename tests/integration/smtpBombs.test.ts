import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mailText, type ReceivingRelay, startReceivingRelay } from '../fakes/smtp/receiving.ts'

let email: ReceivingRelay
let to: string
beforeAll(async () => {
  email = await startReceivingRelay({ env: { CHAOS_RATE_LIMITS: '{"emailInbound":{"limit":0,"windowSec":60}}' } })
  to = (await email.verifiedChannel()).inboundAddress
})
afterAll(() => email.close())

let mails = 0

/** After whatever was done to it, the relay takes mail. */
async function stillTakesMail(address: string): Promise<void> {
  const before = (await email.messages()).length
  expect(await email.deliver(mailText({ 'Message-ID': `<after-${++mails}@example.com>` }), address)).toBe('250 2.0.0 Stored')
  expect(await email.messages()).toHaveLength(before + 1)
}

describe('mails made to hurt', () => {
  it.each(['\n.\n', '\n.\r\n', '\r.\r', '\r\n.\n', '\r.\r\n', '\r\n.\r', '\n\n.\n\n', '\r\r\n.\r\r\n'])(
    'relay:EML8 %j ends no text: nobody smuggles a second mail behind it',
    async (end) => {
      const before = (await email.messages()).length
      const smtp = await email.connect()
      await smtp.begin('ada@example.com', to)
      await smtp.say('DATA')
      const inner = mailText({ 'Message-ID': '<smuggled@example.com>' })
      smtp.write(`${mailText()}x${end}MAIL FROM:<ada@example.com>\r\nRCPT TO:<${to}>\r\nDATA\r\n${inner}\r\n.\r\n`)
      expect(await smtp.reply()).toBe('550 5.6.0 This mail cannot be read: it has a line that does not end with CR and LF.')
      expect(await smtp.say('QUIT')).toMatch(/^221 /)
      expect(await smtp.ended()).toEqual([])
      expect(await email.messages()).toHaveLength(before)
    },
  )

  const nested = (depth: number) =>
    Array.from({ length: depth }, (_, at) => `--b${at}\nContent-Type: multipart/mixed; boundary=b${at + 1}\n\n`).join('')
  const bombs: [string, () => string, RegExp][] = [
    ['parts nested 60 deep', () => mailText({ 'Content-Type': 'multipart/mixed; boundary=b0' }, nested(60)), /nest too deep/],
    [
      '20,000 parts',
      () => mailText({ 'Content-Type': 'multipart/mixed; boundary=x' }, '--x\n\na\n'.repeat(20_000)),
      /too many parts/,
    ],
    ['lines without end', () => mailText({}, '\n'.repeat(3_000_000)), /too many lines/],
    ['a header of 300 kB', () => mailText({ X: 'y'.repeat(300_000) }), /header is too long/],
    ['2,000 fields', () => mailText({ X: 'y\r\nX: '.repeat(2_000) }), /header is too long/],
    [
      'parts with endless headers',
      () => mailText({ 'Content-Type': 'multipart/mixed; boundary=x' }, `--x\nX: ${'y'.repeat(900_000)}\n\na\n`.repeat(3)),
      /headers of its parts/,
    ],
    [
      '50 signatures',
      () => mailText({ 'DKIM-Signature': `v=1; d=x.example; s=s; b=x\r\nDKIM-Signature: `.repeat(50) }),
      /too many signatures/,
    ],
    ['a header that is none', () => `From: ada@example.com\r\nwhat is this\r\n\r\nHello\r\n`, /header is malformed/],
    [
      'HTML made of beginnings',
      () =>
        mailText(
          { 'Content-Type': 'multipart/mixed; boundary=x' },
          `--x\n\na\n--x\nContent-Type: text/html\n\n${'<a <b '.repeat(4_000_000)}\n--x--`,
        ),
      /too much time or memory/,
    ],
  ]
  it.each(bombs)('relay:EML8 %s: refused for what it is, and the relay goes on', async (_what, raw, reason) => {
    const answer = await email.deliver(raw(), to)
    expect(answer).toMatch(/^550 5\.6\.0 This mail cannot be read: /)
    expect(answer).toMatch(reason)
    await stillTakesMail(to)
  })

  it('relay:EML8 of 300 mails with broken bytes each gets an answer, and none hurts the relay', async () => {
    // A connection is greeted after a tenth of a second; ten share the wait.
    const open = await Promise.all(Array.from({ length: 10 }, () => email.connect()))
    const base = mailText(
      { 'Content-Type': 'multipart/mixed; boundary="x"', 'MIME-Version': '1.0' },
      "--x\nContent-Type: text/html; charset=utf-7\n\n<p>a</p>\n--x\nContent-Type: image/png; name*=utf-8''%ff\nContent-Transfer-Encoding: base64\n\n!!!!\n--x--",
    )
    const pieces = fc.constantFrom('\0', '\xff', ';', '"', '=?utf-8?B?', '(((', '<', '%', '\r\n ', 'boundary=', '\r\n--x\r\n')
    const cut = fc.record({ at: fc.nat(base.length), remove: fc.nat(20), insert: fc.array(pieces, { maxLength: 4 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 4 }), async (cuts) => {
        const raw = cuts.reduce(
          (text, { at, remove, insert }) => text.slice(0, at) + insert.join('') + text.slice(at + remove),
          base,
        )
        const smtp = open.shift() ?? (await email.connect())
        await smtp.begin('ada@example.com', to)
        expect(await smtp.text(Buffer.from(raw, 'latin1'))).toMatch(/^(250 2\.0\.0|550 5\.)/)
        open.push(smtp)
      }),
      { numRuns: 300 },
    )
    for (const smtp of open) smtp.close()
    await stillTakesMail(to)
  })
})
