import { execFileSync } from 'node:child_process'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readStore } from '../support/browser/database.ts'
import { openPopup, seeText } from '../support/browser/extension.ts'
import { eventually, outside, startWorld, type World } from '../support/browser/world.ts'

let world: World
let options: Page
let popup: Page
let address: string

beforeAll(async () => {
  world = await startWorld()
  options = await world.connected()
  popup = await openPopup(world.chromium)
})
afterAll(() => world.close())

/** As a script on somebody's server does it. */
const curl = (...args: string[]) =>
  JSON.parse(execFileSync('curl', ['-sS', ...args, address], { encoding: 'utf8' })) as { ok: boolean; messageId: string }

describe('a webhook from end to end', () => {
  it('client:CON1, WIZ5 and relay:CH3 is made through the options page', async () => {
    await options.bringToFront()
    await options.locator('.paste-box input').fill('webhook door')
    await options.keyboard.press('Enter')
    await seeText(options, 'Webhook made: door')
    const [channel] = await readStore<{ config: { webhookUrl: string } }>(options, 'channels')
    address = outside(channel?.config.webhookUrl ?? '', world.relay)
    expect(new URL(address).searchParams.get('token')?.length).toBeGreaterThanOrEqual(16)
  })

  it('relay:WH2, WH3, WH4, WH5 and client:INB1 curl with JSON, a form and text: each is in the popup', async () => {
    await popup.bringToFront()
    expect(curl('-H', 'Content-Type: application/json', '-d', '{"text":"from JSON","from":"Jason"}').ok).toBe(true)
    await seeText(popup, 'from JSON')
    expect(curl('-d', 'field=from+a+form').ok).toBe(true)
    await seeText(popup, 'from a form')
    expect(curl('-H', 'Content-Type: text/plain', '-H', 'X-Webhook-Source: terminal', '-d', 'from text & <tags>').ok).toBe(true)
    await seeText(popup, 'from text & <tags>')
    await popup.locator('a.row').click()
    await seeText(popup, 'from JSON')
    await seeText(popup, '{"field":"from a form"}')
    const rows = await readStore<{ from: string }>(popup, 'messages')
    expect(rows.map((row) => row.from).sort()).toEqual(['Jason', 'terminal', 'webhook'])
  })

  it('client:CRP4, CHN1 is one-way until switched, and then an answer typed in the popup is in GET /responses', async () => {
    expect(await popup.$('textarea')).toBeNull()
    await options.bringToFront()
    await options.locator('.wizard-head button').click()
    await options.locator('button[aria-label="Details of door"]').click()
    await options.locator('label.switch::-p-text(Replies on)').click()
    await popup.bringToFront()
    await popup.locator('textarea').fill('read you, *loud* & clear')
    await popup.keyboard.press('Enter')
    await eventually(
      popup,
      async () => {
        const [reply] = await readStore<{ state: string }>(popup, 'replies')
        return reply?.state === 'sent' ? true : reply?.state
      },
      'the reply to be sent',
    )
    const { pathname } = new URL(address)
    const answer = await fetch(`${world.relay.url}${pathname.replace('/webhook/', '/responses/')}`)
    const { responses } = (await answer.json()) as { responses: { content: string; from: string }[] }
    expect(responses).toMatchObject([{ content: 'read you, *loud* & clear', from: 'agent' }])
  })
})
