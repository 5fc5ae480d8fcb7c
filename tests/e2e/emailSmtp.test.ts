import { fileURLToPath } from 'node:url'
import PostalMime from 'postal-mime'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HONEST_ZONE, mailText } from '../fakes/smtp/receiving.ts'
import { type FakeMailServer, startMailServer } from '../fakes/smtp/server.ts'
import { linkIn } from '../fakes/smtp/withRelay.ts'
import { readStore } from '../support/browser/database.ts'
import { openPage, openPopup, seeText } from '../support/browser/extension.ts'
import { eventually, startWorld, type World } from '../support/browser/world.ts'
import { type NameServer, startNameServer } from '../support/dns.ts'
import { freePort } from '../support/proxies.ts'
import { openSmtp } from '../support/smtpClient.ts'

let world: World
let names: NameServer
let out: FakeMailServer
let port: number
let options: Page
let inboundAddress: string

beforeAll(async () => {
  names = await startNameServer({ ...HONEST_ZONE })
  out = await startMailServer()
  port = await freePort()
  world = await startWorld({
    command: fileURLToPath(new URL('../support/relayWithNames.ts', import.meta.url)),
    env: {
      TEST_NAME_SERVERS: names.address,
      CHAOS_EMAIL_DOMAIN: 'mail.example.org',
      CHAOS_SMTP_LISTEN: `127.0.0.1:${port}`,
      CHAOS_SMTP_OUT_URL: `smtp://127.0.0.1:${out.port}`,
    },
  })
  options = await world.connected()
})
afterAll(async () => {
  await world.close()
  await out.close()
  await names.close()
})

type Config = { status: { state: string; rejected?: number }; metadata: Record<string, unknown> }
const channel = async () => (await readStore<{ config: Config }>(options, 'channels'))[0]?.config

async function deliver(raw: string, from = '127.0.0.1'): Promise<string> {
  const smtp = await openSmtp(port, { from })
  await smtp.begin('ada@example.com', inboundAddress)
  const answer = await smtp.text(raw)
  smtp.close()
  return answer
}

describe('email with nobody in between, from end to end', () => {
  it('client:WIZ4 relay:EML1 relay:EML3 a pasted address gets its link by SMTP, and Confirm makes the card say so', async () => {
    await options.locator('.paste-box input').fill('ada@example.com')
    await seeText(options, 'Looks like an email address')
    await options.keyboard.press('Enter')
    const { token, channelId } = await linkIn(await out.mails.next())
    await eventually(
      options,
      async () => (await channel())?.metadata.inboundAddress !== undefined || 'no address',
      'the inbound address',
    )
    inboundAddress = String((await channel())?.metadata.inboundAddress)
    const page = await openPage(world.chromium, `${world.relay.url}/email/verify?${new URLSearchParams({ token, channelId })}`)
    await page.locator('button').click()
    await page.waitForFunction(() => /verified|confirmed/i.test(document.body.innerText))
    await page.close()
    await eventually(
      options,
      async () => (await channel())?.status.state === 'ok' || (await channel())?.status,
      'the channel to work',
    )
  })

  it('relay:EML8 relay:EML9 client:CAT3 a mail that proves its sender is in the popup with its HTML, a forged one is not', async () => {
    const forged = mailText({ 'Message-ID': '<forged@example.com>', Subject: 'Send money' })
    expect(await deliver(forged, '127.0.0.9')).toMatch(/^550 5\.7\.26 /)
    const html = mailText({ 'Content-Type': 'text/html', Subject: 'Minutes' }, '<h1>Agenda</h1><p>See you <b>at ten</b>.</p>')
    expect(await deliver(html)).toBe('250 2.0.0 Stored')
    const popup = await openPopup(world.chromium)
    await seeText(popup, 'ada@example.com')
    await popup.locator('a.row').click()
    await seeText(popup, 'See you at ten.')
    await popup.locator('button::-p-text(Show original email)').click()
    const outer = await (await popup.waitForSelector('.mail-frame'))?.contentFrame()
    const mail = await (await outer?.waitForSelector('iframe'))?.contentFrame()
    await mail?.waitForSelector('h1')
    expect(await mail?.$eval('h1', (heading) => heading.textContent)).toBe('Agenda')
    expect(await readStore(popup, 'messages')).toHaveLength(1)
    await popup.close()
  })

  it('relay:EML12 the answer typed in the popup leaves by SMTP, in the thread, and gets its ticks', async () => {
    const popup = await openPopup(world.chromium)
    await popup.locator('a.row').click()
    await popup.locator('textarea').fill('Thanks, **noted**.')
    await popup.keyboard.press('Enter')
    const wire = await out.mails.next()
    expect(wire).toMatchObject({ mailFrom: inboundAddress, rcptTo: ['ada@example.com'] })
    expect(await PostalMime.parse(wire.raw)).toMatchObject({ subject: 'Re: Minutes', inReplyTo: '<m1@example.com>' })
    await popup.waitForSelector('.own .is-sent')
    await popup.close()
  })
})
