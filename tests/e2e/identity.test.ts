import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/browser/axe.ts'
import { type Chromium, launchChromium } from '../support/browser/chromium.ts'
import { readStore } from '../support/browser/database.ts'
import { catchDownload, openOptions, seeText } from '../support/browser/extension.ts'
import { addWebhook, ask, connectionIs, eventually, outside, startWorld, type World } from '../support/browser/world.ts'

const PASSPHRASE = 'correct horse battery'

let world: World
let second: Chromium | undefined
let folder: string
let page: Page
let hook: string
let backup: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chaos-backup-'))
  world = await startWorld()
  page = await world.connected()
  hook = outside((await addWebhook(page, 'ci')).url, world.relay)
  await go(page, '#/security')
  await page.waitForSelector('.fp')
})
afterAll(async () => {
  await second?.close()
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

const go = (on: Page, hash: string) =>
  on.evaluate((place) => {
    location.hash = place
  }, hash)
const press = (on: Page, name: string) => on.locator(`::-p-aria([name="${name}"][role="button"])`).click()
const confirm = (on: Page) => on.locator('dialog[open] .dialog-actions .btn:last-child').click()
const userId = async (on: Page) => (await readStore<{ userId: string }>(on, 'sessions'))[0]?.userId
const contents = async (on: Page) => (await readStore<{ content: string }>(on, 'messages')).map(({ content }) => content).sort()

async function receives(on: Page, text: string): Promise<void> {
  expect((await fetch(hook, { method: 'POST', body: text })).status).toBe(200)
  await eventually(on, async () => (await contents(on)).includes(text) || (await contents(on)), `${text} to arrive`)
}

describe('an identity and its backup', () => {
  it('client:IDN4, IDN6 a key made without backup offers only to move to one with it; the webhook keeps its address', async () => {
    await receives(page, 'before')
    const was = await userId(page)
    expect(await page.$('[aria-labelledby="export"]')).toBeNull()
    await seeText(page, 'Cannot leave this browser')
    await press(page, 'Move to a key with backup')
    await page.locator('dialog[open] .option-line:last-child input').click()
    await confirm(page)
    await seeText(page, 'Backup allowed')
    await page.waitForSelector('dialog', { hidden: true })
    await connectionIs(page, 'connected')
    await eventually(page, async () => (await fetch(hook, { method: 'POST', body: 'moved' })).ok, 'the webhook to be back')
    await eventually(page, async () => (await contents(page)).includes('moved'), 'its message')
    expect(await userId(page)).not.toBe(was)
    expect(await contents(page)).toEqual(['before', 'moved'])
    expect(await seriousFindings(page)).toEqual([])
  })

  it('client:IDN5, IDN8 exports a file under a passphrase typed twice; the fields are empty afterwards', async () => {
    const caught = await catchDownload(page)
    const [first, again] = await page.$$('[aria-labelledby="export"] input[type="password"]')
    await first?.type('too short')
    await seeText(page, '3 more characters')
    const kind = () => first?.evaluate((field) => (field as HTMLInputElement).type)
    await page.locator('[aria-labelledby="export"] button[aria-label="Show what is typed"]').click()
    expect(await kind()).toBe('text')
    expect(await seriousFindings(page)).toEqual([])
    await first?.type('er ones are bad')
    await again?.type(PASSPHRASE)
    await seeText(page, 'The two are not the same yet.')
    const isOff = () =>
      page.$eval('[aria-labelledby="export"] button[type="submit"]', (button) => (button as HTMLButtonElement).disabled)
    expect(await isOff()).toBe(true)
    await first?.evaluate((field) => (field as HTMLInputElement).select())
    await first?.type(PASSPHRASE)
    await press(page, 'Export backup')
    await seeText(page, 'Exported.')
    backup = await caught()
    expect(JSON.parse(backup)).toMatchObject({ format: 'chaos-relay-identity', version: 1 })
    expect(await kind()).toBe('password')
    const [session] = await readStore<{ apiKey: string }>(page, 'sessions')
    expect(backup).not.toContain(session?.apiKey)
    expect(await page.$$eval('input[type="password"]', (all) => all.map((field) => (field as HTMLInputElement).value))).toEqual([
      '',
      '',
    ])
  })

  it('client:IDN7 in a fresh browser a wrong passphrase or a damaged file changes nothing', async () => {
    const path = join(folder, 'backup.json')
    writeFileSync(path, backup)
    writeFileSync(join(folder, 'damaged.json'), backup.replace(/"sealed": "..../, '"sealed": "AAAA'))
    second = await launchChromium({ relayPort: world.relay.port, width: 400 })
    const other = await openOptions(second, '#/profiles')
    await connectionIs(other, 'connected')
    const was = await userId(other)
    await choose(other, join(folder, 'damaged.json'), PASSPHRASE)
    await seeText(other, 'This backup is damaged')
    await choose(other, path, 'not the passphrase')
    await seeText(other, 'This is not the passphrase of this backup. Nothing was changed.')
    expect(await seriousFindings(other)).toEqual([])
    expect(await userId(other)).toBe(was)
    await other.close()
  })

  it('client:IDN7 after a clear yes it is the same identity on the same relay, and receives', async () => {
    const was = await userId(page)
    const [pin] = await readStore<{ key: { x: string } }>(page, 'pins')
    await world.chromium.close()
    if (!second) throw new Error('no second browser')
    const other = await openOptions(second, '#/profiles')
    await choose(other, join(folder, 'backup.json'), PASSPHRASE)
    await other.waitForSelector('dialog[open]')
    const asked = await other.$eval('dialog[open]', (dialog) => (dialog as HTMLElement).innerText)
    expect(asked).toContain('http://127.0.0.1:8787')
    expect(asked).toContain('The key that is here now is deleted.')
    await confirm(other)
    await seeText(other, 'Done. This browser has the identity.')
    await eventually(other, async () => (await userId(other)) === was, 'the same user')
    await connectionIs(other, 'connected')
    expect((await readStore<{ key: { x: string } }>(other, 'pins'))[0]?.key.x).toBe(pin?.key.x)
    await receives(other, 'after the import')
    await choose(other, join(folder, 'backup.json'), PASSPHRASE)
    await seeText(other, 'A profile of this browser already uses this identity.')
  })
})

describe('a pasted token', () => {
  it('client:CRG7, ACC1, ACC3 works unsigned, is marked so, is never shown, cannot be renewed, and leads back to this browser’s own key', async () => {
    if (!second) throw new Error('no second browser')
    const other = await openOptions(second, '#/connection')
    await connectionIs(other, 'connected')
    const own = await userId(other)
    const registered = await fetch(`${world.relay.url}/auth/register`, { method: 'POST' })
    const bare = (await registered.json()) as { userId: string; apiKey: string }
    const headers = { Authorization: `Bearer ${bare.apiKey}`, 'Content-Type': 'application/json' }
    const made = await fetch(`${world.relay.url}/channels`, { method: 'POST', headers, body: '{"name":"bare"}' })
    const { webhookUrl } = (await made.json()) as { webhookUrl: string }

    await other.locator('.advanced summary').click()
    const field = await other.waitForSelector('.advanced input')
    await field?.type('not-a-token')
    await press(other, 'Use this token')
    await seeText(other, 'The relay does not know this token.')
    expect(await userId(other)).toBe(own)
    await field?.evaluate((input) => (input as HTMLInputElement).select())
    await field?.type(bare.apiKey)
    await press(other, 'Use this token')
    await other.waitForSelector('dialog[open]')
    await confirm(other)
    await seeText(other, 'Anyone with this token can read and reply.')
    await eventually(other, async () => (await userId(other)) === bare.userId, 'the session of the token')
    await connectionIs(other, 'connected')
    expect(await other.evaluate(() => document.documentElement.outerHTML)).not.toContain(bare.apiKey)
    expect(await other.$$eval('input[type="password"]', (all) => all.map((one) => (one as HTMLInputElement).value))).toEqual([''])
    expect(await seriousFindings(other)).toEqual([])
    hook = outside(webhookUrl, world.relay)
    await receives(other, 'to the bare session')

    await go(other, '#/security')
    await seeText(other, 'A pasted token opens this session without any signature.')
    await other.waitForSelector('.access-pairs')
    expect(
      await other.$eval('[aria-labelledby="access"]', (part) => [...part.querySelectorAll('button')].map((one) => one.innerText)),
    ).toEqual(['Ask again'])
    expect(await other.evaluate(() => document.documentElement.outerHTML)).not.toContain(bare.apiKey)
    await go(other, '#/connection')

    await press(other, 'Use this browser’s own key')
    await other.waitForSelector('dialog[open]')
    await confirm(other)
    await eventually(other, async () => (await userId(other)) === own, 'the own session')
    await connectionIs(other, 'connected')
    await eventually(other, async () => (await fetch(hook, { method: 'POST', body: 'moved over' })).ok, 'the webhook to be back')
    await eventually(other, async () => (await contents(other)).includes('moved over'), 'its message')
    const names = async () =>
      (await readStore<{ config: { name?: string } }>(other, 'channels')).map(({ config }) => config.name).sort()
    await eventually(other, async () => (await names()).join() === 'bare,ci' || (await names()), 'both channels')
  })
})

async function choose(on: Page, path: string, passphrase: string): Promise<void> {
  const file = await on.waitForSelector('input[type="file"]')
  await (file as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(path)
  const field = await on.waitForSelector('[aria-labelledby="import"] input[type="password"]')
  await field?.evaluate((input) => (input as HTMLInputElement).select())
  await field?.type(passphrase)
  await press(on, 'Import backup')
}

describe('a key that is gone', () => {
  it('client:IDN3 offers import or a new identity, and makes none by itself', async () => {
    if (!second) throw new Error('no second browser')
    const other = await openOptions(second, '#/connection')
    await connectionIs(other, 'connected')
    const own = await userId(other)
    await other.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const opening = indexedDB.open('chaos-relay')
          opening.onsuccess = () => {
            const transaction = opening.result.transaction('identities', 'readwrite')
            transaction.objectStore('identities').clear()
            transaction.oncomplete = () => {
              opening.result.close()
              resolve()
            }
          }
        }),
    )
    await ask(other, 'connection', 'reconnect', { profileId: 'default' })
    await connectionIs(other, 'identity_lost')
    expect(await readStore(other, 'identities')).toEqual([])
    await other.locator('.card-foot a[href="#/security"]').click()
    await seeText(other, 'The key of this browser is gone')
    await other.waitForSelector('input[type="file"]')
    expect(await seriousFindings(other)).toEqual([])
    await press(other, 'Make new identity')
    await connectionIs(other, 'connected')
    expect(await userId(other)).not.toBe(own)
    await seeText(other, 'Cannot leave this browser')
    expect(await contents(other)).toContain('moved over')
  })

  it('client:REC3, IDN3 channels of the lost identity say that their address cannot be taken over, and get a new one', async () => {
    if (!second) throw new Error('no second browser')
    const other = await openOptions(second, '#/channels')
    await seeText(other, 'bare needs a new address')
    await seeText(other, '2 steps left')
    expect(await seriousFindings(other)).toEqual([])
    await press(other, 'Get a new address')
    // The newest step was the open one: its channel is back under another address, shown to be copied and tried.
    await seeText(other, 'Webhook made: bare')
    await seeText(other, '1 step left')
    await press(other, 'Send a test message')
    await seeText(other, 'Arrived after')
    const addresses = async () =>
      (await readStore<{ config: { name?: string; webhookUrl?: string } }>(other, 'channels')).map(({ config }) => config)
    const bare = (await addresses()).filter(({ name }) => name === 'bare')
    expect(bare).toHaveLength(1)
    expect(outside(bare[0]?.webhookUrl ?? '', world.relay)).not.toBe(hook)
    expect((await fetch(outside(bare[0]?.webhookUrl ?? '', world.relay), { method: 'POST', body: 'after the loss' })).ok).toBe(true)
    await eventually(other, async () => (await contents(other)).includes('after the loss'), 'its message')
  })
})
