import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { expect, it } from 'vitest'
import { type Chromium, launchChromium } from '../support/browser/chromium.ts'
import { countStore, readStore } from '../support/browser/database.ts'
import { closeOffscreen, countOffscreen, openOptions, stopWorker } from '../support/browser/extension.ts'
import { addWebhook, ask, connectionIs, eventually, HIGH_LIMITS, outside } from '../support/browser/world.ts'
import { type RelayProcess, startRelayProcess } from '../support/relayProcess.ts'

const long = process.env.CHAOS_FAULTS === 'long'
const CHANNELS = 4
const PLAN = long ? { messages: 10_000, stops: 100, kills: 20 } : { messages: 1_000, stops: 5, kills: 2 }
/** How long what is missing may take to arrive: the safety poll comes every minute. */
const PATIENCE_MS = 180_000

type Browser = { chromium: Chromium; page: Page }
type Row = { id: string; seq: number; channelId: string; content: string }

async function open(relay: RelayProcess, profile: string): Promise<Browser> {
  const chromium = await launchChromium({ relayPort: relay.port, profile })
  return { chromium, page: await openOptions(chromium) }
}

/** Stops the worker and, every other time, closes the document that holds the socket too; then something wakes the worker. */
async function stopParts({ page }: Browser, turn: number): Promise<void> {
  if (turn % 2 === 1 && (await countOffscreen(page)) > 0) await closeOffscreen(page)
  await stopWorker(page)
  await ask(page, 'settings', 'get', { profileId: 'default' })
}

/** The kills of the browser, spread evenly among the stops of its parts. */
function disturbances(): ('stop' | 'kill')[] {
  const all = PLAN.stops + PLAN.kills
  return Array.from({ length: all }, (_, n) =>
    Math.floor(((n + 1) * PLAN.kills) / all) > Math.floor((n * PLAN.kills) / all) ? 'kill' : 'stop',
  )
}

it('client:ARC3, CDD1, CDD3, CDD4, CDD12 the parts of the browser stopped and killed while messages come on four channels lose, double and reorder nothing', async () => {
  const relay = await startRelayProcess({ env: { CHAOS_RATE_LIMITS: HIGH_LIMITS, LOG_LEVEL: 'error' } })
  const profile = await mkdtemp(join(tmpdir(), 'chaos-profile-'))
  let browser = await open(relay, profile)
  try {
    await connectionIs(browser.page, 'connected')
    const channels: { id: string; address: string; posted: string[] }[] = []
    for (let n = 0; n < CHANNELS; n++) {
      const webhook = await addWebhook(browser.page, `channel ${n}`)
      channels.push({ id: webhook.id, address: outside(webhook.url, relay), posted: [] })
    }
    /** One after the other on each channel, all channels at once. */
    const post = (each: number) =>
      Promise.all(
        channels.map(async ({ address, posted }) => {
          for (let n = 0; n < each; n++) {
            const answer = await fetch(address, { method: 'POST', body: `message ${posted.length + 1}` })
            expect(answer.status).toBe(200)
            posted.push(((await answer.json()) as { messageId: string }).messageId)
          }
        }),
      )
    const plan = disturbances()
    const each = Math.ceil(PLAN.messages / CHANNELS / plan.length / 2)
    for (const [turn, what] of plan.entries()) {
      const posting = post(each)
      if (what === 'kill') {
        await browser.chromium.kill()
        browser = await open(relay, profile)
      } else await stopParts(browser, turn)
      await posting
      await post(each)
    }
    const total = channels.reduce((sum, { posted }) => sum + posted.length, 0)
    expect(total).toBeGreaterThanOrEqual(PLAN.messages)
    await eventually(
      browser.page,
      async () => ((await countStore(browser.page, 'messages')) >= total ? true : countStore(browser.page, 'messages')),
      `${total} stored messages`,
      PATIENCE_MS,
    )
    const rows = (await readStore<Row>(browser.page, 'messages')).sort((a, b) => a.seq - b.seq)
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: total }, (_, n) => n + 1))
    for (const { id, posted } of channels) {
      expect(rows.filter(({ channelId }) => channelId === id).map((row) => row.id)).toEqual(posted)
    }
    const conversations = await readStore<{ channelId: string; unread: number }>(browser.page, 'conversations')
    expect(Object.fromEntries(conversations.map(({ channelId, unread }) => [channelId, unread]))).toEqual(
      Object.fromEntries(channels.map(({ id, posted }) => [id, posted.length])),
    )
  } finally {
    await browser.chromium.close()
    await relay.close()
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
})
