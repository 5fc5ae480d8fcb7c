import type { Page } from 'puppeteer'
import { startRelayProcess } from '../relayProcess.ts'
import { type ChromiumOptions, launchChromium } from './chromium.ts'
import { readStore } from './database.ts'
import { openOptions } from './extension.ts'

/** Limits stay on, high enough for a test that posts a thousand messages in a row. */
export const HIGH_LIMITS = JSON.stringify({
  inbound: { limit: 1_000_000, windowSec: 60 },
  reply: { limit: 10_000, windowSec: 60 },
  poll: { limit: 10_000, windowSec: 60 },
  wsTicket: { limit: 10_000, windowSec: 60 },
})

export type World = Awaited<ReturnType<typeof startWorld>>

/** The whole product: a real relay process with a real database file, and a real Chromium with the built extension. */
export async function startWorld(
  options: { env?: Record<string, string>; browser?: Partial<ChromiumOptions>; command?: string } = {},
) {
  const { env, command } = options
  const relay = await startRelayProcess({
    env: { CHAOS_RATE_LIMITS: HIGH_LIMITS, LOG_LEVEL: 'warn', ...env },
    ...(command !== undefined && { command }),
  })
  const chromium = await launchChromium({ relayPort: relay.port, ...options.browser })
  return {
    relay,
    chromium,
    /** The options page, after the extension has connected by itself. */
    async connected(): Promise<Page> {
      const page = await openOptions(chromium)
      await connectionIs(page, 'connected')
      return page
    },
    async close(): Promise<void> {
      await chromium.close()
      await relay.close()
    },
  }
}

/** Waits until the stored connection of the default profile has this state. */
export async function connectionIs(page: Page, state: string, timeout = 90_000): Promise<void> {
  await eventually(
    page,
    async () => {
      const [connection] = await readStore<{ state: string; reason?: string }>(page, 'connections')
      return connection?.state === state ? true : `${connection?.state} (${connection?.reason ?? ''})`
    },
    `the connection to be ${state}`,
    timeout,
  )
}

/**
 * Looks again after each change the extension announces, and once a second in case an announcement was missed, until `look` gives true.
 * Anything else it gives is told when time runs out.
 */
export async function eventually(page: Page, look: () => Promise<true | unknown>, what: string, timeout = 60_000): Promise<void> {
  const end = Date.now() + timeout
  for (;;) {
    const seen = await look()
    if (seen === true) return
    if (Date.now() > end) throw new Error(`Waited ${timeout / 1000} s for ${what}; saw: ${JSON.stringify(seen)}`)
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const changes = new BroadcastChannel('chaos-changes')
          const done = () => {
            clearTimeout(timer)
            changes.close()
            resolve()
          }
          const timer = setTimeout(done, 1_000)
          changes.onmessage = done
        }),
    )
  }
}

type Asked = { ok: boolean; output?: unknown; failure?: { code: string; message: string } }

declare const chrome: { runtime: { sendMessage(message: unknown): Promise<unknown> } }

/** Asks the worker, or whoever else, as a page does. For what a test needs but is not about. */
export async function ask<T>(page: Page, scope: string, name: string, input: unknown, to = 'background'): Promise<T> {
  const answer = (await page.evaluate((message) => chrome.runtime.sendMessage(message), {
    chaos: 1,
    to,
    scope,
    name,
    input,
  })) as Asked
  if (!answer?.ok) throw new Error(`${scope}.${name}: ${JSON.stringify(answer)}`)
  return answer.output as T
}

/** A webhook channel made through the worker. */
export async function addWebhook(page: Page, name: string): Promise<{ id: string; url: string }> {
  const { channel, webhookUrl } = await ask<{ channel: { id: string }; webhookUrl: string }>(page, 'channels', 'addWebhook', {
    profileId: 'default',
    name,
  })
  return { id: channel.id, url: webhookUrl }
}

/** The webhook's address as seen from outside the browser, where 127.0.0.1:8787 is not mapped. */
export function outside(url: string, relay: { port: number }): string {
  return url.replace('127.0.0.1:8787', `127.0.0.1:${relay.port}`)
}
