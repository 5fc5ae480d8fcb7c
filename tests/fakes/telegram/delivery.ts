import type { FakeBot } from './model.ts'

/** The real server waits longer; what matters is that it comes back until it gets a 2xx. */
const RETRY_MS = 50

/**
 * Posts a bot's updates to its webhook, one at a time and in order, until each is taken. `route` maps the public https address to where a test
 * listens.
 */
export async function deliver(bot: FakeBot, route: (url: string) => string, stopped: AbortSignal): Promise<void> {
  if (bot.delivering) return
  bot.delivering = true
  try {
    while (bot.webhook && bot.updates.length > 0 && !stopped.aborted) {
      const update = bot.updates[0]
      const { webhook } = bot
      const problem = await post(route(webhook.url), webhook.secret, update, stopped)
      webhook.lastError = problem
      if (problem === undefined) bot.updates = bot.updates.filter((other) => other !== update)
      else await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  } finally {
    bot.delivering = false
  }
}

async function post(url: string, secret: string | undefined, update: unknown, signal: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(secret !== undefined && { 'x-telegram-bot-api-secret-token': secret }) },
      body: JSON.stringify(update),
      signal,
    })
    await response.arrayBuffer()
    return response.ok ? undefined : `Wrong response from the webhook: ${response.status} ${response.statusText}`
  } catch {
    return 'Connection refused'
  }
}
