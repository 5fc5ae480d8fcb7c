import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeResend, startFakeResend } from '../fakes/resend/fake.ts'
import { readStore } from '../support/browser/database.ts'
import { openPage, openPopup, seeText } from '../support/browser/extension.ts'
import { eventually, startWorld, type World } from '../support/browser/world.ts'

let world: World
let resend: FakeResend
let options: Page
let popup: Page
let inboundAddress: string

beforeAll(async () => {
  resend = await startFakeResend()
  // No public URL: the relay polls the provider for received mail.
  world = await startWorld({ env: { ...resend.env, RESEND_WEBHOOK_SECRET: resend.webhookSecret } })
  options = await world.connected()
})
afterAll(async () => {
  await world.close()
  await resend.close()
})

const channel = async () =>
  (await readStore<{ config: { status: { state: string }; metadata: Record<string, unknown> } }>(options, 'channels'))[0]?.config

describe('email from end to end', () => {
  it('client:CON5, WIZ4 and relay:EML2, EML3 an address pasted in options gets an inbound address and a mail with a link', async () => {
    await options.locator('.paste-box input').fill('ada@example.com')
    await seeText(options, 'Looks like an email address')
    await options.keyboard.press('Enter')
    const mail = await resend.sent.next()
    expect(mail).toMatchObject({ to: ['ada@example.com'], from: expect.stringContaining('noreply@mail.example.org') })
    await eventually(
      options,
      async () => (await channel())?.metadata.inboundAddress !== undefined || 'no address',
      'the inbound address',
    )
    inboundAddress = String((await channel())?.metadata.inboundAddress)
    expect(inboundAddress).toMatch(/^ada-[a-z0-9]{10}@mail\.example\.org$/)
    await seeText(options, inboundAddress)
    expect((await channel())?.status.state).toBe('waiting_verification')
  })

  it('relay:EML4, EML5 opening the link changes nothing; its button verifies, and the options page turns done', async () => {
    const link = /https?:\/\/\S+\/email\/verify\?\S+/.exec(resend.sent.all[0]?.text ?? '')?.[0] ?? ''
    const outside = link.replace(/^http:\/\/[^/]+/, world.relay.url)
    expect((await fetch(outside)).status).toBe(200)
    expect((await channel())?.status.state).toBe('waiting_verification')
    const page = await openPage(world.chromium, outside)
    await page.locator('button').click()
    await page.waitForFunction(() => /verified|confirmed/i.test(document.body.innerText))
    await page.close()
    await options.bringToFront()
    await options.waitForFunction(() => /confirmed|verified|working/i.test(document.querySelector('main')?.innerText ?? ''))
    expect((await channel())?.status.state).toBe('ok')
  })

  it('relay:EML6 a signed event brings a mail into the popup; a forged one is refused', async () => {
    const mail = resend.receive({
      from: 'Ada <ada@example.com>',
      to: [inboundAddress],
      subject: 'Signed news',
      text: 'It came by event.',
    })
    const url = `${world.relay.url}/email/inbound`
    const forged = await fetch(url, {
      method: 'POST',
      headers: { 'svix-id': 'msg_x', 'svix-timestamp': String(Math.floor(Date.now() / 1000)), 'svix-signature': 'v1,AAAA' },
      body: JSON.stringify({ type: 'email.received', data: { email_id: mail.id } }),
    })
    expect(forged.status).toBe(401)
    expect(await resend.announce(mail, url)).toEqual([200])
    popup = await openPopup(world.chromium)
    await seeText(popup, 'ada@example.com')
    await popup.locator('a.row').click()
    await seeText(popup, 'It came by event.')
    await seeText(popup, 'Subject: Signed news')
  })

  it('relay:EML7 without a public URL the next mail is fetched by polling, and the one that came by event is not doubled', async () => {
    resend.receive({
      from: 'Ada <ada@example.com>',
      to: [inboundAddress],
      subject: 'Polled news',
      text: 'It was fetched.',
      message_id: '<polled@example.com>',
    })
    await seeText(popup, 'It was fetched.', 60_000)
    expect((await readStore<{ content: string }>(popup, 'messages')).length).toBe(2)
  })

  it('relay:EML12 the answer is a threaded reply from the inbound address', async () => {
    await seeText(popup, 'via Email')
    await popup.locator('textarea').fill('Thanks, **noted**.')
    await popup.keyboard.press('Enter')
    const mail = await resend.sent.next((sent) => sent.text?.includes('noted') ?? false)
    expect(mail.to).toEqual(['ada@example.com'])
    expect(mail.from).toContain(inboundAddress)
    expect(mail.subject).toBe('Re: Polled news')
    const headers = Object.fromEntries(Object.entries(mail.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
    expect(headers['in-reply-to']).toBe('<polled@example.com>')
    expect(headers.references).toContain('<polled@example.com>')
    expect(headers['auto-submitted']).toBe('auto-replied')
    await popup.waitForSelector('.own .is-sent')
  })
})
