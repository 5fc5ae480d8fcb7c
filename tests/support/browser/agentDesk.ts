import type { Page } from 'puppeteer'
import { type FakeTelegram, startFakeTelegram } from '../../fakes/telegram/fake.ts'
import { type Chromium, type ChromiumOptions, launchChromium } from './chromium.ts'
import { readStore } from './database.ts'
import { openOptions, openPage, optionsUrl } from './extension.ts'
import { ask, connectionIs, eventually, startWorld } from './world.ts'

export type AgentDesk = Awaited<ReturnType<typeof startAgentDesk>>
export type Row = { id: string; standing: { state: string; by?: string; decision?: string } }

export const DELETE = { action: 'files.delete', args: { path: '/tmp/x' } }

/**
 * The whole product with an agent on the same session: the agent registered without a key, its token was pasted into the extension, and Ada
 * wrote to its Telegram bot.
 */
export async function startAgentDesk({ browser }: { browser?: Partial<ChromiumOptions> } = {}) {
  const telegram: FakeTelegram = await startFakeTelegram()
  const world = await startWorld({
    env: { CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot },
    ...(browser && { browser }),
  })
  const { relay } = world
  const registered = await fetch(`${relay.url}/auth/register`, { method: 'POST' })
  const { apiKey } = (await registered.json()) as { apiKey: string }

  async function call(method: string, target: string, body?: unknown) {
    const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' }
    const answer = await fetch(relay.url + target, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
    return { status: answer.status, json: await answer.json() }
  }

  const page = await pasteToken(world.chromium, apiKey)
  const bot = await call('POST', '/channels/telegram/register', { botToken: telegram.bot.token })
  const { channelId, pairingCode } = bot.json as { channelId: string; pairingCode: string }
  const ada = telegram.user('Ada', 'ada')
  ada.send(pairingCode)
  await telegram.nextSent()
  ada.send('Can you also clean up /tmp?')
  await eventually(
    page,
    async () => ((await readStore(page, 'conversations')).length === 1 ? true : 'no conversation'),
    'Ada’s message',
  )

  return {
    ...world,
    telegram,
    apiKey,
    ada,
    channelId,
    page,
    call,
    /** The agent asks because of what Ada wrote; its id. */
    async ask(given: Record<string, unknown> = {}): Promise<string> {
      const wanted = { ...DELETE, kind: 'write', channelId, conversation: String(ada.id), agentId: 'trip-desk', ...given }
      const { status, json } = await call('POST', '/approvals', wanted)
      if (status !== 202) throw new Error(JSON.stringify(json))
      return json.id
    },
    /** Asked in Ada's chat, too. */
    async asked(given: Record<string, unknown> = {}): Promise<string> {
      const id = await this.ask(given)
      const { text } = await telegram.nextSent()
      if (!text?.includes(`[${id}]`)) throw new Error(`not asked about ${id}: ${text}`)
      return id
    },
    outcome: async (id: string) => (await call('GET', `/approvals/${id}?waitMs=30000`)).json as Record<string, string>,
    use: (id: string, given: Record<string, unknown> = {}) => call('POST', `/approvals/${id}/use`, { ...DELETE, ...given }),
    mode: (mode: string) => ask(page, 'approvals', 'setMode', { profileId: 'default', mode, confirmed: true }),
    async stands(on: Page, id: string, state: string): Promise<void> {
      const read = async () => (await readStore<Row>(on, 'approvals')).find((row) => row.id === id)?.standing
      await eventually(on, async () => ((await read())?.state === state ? true : read()), `${id} to be ${state}`)
    },
    /** Another browser on the profile of one that is gone. */
    async again(profile: string): Promise<{ chromium: Chromium; page: Page }> {
      const chromium = await launchChromium({ relayPort: relay.port, profile })
      const opened = await openOptions(chromium)
      await connectionIs(opened, 'connected')
      return { chromium, page: opened }
    },
    async close(): Promise<void> {
      await world.close()
      await telegram.close()
    },
  }
}

async function pasteToken(chromium: Chromium, apiKey: string): Promise<Page> {
  const page = await openPage(chromium, optionsUrl('#/connection'))
  await connectionIs(page, 'connected')
  await page.locator('.advanced summary').click()
  await (await page.waitForSelector('.advanced input'))?.type(apiKey)
  await page.locator('.advanced button[type="submit"]').click()
  await page.locator('dialog[open] .dialog-actions .btn:last-child').click()
  await eventually(
    page,
    async () => ((await readStore<{ apiKey: string }>(page, 'sessions'))[0]?.apiKey === apiKey ? true : 'another session'),
    'the session of the token',
  )
  await connectionIs(page, 'connected')
  return page
}
