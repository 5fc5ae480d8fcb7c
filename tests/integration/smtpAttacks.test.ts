import { afterEach, describe, expect, it } from 'vitest'
import { mailText, type ReceivingRelay, startReceivingRelay } from '../fakes/smtp/receiving.ts'
import { createFakeClock } from '../support/fakeClock.ts'

let email: ReceivingRelay
afterEach(() => email.close())

const NO_LIMITS = { CHAOS_RATE_LIMITS: '{"emailInbound":{"limit":0,"windowSec":60}}' }
const TOO_SLOW = '421 4.4.2 This takes too long. Bye.'

async function inbox(options: Parameters<typeof startReceivingRelay>[0] = {}): Promise<string> {
  email = await startReceivingRelay(options)
  return (await email.verifiedChannel()).inboundAddress
}

/** After whatever was done to it, the relay takes mail. */
async function stillTakesMail(to: string): Promise<void> {
  const before = (await email.messages()).length
  expect(await email.deliver(mailText({ 'Message-ID': '<after@example.com>' }), to)).toBe('250 2.0.0 Stored')
  expect(await email.messages()).toHaveLength(before + 1)
}

describe('SMTP under attack', () => {
  it('relay:EML8 who drips commands, or keeps saying nothing of use, is cut off after two minutes', async () => {
    const clock = createFakeClock()
    const to = await inbox({ clock })
    const [dripping, idling] = [await email.connect(), await email.connect()]
    await dripping.say('EHLO client.example')
    dripping.write('MAIL FRO')
    for (let minute = 0; minute < 2; minute++) {
      expect(await idling.say('NOOP')).toMatch(/^250 /)
      expect(await idling.say('RSET')).toMatch(/^250 /)
      await clock.advance(60_000)
    }
    expect(await dripping.ended()).toEqual([TOO_SLOW])
    expect(await idling.ended()).toEqual([TOO_SLOW])
    await stillTakesMail(to)
  })

  it('relay:EML8 who drips a text is cut off after ten minutes, and nothing of it is kept', async () => {
    const clock = createFakeClock()
    const to = await inbox({ clock })
    const smtp = await email.connect()
    await smtp.begin('ada@example.com', to)
    await smtp.say('DATA')
    smtp.write(mailText())
    await clock.advance(9 * 60_000)
    smtp.write('more\r\n')
    await clock.advance(60_000)
    expect(await smtp.ended()).toEqual([TOO_SLOW])
    expect(await email.messages()).toEqual([])
    await stillTakesMail(to)
  })

  it('relay:EML8 one address has 20 connections, all together 100', async () => {
    const to = await inbox()
    const open = []
    for (const from of ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.6']) {
      const twenty = await Promise.all(Array.from({ length: 20 }, () => email.connect({ from })))
      for (const { greeting } of twenty) expect(greeting).toMatch(/^220 /)
      open.push(...twenty)
      if (from === '127.0.0.2')
        expect((await email.connect({ from })).greeting).toBe('421 4.7.0 There are too many connections from your address.')
    }
    expect((await email.connect()).greeting).toMatch(/^421 /)
    for (const smtp of open) smtp.close()
    await expect.poll(async () => (await email.connect()).greeting).toMatch(/^220 /)
    await stillTakesMail(to)
  })

  it('relay:EML8 who tries addresses is sent away', async () => {
    const to = await inbox()
    const smtp = await email.connect({ from: '127.0.0.9' })
    await smtp.begin('ada@example.com')
    const answers: string[] = []
    for (let n = 0; n < 61; n++) answers.push(await smtp.say(`RCPT TO:<ada-${n}@mail.example.org>`))
    expect(new Set(answers.slice(0, 60))).toEqual(new Set(['550 5.1.1 There is no such address here.']))
    expect(answers[60]).toMatch(/^421 4\.7\.0 /)
    expect(await smtp.ended()).toEqual([])
    await stillTakesMail(to)
  })

  it('relay:EML8 more than a hundred recipients are not taken at once', async () => {
    await inbox({ env: { CHAOS_RATE_LIMITS: '{"channelRegister":{"limit":0,"windowSec":60}}' } })
    const other = await email.relay.client()
    const addresses: string[] = []
    for (let n = 0; n < 101; n++) {
      const { status, json } = await (n < 99 ? email.client : other).post('/channels/email/register', {
        userEmail: 'ada@example.com',
      })
      expect(status).toBe(201)
      addresses.push(json.inboundAddress)
      const { raw } = await email.out.mails.next()
      const link = /email\/verify\?token=3D([\w-]+)/.exec(raw.replaceAll('=\r\n', ''))?.[1] ?? ''
      await fetch(`${email.relay.url}/email/verify`, {
        method: 'POST',
        body: new URLSearchParams({ token: link, channelId: json.channelId }),
      })
    }
    const smtp = await email.connect()
    const answers = (await smtp.begin('ada@example.com', ...addresses)).slice(2)
    expect(answers.slice(0, 100)).toEqual(Array(100).fill('250 Accepted'))
    expect(answers[100]).toMatch(/^452 /)
    smtp.close()
  })

  it('relay:EML8 junk ends the conversation: wrong words, a web page’s request, an endless line, talk before the greeting', async () => {
    const to = await inbox()
    const words = await email.connect()
    words.write('BLAH\r\n'.repeat(1_000))
    expect((await words.ended()).at(-1)).toMatch(/^421 /)
    const page = await email.connect()
    page.write(`POST / HTTP/1.1\r\nHost: x\r\n\r\nMAIL FROM:<ada@example.com>\r\nRCPT TO:<${to}>\r\nDATA\r\n`)
    expect(await page.ended()).toEqual([expect.stringMatching(/^421 /)])
    const line = await email.connect()
    line.write('x'.repeat(1_000_000))
    expect(await line.ended()).toEqual([expect.stringMatching(/^421 /)])
    const binary = await email.connect()
    binary.write(Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 31) % 256)))
    expect((await binary.ended()).at(-1)).toMatch(/^421 /)
    const early = await email.connect({ first: `EHLO client.example\r\nMAIL FROM:<ada@example.com>\r\n` })
    expect(early.greeting).toMatch(/^421 /)
    expect(await early.ended()).toEqual([])
    expect(await email.messages()).toEqual([])
    await stillTakesMail(to)
  })

  it('relay:EML8 a line of one dot is text when it was stuffed, and no text goes on behind the end of another', async () => {
    const to = await inbox()
    const smtp = await email.connect()
    await smtp.begin('ada@example.com', to)
    await smtp.say('DATA')
    smtp.write(`${mailText({}, 'above')}..\r\nbelow\r\n.\r\nMAIL FROM:<ada@example.com>\r\nRCPT TO:<${to}>\r\nDATA\r\n`)
    expect([await smtp.reply(), await smtp.reply(), await smtp.reply(), await smtp.reply()]).toEqual([
      '250 2.0.0 Stored',
      '250 Accepted',
      '250 Accepted',
      expect.stringMatching(/^354 /),
    ])
    smtp.close()
    expect((await email.messages()).map((message: { content: string }) => message.content)).toEqual([
      'Subject: Hello\n\nabove\n.\nbelow\n',
    ])
  })

  it('relay:EML8 texts in memory are bounded over all connections; who comes too many is asked to come again', async () => {
    const to = await inbox({ env: { ...NO_LIMITS, CHAOS_SMTP_MAX_BYTES: '65536' } })
    const big = mailText({}, 'x'.repeat(70).concat('\n').repeat(850))
    const waiting = await Promise.all(Array.from({ length: 4 }, () => email.connect()))
    for (const smtp of waiting) {
      await smtp.begin('ada@example.com', to)
      await smtp.say('DATA')
      smtp.write(big)
    }
    await expect.poll(() => email.deliver(big, to)).toBe('451 4.3.2 There is too much mail at the moment. Try again later.')
    for (const smtp of waiting) smtp.close()
    await expect.poll(() => email.deliver(big, to)).toBe('250 2.0.0 Stored')
  })

  it('relay:EML8 more mail than the limit is asked to come again', async () => {
    const to = await inbox({ env: { CHAOS_RATE_LIMITS: '{"emailInbound":{"limit":2,"windowSec":60}}' } })
    const answers: string[] = []
    for (const id of ['1', '2', '3']) answers.push(await email.deliver(mailText({ 'Message-ID': `<${id}@x>` }), to))
    expect(answers.map((answer) => answer.slice(0, 9))).toEqual(['250 2.0.0', '250 2.0.0', '451 4.3.2'])
  })
})
