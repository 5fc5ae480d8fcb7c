import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Page } from 'puppeteer'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { launchChromium } from '../support/browser/chromium.ts'
import { countStore, readStore } from '../support/browser/database.ts'
import { openOptions } from '../support/browser/extension.ts'
import { addWebhook, ask, connectionIs, eventually, HIGH_LIMITS, outside } from '../support/browser/world.ts'
import { type RelayProcess, startRelayProcess } from '../support/relayProcess.ts'

type Line = { profileId: string; state: string }

let relay: RelayProcess
let profile: string

beforeEach(async () => {
  relay = await startRelayProcess({ env: { CHAOS_RATE_LIMITS: HIGH_LIMITS, LOG_LEVEL: 'warn' } })
  profile = await mkdtemp(join(tmpdir(), 'chaos-profile-'))
})
afterEach(async () => {
  await relay.close()
  await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
})

const open = async () => {
  const chromium = await launchChromium({ relayPort: relay.port, profile })
  const page = await openOptions(chromium)
  await connectionIs(page, 'connected')
  return { chromium, page }
}
const post = (address: string, text: string) =>
  fetch(address, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: text })

/** A further profile on the same relay, made on its page; its id. */
async function create(page: Page, name: string): Promise<string> {
  await page.evaluate(() => {
    location.hash = '#/profiles'
  })
  await page.locator('[aria-labelledby="new-profile"] .field input').fill(name)
  await page.locator('::-p-aria([name="Create profile"][role="button"])').click()
  const find = async () => (await readStore<{ id: string; name: string }>(page, 'profiles')).find((one) => one.name === name)?.id
  await eventually(page, async () => (await find()) !== undefined || 'none', `the profile ${name}`)
  return (await find()) ?? ''
}

it('client:CDD4, CRG5, CDD12, CRP5 a killed browser comes back as the same user, with every message once and its drafts', async () => {
  const before = await open()
  const webhook = await addWebhook(before.page, 'restart')
  const address = outside(webhook.url, relay)
  for (let number = 1; number <= 20; number++) expect((await post(address, `before ${number}`)).status).toBe(200)
  await eventually(
    before.page,
    async () => ((await countStore(before.page, 'messages')) === 20 ? true : 'not yet'),
    '20 stored messages',
  )
  const [session] = await readStore<{ userId: string }>(before.page, 'sessions')
  await ask(before.page, 'inbox', 'saveDraft', { profileId: 'default', conversationId: webhook.id, text: 'half a thou' })
  // In the middle of the next ones.
  const during = Promise.all(Array.from({ length: 30 }, (_, index) => post(address, `during ${index + 1}`)))
  await before.chromium.kill()
  for (const answer of await during) expect(answer.status).toBe(200)

  const after = await open()
  await eventually(
    after.page,
    async () => ((await countStore(after.page, 'messages')) === 50 ? true : countStore(after.page, 'messages')),
    '50 stored messages',
  )
  const rows = (await readStore<{ id: string; seq: number }>(after.page, 'messages')).sort((a, b) => a.seq - b.seq)
  expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
  expect(new Set(rows.map((row) => row.id)).size).toBe(50)
  expect((await readStore<{ unread: number }>(after.page, 'conversations'))[0]?.unread).toBe(50)
  expect((await readStore<{ userId: string }>(after.page, 'sessions'))[0]?.userId).toBe(session?.userId)
  expect((await readStore<{ text: string }>(after.page, 'drafts'))[0]?.text).toBe('half a thou')
  await after.chromium.close()
})

it('client:SOC14 at its start every profile connects by itself, with no page open for it, but for those that were stopped', async () => {
  const before = await open()
  const work = await create(before.page, 'work')
  const club = await create(before.page, 'club')
  const states = async (page: Page) =>
    Object.fromEntries((await readStore<Line>(page, 'connections')).map(({ profileId, state }) => [profileId, state]))
  const become = (page: Page, wanted: Record<string, string>) =>
    eventually(page, async () => isDeepStrictEqual(await states(page), wanted) || states(page), JSON.stringify(wanted))
  await become(before.page, { default: 'connected', [work]: 'connected', [club]: 'connected' })
  await ask(before.page, 'connection', 'disconnect', { profileId: club })
  await become(before.page, { default: 'connected', [work]: 'connected', [club]: 'stopped' })
  await before.chromium.kill()

  const chromium = await launchChromium({ relayPort: relay.port, profile })
  const page = await openOptions(chromium)
  // What the database says may still be from before; the relay knows better.
  const sockets = async () => (await (await fetch(`${relay.url}/health`)).json()).websockets
  await eventually(page, async () => (await sockets()) === 2 || sockets(), 'two sockets')
  await become(page, { default: 'connected', [work]: 'connected', [club]: 'stopped' })
  await chromium.close()
})
