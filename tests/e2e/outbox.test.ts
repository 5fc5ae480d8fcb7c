import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/fake.ts'
import { type Chromium, launchChromium } from '../support/browser/chromium.ts'
import { readStore } from '../support/browser/database.ts'
import { openOptions, openPopup, seeText } from '../support/browser/extension.ts'
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
  await seeText(popup, `${MESSAGES} messages wait here. They go out in order when the relay answers.`)
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
