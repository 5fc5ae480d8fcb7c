import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { storeTroubles } from '../../scripts/build/storeRules.ts'
import { readStore } from '../support/browser/database.ts'
import { seeText } from '../support/browser/extension.ts'
import { buildForFirefox, launchFirefox } from '../support/browser/firefox.ts'
import { addWebhook, ask, connectionIs, eventually } from '../support/browser/world.ts'
import { type RelayProcess, startRelayProcess } from '../support/relayProcess.ts'

type Firefox = {
  browser: {
    notifications: { onClosed: { addListener(listener: (id: string) => void): void } }
    alarms: { create(name: string, when: object): unknown }
  }
}

/** Long enough for what a test does in one go; Firefox itself waits 30 s. */
const IDLE_MS = 8_000

let build: ReturnType<typeof buildForFirefox>
let relay: RelayProcess
let firefox: Awaited<ReturnType<typeof launchFirefox>>
let page: Page
let hook: string

beforeAll(async () => {
  build = buildForFirefox()
  relay = await startRelayProcess({ env: { LOG_LEVEL: 'warn' } })
  firefox = await launchFirefox({ extension: build.extension, idleMs: IDLE_MS })
  page = await firefox.open('popup.html')
  // Its background page runs, and has found nothing at the address of a fresh install.
  await connectionIs(page, 'reconnecting')
})
afterAll(async () => {
  await firefox?.close()
  await relay?.close()
  build?.remove()
})

const sockets = async () => ((await (await fetch(`${relay.url}/health`)).json()) as { websockets: number }).websockets
const says = async (content: string) => {
  const posted = await fetch(hook, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content }),
  })
  expect(posted.status).toBe(200)
}

it('client:STO3, FFX1 the build asks for no offscreen document and holds nothing a store refuses', () => {
  const folder = build.extension
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  expect(manifest.permissions).toEqual(['activeTab', 'alarms', 'contextMenus', 'notifications'])
  expect([manifest.host_permissions, manifest.optional_host_permissions]).toEqual([undefined, undefined])
  expect(manifest.content_security_policy.extension_pages).toContain("script-src 'self';")
  expect(storeTroubles(folder)).toEqual([])
})

it('client:FFX1 connects to a relay by itself, and one background page holds the one socket', async () => {
  await ask(page, 'connection', 'setRelayUrl', { profileId: 'default', url: relay.url })
  await connectionIs(page, 'connected', 40_000)
  expect(await sockets()).toBe(1)
})

it('client:FFX1, FFX3 shows a webhook’s message and a notification without buttons, and an answer goes out', async () => {
  await ask(page, 'settings', 'set', { profileId: 'default', change: { notifications: 'on' } })
  // Without a desktop one that was shown is closed at once.
  await page.evaluate(() => {
    const ids: string[] = []
    Object.assign(globalThis, { shown: ids })
    ;(globalThis as unknown as Firefox).browser.notifications.onClosed.addListener((notice) => ids.push(notice))
  })
  const shown = () => page.evaluate(() => (globalThis as unknown as { shown: string[] }).shown)
  const { id, url } = await addWebhook(page, 'ci')
  hook = url
  await ask(page, 'channels', 'change', { profileId: 'default', channelId: id, change: { direction: 'bidirectional' } })
  await says('Build 7 is green')
  await seeText(page, 'Build 7 is green')
  await eventually(page, async () => (await shown()).length === 1 || shown(), 'the notification')
  await page.locator('a.row').click()
  await page.locator('textarea').fill('Ship it')
  await page.keyboard.press('Enter')
  const reply = async () => (await readStore<{ state: string }>(page, 'replies'))[0]?.state
  await eventually(page, async () => (await reply()) === 'sent' || reply(), 'the reply to be sent')
  const { pathname } = new URL(hook)
  const answer = await fetch(`${relay.url}${pathname.replace('/webhook/', '/responses/')}`)
  expect(((await answer.json()) as { responses: { content: string }[] }).responses).toMatchObject([{ content: 'Ship it' }])
})

it('client:FFX2 an idle background page ends with its socket; the alarm brings it back, and what came meanwhile is there', async () => {
  await expect.poll(sockets, { timeout: 60_000 }).toBe(0)
  await says('Build 8 is red')
  expect((await readStore<{ content: string }>(page, 'messages')).map(({ content }) => content)).toEqual(['Build 7 is green'])
  // Not to wait for the minute; what the alarm wakes asks nobody but the database what to do.
  await page.evaluate(() => (globalThis as unknown as Firefox).browser.alarms.create('watchdog', { when: Date.now() + 100 }))
  await seeText(page, 'Build 8 is red')
  await expect.poll(sockets, { timeout: 20_000 }).toBe(1)
})
