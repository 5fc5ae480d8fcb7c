import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSafetyNumber } from '../../server/app/fingerprint.ts'
import { seriousFindings } from '../support/browser/axe.ts'
import { readStore } from '../support/browser/database.ts'
import { seeText } from '../support/browser/extension.ts'
import { addWebhook, ask, connectionIs, eventually, outside, startWorld, type World } from '../support/browser/world.ts'

let world: World
let page: Page
let hook: string

beforeAll(async () => {
  world = await startWorld()
  page = await world.connected()
  hook = outside((await addWebhook(page, 'ci')).url, world.relay)
  await page.evaluate(() => {
    location.hash = '#/security'
  })
  await page.waitForSelector('.fp')
})
afterAll(() => world.close())

const press = (name: string) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click()
const confirm = () => page.locator('dialog[open] .dialog-actions .btn:last-child').click()
const userId = async () => (await readStore<{ userId: string }>(page, 'sessions'))[0]?.userId
const contents = async () => (await readStore<{ content: string }>(page, 'messages')).map(({ content }) => content).sort()

async function receives(text: string): Promise<void> {
  expect((await fetch(hook, { method: 'POST', body: text })).status).toBe(200)
  await eventually(page, async () => (await contents()).includes(text) || (await contents()), `${text} to arrive`)
}

describe('the safety number', () => {
  const digits = () => page.$eval('.digits', (all) => [...all.children].map((group) => group.textContent).join(' '))
  const canMatch = () => page.$eval('[aria-labelledby="safety"] .btn-primary', (button) => !(button as HTMLButtonElement).disabled)
  const other = async (text: string) => {
    await page.locator('.compare textarea').fill(text)
  }

  it('client:SAF2, SAF3, SAF5 the relay tells the number this page shows; pasted, the two are the same', async () => {
    const shown = await digits()
    const command = await page.$eval('.command code', (code) => code.textContent ?? '')
    const fingerprint = await page.$eval('.fp', (all) => [...all.children].map((group) => group.textContent).join(' '))
    const told = readSafetyNumber(world.relay.dataDir, fingerprint, command.split(' ').at(-1) ?? '')
    expect(told).toMatchObject({ state: 'found', number: shown, userId: await userId() })
    await other(shown.slice(0, 20))
    await seeText(page, 'The same so far. 43 more digits.')
    await other(shown.replace(/.$/, (digit) => String((Number(digit) + 1) % 10)))
    await seeText(page, 'Not the same, from group 12 on')
    expect(await canMatch()).toBe(false)
    await other(shown.replaceAll(' ', '\n'))
    await seeText(page, 'All 60 digits are the same')
    await press('Show as QR')
    await page.waitForSelector('.compare .qr')
    expect(await seriousFindings(page)).toEqual([])
  })

  it('client:SAF4, ACC1 what was found stays over a reload; that they differ says what to do and offers to stop', async () => {
    await press('They match')
    await seeText(page, 'Compared ')
    await page.reload()
    await seeText(page, 'You compared it.')
    await press('They differ')
    await seeText(page, 'The two sides see different keys.')
    expect(await seriousFindings(page)).toEqual([])
    await press('Stop the connection')
    await connectionIs(page, 'stopped')
    await seeText(page, 'The connection is stopped.')
    await seeText(page, 'The profile is disconnected, so the relay is not asked.')
    expect(await page.$('.access-pairs')).toBeNull()
    await press('They match')
    await page.waitForFunction(() => !document.body.innerText.includes('The two sides see different keys.'))
    await ask(page, 'connection', 'connect', { profileId: 'default' })
    await connectionIs(page, 'connected')
  })
})

describe('access to the session', () => {
  const told = () => page.$eval('.access-pairs', (all) => (all as HTMLElement).innerText)
  const tells = (what: string, test: (text: string) => boolean) => eventually(page, async () => test(await told()), what)
  const own = /this browser’s token/i
  const other = /another token/i
  const count = (text: string, words: RegExp) => text.split(words).length - 1
  const apiKey = async () => (await readStore<{ apiKey: string }>(page, 'sessions'))[0]?.apiKey ?? ''

  it('client:ACC1, ACC2, IDN8 tells tokens and sockets; a renewed token leaves the older one and its socket', async () => {
    await page.waitForSelector('.access-pairs')
    await page.locator('.section-links ::-p-text(Access to your session)').click()
    await page.waitForFunction(() => document.activeElement?.id === 'access')
    await seeText(page, '1 open socket')
    await tells('one token, one socket', (text) => count(text, own) === 2 && count(text, other) === 0)
    const before = await apiKey()
    await press('Renew token')
    await tells('the older ones', (text) => count(text, own) === 1 && count(text, other) === 2)
    expect(await apiKey()).not.toBe(before)
    expect(await seriousFindings(page)).toEqual([])
    await connectionIs(page, 'connected')
    await receives('over the old socket')
  })

  it('client:ACC3 ends all other access after a clear yes, and this browser comes back by itself', async () => {
    const [was, before] = [await userId(), await apiKey()]
    await press('End all other access')
    await page.waitForSelector('dialog[open]')
    expect(await page.$eval('dialog[open]', (dialog) => (dialog as HTMLElement).innerText)).toContain('sign in again by itself')
    expect(await seriousFindings(page)).toEqual([])
    await confirm()
    await page.waitForSelector('dialog', { hidden: true })
    await tells('its own token and socket alone', (text) => count(text, own) === 2 && count(text, other) === 0)
    await connectionIs(page, 'connected')
    const refused = await fetch(`${world.relay.url}/session`, { headers: { Authorization: `Bearer ${before}` } })
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([401, 'invalid_token'])
    expect(await userId()).toBe(was)
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain(await apiKey())
    await receives('over the fresh one')
  })
})

describe('the data on the relay', () => {
  it('client:ACC4 with its relay away nothing is deleted, and the profile goes on when it is back', async () => {
    await press('Delete my data on the relay')
    await page.waitForSelector('dialog[open]')
    const ready = () => page.$eval('dialog[open] .btn-danger', (button) => !(button as HTMLButtonElement).disabled)
    await page.locator('dialog[open] input').fill('127.0.0.1')
    expect(await ready()).toBe(false)
    await page.locator('dialog[open] input').fill('127.0.0.1:8787')
    expect(await ready()).toBe(true)
    expect(await seriousFindings(page)).toEqual([])
    await world.relay.kill()
    await confirm()
    await page.waitForSelector('dialog[open] [role="alert"]')
    await world.relay.start()
    await connectionIs(page, 'connected')
    expect((await readStore(page, 'channels')).length).toBeGreaterThan(0)
  })

  it('client:ACC4, relay:STO6 all of it goes there, key and messages stay here; connecting makes a new session without channels', async () => {
    const was = await userId()
    const had = await contents()
    const key = (await readStore<{ publicKey: { x: string } }>(page, 'identities'))[0]?.publicKey.x
    await confirm()
    await page.waitForSelector('dialog', { hidden: true })
    await seeText(page, 'This browser has no session on the relay yet.')
    expect((await fetch(hook, { method: 'POST', body: 'x' })).status).toBe(404)
    expect(await readStore(page, 'channels')).toEqual([])
    expect(await contents()).toEqual(had)
    expect(await seriousFindings(page)).toEqual([])
    await connectionIs(page, 'stopped')
    await ask(page, 'connection', 'connect', { profileId: 'default' })
    await connectionIs(page, 'connected')
    expect(await userId()).not.toBe(was)
    expect((await readStore<{ publicKey: { x: string } }>(page, 'identities'))[0]?.publicKey.x).toBe(key)
    expect(await readStore(page, 'channels')).toEqual([])
    expect(await contents()).toEqual(had)
  })
})
