import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/fake.ts'
import { type Chromium, launchChromium } from '../support/browser/chromium.ts'
import { readStore } from '../support/browser/database.ts'
import { closeOffscreen, openOptions, openPopup, popupUrl, seeText, stopWorker } from '../support/browser/extension.ts'
import { addWebhook, ask, connectionIs, eventually, HIGH_LIMITS, outside } from '../support/browser/world.ts'
import { type RelayProcess, startRelayProcess } from '../support/relayProcess.ts'

/** For each of two conversations. */
const MESSAGES = 100
/** After so many the browser is killed: in the middle of handing them over. */
const SOME = 5

type Stored = { state: string; conversationId: string; content: string; createdAt: number; tries?: number; trouble?: string }

declare const chrome: { runtime: { sendMessage(message: unknown): Promise<unknown> } }

let relay: RelayProcess
let telegram: FakeTelegram
let profile: string
let chromium: Chromium

beforeAll(async () => {
  telegram = await startFakeTelegram()
  const limits = { ...JSON.parse(HIGH_LIMITS), wsReply: { limit: 0, windowSec: 60 } }
  relay = await startRelayProcess({
    env: { CHAOS_RATE_LIMITS: JSON.stringify(limits), CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot, LOG_LEVEL: 'warn' },
  })
  profile = await mkdtemp(join(tmpdir(), 'chaos-profile-'))
})
afterAll(async () => {
  await chromium.close()
  await relay.close()
  await telegram.close()
  await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
})

async function open(): Promise<Page> {
  chromium = await launchChromium({ relayPort: relay.port, profile })
  return openOptions(chromium)
}

/** A paired Telegram chat and a webhook that can be answered, each with one message in it: their conversations. */
async function makeConversations(page: Page): Promise<{ chat: string; hook: string }> {
  const { channelId, pairingCode } = await ask<{ channelId: string; pairingCode: string }>(page, 'channels', 'addTelegram', {
    profileId: 'default',
    botToken: telegram.bot.token,
    remember: false,
  })
  const ada = telegram.user('Ada', 'ada')
  ada.send(`/start ${pairingCode}`)
  await telegram.nextSent()
  ada.send('Are you there?')
  const webhook = await addWebhook(page, 'ci')
  await ask(page, 'channels', 'change', { profileId: 'default', channelId: webhook.id, change: { direction: 'bidirectional' } })
  await fetch(outside(webhook.url, relay), { method: 'POST', body: 'A question' })
  const conversations = () => readStore<{ id: string; channelId: string }>(page, 'conversations')
  await eventually(page, async () => (await conversations()).length === 2 || (await conversations()), 'both conversations')
  const chat = (await conversations()).find((row) => row.channelId === channelId)?.id ?? ''
  return { chat, hook: webhook.id }
}

/** Writes them one after the other, in turns to both conversations, as the reply box does. */
async function writeAll(page: Page, conversations: string[]): Promise<void> {
  await page.evaluate(
    async (ids, count) => {
      for (let number = 1; number <= count; number++)
        for (const conversationId of ids)
          await chrome.runtime.sendMessage({
            ...{ chaos: 1, to: 'background', scope: 'inbox', name: 'send' },
            input: { profileId: 'default', conversationId, content: `answer ${number}`, attachments: [] },
          })
    },
    conversations,
    MESSAGES,
  )
}

it(`client:OBX1, OBX2, CRP7, CRP2 ${2 * MESSAGES} answers to a chat and a webhook, written with the relay down, go out once and in order although the browser is killed before and in the middle`, async () => {
  let page = await open()
  await connectionIs(page, 'connected')
  const { chat, hook } = await makeConversations(page)
  await relay.kill()
  await writeAll(page, [chat, hook])
  const written = await readStore<Stored>(page, 'replies')
  expect([written.length, ...new Set(written.map(({ state }) => state))]).toEqual([2 * MESSAGES, 'sending'])
  await chromium.kill()

  page = await open()
  const popup = await openPopup(chromium, `#/conversation/${encodeURIComponent(hook)}`)
  await seeText(popup, `${MESSAGES} messages wait here until the relay answers.`)
  const [first] = (await readStore<Stored>(page, 'replies')).sort((a, b) => a.createdAt - b.createdAt)
  expect([first?.tries, first?.trouble]).toEqual([expect.any(Number), expect.stringMatching(/relay/)])

  await relay.start()
  for (let sent = 0; sent < SOME; sent++) await telegram.nextSent()
  await chromium.kill()

  page = await open()
  const notSent = async () => (await readStore<Stored>(page, 'replies')).filter(({ state }) => state !== 'sent')
  await eventually(page, async () => (await notSent()).length === 0 || (await notSent()), 'every answer to be sent')
  const wanted = Array.from({ length: MESSAGES }, (_, index) => `answer ${index + 1}`)
  expect(telegram.sent.map(({ text }) => text).filter((text) => text.startsWith('answer'))).toEqual(wanted)
  const { responses } = await (await fetch(`${relay.url}/responses/${hook}?limit=500`)).json()
  expect(responses.map(({ content }: { content: string }) => content)).toEqual(wanted)
})

it('client:SCH1, SCH2, SCH3 what is planned goes out at its time with no page open and the worker stopped; what came due while the browser was off, at the next start, and says so', async () => {
  const page = await openPopup(chromium)
  await page.locator('a.row::-p-text(ada)').click()
  const plan = async (words: string) => {
    await page.locator('textarea').fill(words)
    await page.locator('button[aria-label="Send later"]').click()
    await page.locator('.menu-times [role=menuitem]').click()
    await seeText(page, '1 scheduled')
  }
  await plan('planned for later')
  await setTime(page, Date.now() + 1_500)
  await stopWorker(page)
  await page.goto('about:blank')
  await telegram.nextSent()
  while (telegram.sent.at(-1)?.text !== 'planned for later') await telegram.nextSent()

  await page.goto(popupUrl())
  await page.locator('a.row::-p-text(ada)').click()
  await plan('planned for the night')
  await closeOffscreen(page)
  await setTime(page, Date.now() - 10 * 60_000)
  await chromium.kill()
  expect(telegram.sent.at(-1)?.text).toBe('planned for later')
  await open()
  while (telegram.sent.at(-1)?.text !== 'planned for the night') await telegram.nextSent()
  const popup = await openPopup(chromium)
  await popup.locator('a.row::-p-text(ada)').click()
  await seeText(popup, 'sent late: this browser was not running.')
  expect(telegram.sent.filter(({ text }) => text.startsWith('planned')).map(({ text }) => text)).toEqual([
    'planned for later',
    'planned for the night',
  ])
  expect(await readStore(popup, 'scheduled')).toEqual([])
})

/** As if the time that was chosen were this one. */
async function setTime(page: Page, sendAt: number): Promise<void> {
  await page.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('chaos-relay')
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('scheduled', 'readwrite')
          const store = transaction.objectStore('scheduled')
          store.getAll().onsuccess = (event) => {
            for (const row of (event.target as IDBRequest).result) store.put({ ...row, sendAt: wanted })
          }
          transaction.oncomplete = () => {
            opening.result.close()
            new BroadcastChannel('chaos-changes').postMessage({ topic: 'scheduled', profileId: 'default' })
            resolve()
          }
        }
      }),
    sendAt,
  )
}
