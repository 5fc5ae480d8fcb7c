import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readStore } from '../support/browser/database.ts'
import { openOptions, seeText } from '../support/browser/extension.ts'
import { addWebhook, connectionIs, outside, startWorld, type World } from '../support/browser/world.ts'
import { spawnRelay } from '../support/relayProcess.ts'

let world: World
let page: Page

beforeAll(async () => {
  world = await startWorld()
  const first = await world.connected()
  await first.close()
  page = await openOptions(world.chromium, '#/connection')
})
afterAll(() => world.close())

const press = (name: string) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click()
const address = '.address-form input'

async function typeAddress(text: string): Promise<void> {
  await page.locator(address).click({ count: 3 })
  await page.keyboard.press('Backspace')
  await page.keyboard.type(text)
}

describe('the connection page', () => {
  it('client:STA1, PIN6 shows state, address, both fingerprints, relay version and answer time, and who we are', async () => {
    await seeText(page, 'Messages arrive at once.')
    await page.waitForSelector('.pairs code')
    const shown = await page.$eval('main', (main) => main.innerText)
    expect(shown).toMatch(/Working, answered in \d+ ms/)
    expect(shown).toMatch(/Version\s+\d+\.\d+\.\d+/)
    const [session] = await readStore<{ userId: string; apiKey: string }>(page, 'sessions')
    expect(shown).toContain(session?.userId.slice(0, 8))
    expect(shown).not.toContain(session?.apiKey)
    const prints = shown.match(/(?:[0-9a-f]{4} ){15}[0-9a-f]{4}/g) ?? []
    expect(new Set(prints).size).toBe(2)
  })

  it('client:SOC9 stop and start, each with its words', async () => {
    await press('Stop')
    await connectionIs(page, 'stopped')
    await seeText(page, 'Nothing is received or sent until you start it.')
    await press('Start')
    await connectionIs(page, 'connected')
    await seeText(page, 'Messages arrive at once.')
  })

  it('client:SOC10 looks for messages on demand and says how many there were', async () => {
    await press('Look for messages')
    await seeText(page, 'No new messages')
  })

  it.each([
    ['', 'Enter the address of your relay'],
    ['localhost:8787', 'Did you mean http://localhost:8787?'],
    ['relay.example.org', 'Did you mean https://relay.example.org?'],
    ['ftp://relay.example.org', 'Only addresses that start with https://'],
    ['https://ada:pw@relay.example.org', 'Leave the user name and password out'],
    ['https://relay.example.org/?a=1', 'Leave out everything from the question mark on'],
    ['https://relay.example.org/#x', 'Leave out everything from the # on'],
    ['http://relay.example.org', 'Use https://relay.example.org instead'],
    ['npx chaos-relay serve', 'This looks like a command'],
  ])('client:URL2 refuses %j while it is typed, with the reason', async (text, reason) => {
    await typeAddress(text)
    await seeText(page, reason)
    expect(await page.$eval('.address-form button', (button) => (button as HTMLButtonElement).disabled)).toBe(true)
  })

  it('client:URL5 another address is asked about first, and Cancel leaves everything as it was', async () => {
    await typeAddress('https://relay.example.org/chaos/')
    await press('Change address')
    await page.waitForSelector('dialog[open]')
    const asked = await page.$eval('dialog[open]', (dialog) => (dialog as HTMLElement).innerText)
    expect(asked).toContain('https://relay.example.org/chaos instead of http://127.0.0.1:8787')
    expect(asked).toContain('Your key and your channels stay.')
    await press('Cancel')
    await page.waitForSelector('dialog', { hidden: true })
    const [profile] = await readStore<{ relayUrl: string }>(page, 'profiles')
    expect(profile?.relayUrl).toBe('http://127.0.0.1:8787')
    await typeAddress('http://127.0.0.1:8787/')
    expect(await page.$eval('.address-form button', (button) => (button as HTMLButtonElement).disabled)).toBe(true)
  })
})

describe('a relay with another key', () => {
  let wiped: ReturnType<typeof spawnRelay>
  const dataDir = mkdtempSync(join(tmpdir(), 'chaos-relay-'))
  afterAll(async () => {
    wiped.child.kill('SIGTERM')
    await wiped.ended
    rmSync(dataDir, { recursive: true, force: true })
  })

  it('client:PIN4, REC6 closes the page to everything but the decision, with both fingerprints', async () => {
    await addWebhook(page, 'ci')
    await world.relay.kill('SIGTERM')
    wiped = spawnRelay(['serve', '--port', String(world.relay.port), '--data-dir', dataDir])
    await wiped.listening
    await connectionIs(page, 'blocked')
    await seeText(page, 'Nothing is sent or accepted until you decide')
    expect(await page.$(address)).toBeNull()
    await page.locator('.card-foot a[href="#/security"]').click()
    await page.waitForSelector('.fp.changed')
    const shown = await page.$eval('main', (main) => main.innerText)
    expect(shown).toContain('The relay’s key has changed')
    expect(shown).toContain('If the relay’s data was wiped')
    const [trusted, offered] = await page.$$eval('.fp', (all) => all.map((print) => print.textContent))
    expect(trusted).not.toBe(offered)
  })

  it('client:PIN5 only the first 8 characters of the new key open the button; keeping the block takes nothing', async () => {
    const trust = () => page.$eval('.trust-line button', (button) => (button as HTMLButtonElement).disabled)
    const [trusted = '', offered = ''] = await page.$$eval('.fp', (all) => all.map((print) => print.textContent ?? ''))
    await page.locator('.eight input').fill(trusted.slice(0, 8))
    await seeText(page, 'That is not how the new key begins.')
    expect(await trust()).toBe(true)
    await page.locator('.eight input').fill(offered.slice(0, 6))
    await seeText(page, '2 more characters.')
    expect(await trust()).toBe(true)
    await press('Keep blocking')
    await seeText(page, 'Still blocked.')
    await connectionIs(page, 'blocked')
  })

  it('client:PIN5, REC1 trusting it connects again, and the webhook is back at its address', async () => {
    const [, offered = ''] = await page.$$eval('.fp', (all) => all.map((print) => print.textContent ?? ''))
    await page.locator('.eight input').fill(`${offered.slice(0, 4)} ${offered.slice(4, 8).toUpperCase()}`)
    await press('Trust the new key')
    await connectionIs(page, 'connected')
    await seeText(page, 'Not compared yet')
    const [channel] = await readStore<{ config: { webhookUrl: string } }>(page, 'channels')
    const sent = await fetch(outside(channel?.config.webhookUrl ?? '', world.relay), { method: 'POST', body: 'hello again' })
    expect(sent.status).toBe(200)
  })
})
