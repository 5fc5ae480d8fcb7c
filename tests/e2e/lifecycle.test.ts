import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countStore, readStore } from '../support/browser/database.ts'
import { badgeReads, closeOffscreen, countOffscreen, openPopup, seeText, stopWorker } from '../support/browser/extension.ts'
import { addWebhook, ask, connectionIs, eventually, outside, startWorld, type World } from '../support/browser/world.ts'

let world: World
let page: Page
let address: string

const post = async (text: string) => {
  const answer = await fetch(address, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: text })
  expect(answer.status).toBe(200)
}
const stored = (count: number) =>
  eventually(
    page,
    async () => ((await countStore(page, 'messages')) === count ? true : countStore(page, 'messages')),
    `${count} stored messages`,
  )

beforeAll(async () => {
  world = await startWorld()
  page = await world.connected()
  address = outside((await addWebhook(page, 'lifecycle')).url, world.relay)
})
afterAll(() => world.close())

describe('parts of the extension that die', () => {
  it('client:ARC3, INB2 with the service worker stopped a message is stored, wakes it for the badge, and is listed once', async () => {
    await stopWorker(page)
    await post('while the worker slept')
    await stored(1)
    await badgeReads(page, '1')
    const popup = await openPopup(world.chromium)
    await seeText(popup, 'while the worker slept')
    expect(await readStore(popup, 'conversations')).toHaveLength(1)
    await popup.close()
  })

  it('client:ARC2 a closed offscreen document is made again by the watchdog, and what came meanwhile is fetched', async () => {
    await closeOffscreen(page)
    expect(await countOffscreen(page)).toBe(0)
    await post('while nobody listened')
    await eventually(
      page,
      async () => ((await countOffscreen(page)) === 1 ? true : 'no offscreen document'),
      'the watchdog',
      100_000,
    )
    await stored(2)
    await connectionIs(page, 'connected')
    await badgeReads(page, '2')
  })

  it('client:ARC2 many wakes at once still make one offscreen document', async () => {
    await closeOffscreen(page)
    await stopWorker(page)
    await Promise.all(Array.from({ length: 8 }, () => ask(page, 'settings', 'get', { profileId: 'default' })))
    await eventually(page, async () => ((await countOffscreen(page)) > 0 ? true : 'none'), 'an offscreen document')
    await Promise.all(Array.from({ length: 8 }, () => ask(page, 'settings', 'get', { profileId: 'default' })))
    expect(await countOffscreen(page)).toBe(1)
  })
})
