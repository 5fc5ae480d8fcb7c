import { createHmac } from 'node:crypto'
import type { Page } from 'puppeteer'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/browser/axe.ts'
import { readStore } from '../support/browser/database.ts'
import { seeText } from '../support/browser/extension.ts'
import { addWebhook, eventually, outside, startWorld, type World } from '../support/browser/world.ts'

let world: World
let page: Page
let first: string
beforeAll(async () => {
  world = await startWorld()
  page = await world.connected()
  first = outside((await addWebhook(page, 'ci')).url, world.relay)
  await page.evaluate(() => {
    location.hash = '#/channels'
  })
  await page.locator('button[aria-label="Details of ci"]').click()
})
afterAll(() => world.close())

const press = (name: string) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click()
const confirm = () => page.locator('dialog[open] .dialog-actions .btn:last-child').click()
const shown = () => page.$eval('.made-secret code', (code) => code.textContent ?? '')
const html = () => page.evaluate(() => document.documentElement.outerHTML)
const status = async (url: string, headers: Record<string, string> = {}, body = 'hello') =>
  (await fetch(url, { method: 'POST', body, headers: { 'Content-Type': 'text/plain', ...headers } })).status
const signed = (secret: string, body = 'hello', at = new Date()) => ({
  'webhook-id': `m-${at.getTime()}`,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': new Webhook(secret).sign(`m-${at.getTime()}`, at, body),
})
const webhookUrl = async () => (await readStore<{ config: { webhookUrl: string } }>(page, 'channels'))[0]?.config.webhookUrl ?? ''

describe('secrets of a webhook', () => {
  it('client:CHN3, WIZ8 a new address is made after a question and shown to be copied, and the old one works on for a day', async () => {
    await press('New address')
    await seeText(page, 'Make a new address for “ci”?')
    // Enter destroys nothing.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel')
    await confirm()
    await page.waitForSelector('.made-secret')
    const address = outside(await shown(), world.relay)
    expect(address).not.toBe(first)
    await page.waitForFunction(() => document.activeElement?.textContent?.startsWith('New address.'))
    expect(await page.$eval('.made-secret', (box) => (box as HTMLElement).innerText)).toMatch(/The old one works until \w+day.* \d/)
    expect([await status(address), await status(first)]).toEqual([200, 200])
    await eventually(
      page,
      async () => outside(await webhookUrl(), world.relay) === address || webhookUrl(),
      'the new address in the list',
    )
    expect(await page.$('button[aria-label="Copy the webhook address"]')).not.toBeNull()
    expect(await seriousFindings(page)).toEqual([])
    await press('Done')
    await page.waitForSelector('.made-secret', { hidden: true })
    first = address
  })

  it('client:CHN3, REC4 a signing secret is shown once, with the way senders sign; afterwards it is nowhere to be read', async () => {
    await press('Ask for signatures')
    await seeText(page, 'what is not signed is refused at once')
    expect(await seriousFindings(page)).toEqual([])
    await confirm()
    await page.waitForSelector('.made-secret')
    const secret = await shown()
    expect(secret).toMatch(/^whsec_/)
    expect([await status(first), await status(first, signed(secret))]).toEqual([401, 200])
    await seeText(page, 'Required: Standard Webhooks')
    await seeText(page, 'cannot be tried from here')
    await press('Done')
    await page.waitForSelector('.made-secret', { hidden: true })
    expect(await html()).not.toContain(secret)
    for (const store of ['channels', 'settings', 'steps'])
      expect(JSON.stringify(await readStore(page, store))).not.toContain(secret)

    await press('New signing secret')
    await confirm()
    await page.waitForSelector('.made-secret')
    const next = await shown()
    expect(next).not.toBe(secret)
    await seeText(page, 'The old one works until')
    expect([await status(first, signed(next)), await status(first, signed(secret))]).toEqual([200, 200])
    // Closing the card puts it away too.
    await page.locator('button[aria-label="Details of ci"]').click()
    await page.waitForSelector('.made-secret', { hidden: true })
    expect(await html()).not.toContain(next)
    await page.locator('button[aria-label="Details of ci"]').click()
    expect(await page.$('.made-secret')).toBeNull()
  })

  it('client:CHN3 asking can stop, and begin again the way of GitHub', async () => {
    await press('Stop asking for signatures')
    await seeText(page, 'whoever has the address can write to you')
    await confirm()
    await seeText(page, 'Not asked for')
    expect(await status(first)).toBe(200)
    await press('Ask for signatures')
    await page.locator('dialog .chip-choice::-p-text(GitHub)').click()
    await confirm()
    await page.waitForSelector('.made-secret')
    const secret = await shown()
    const signature = `sha256=${createHmac('sha256', secret).update('hello').digest('hex')}`
    expect([await status(first), await status(first, { 'X-Hub-Signature-256': signature })]).toEqual([401, 200])
  })
})
