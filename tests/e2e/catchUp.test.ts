import { Agent, request } from 'node:http'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countStore, readStore } from '../support/browser/database.ts'
import { openPopup } from '../support/browser/extension.ts'
import { addWebhook, ask, connectionIs, eventually, outside, startWorld, type World } from '../support/browser/world.ts'

const WAITING = 50_000
const AT_ONCE = 64

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

/** `waiting 1` to `waiting 50000`, 64 at a time, each acknowledged before its connection sends another. */
async function postAll(address: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  let next = 1
  const post = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const sent = request(address, { method: 'POST', agent, headers: { 'Content-Type': 'text/plain' } }, (answer) => {
        answer.resume()
        answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`HTTP ${answer.statusCode}`))))
      })
      sent.on('error', reject)
      sent.end(text)
    })
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next <= WAITING) await post(`waiting ${next++}`)
    }),
  )
  agent.destroy()
}

/** The number of the newest message that is stored: the cursor, written in the transaction of its message. */
const storedUpTo = async (page: Page): Promise<number> => (await readStore<{ seq: number }>(page, 'cursors'))[0]?.seq ?? 0

/** How many messages, by time, have the numbers 1, 2, 3 and so on. */
const inOrderOfTime = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('chaos-relay')
        opening.onsuccess = () => {
          const all = opening.result.transaction('messages').objectStore('messages').index('time').getAll()
          all.onerror = () => reject(all.error)
          all.onsuccess = () => {
            const wrong = all.result.findIndex(({ seq }: { seq: number }, index) => seq !== index + 1)
            resolve(wrong < 0 ? all.result.length : wrong)
          }
        }
      }),
  )

describe('a long absence', () => {
  it('client:ARC5, CDD1, CDD12, SOC9 and relay:CUR4, WS8 50,000 waiting messages are caught up in pages, complete and in order, while the popup works', async () => {
    const page = await world.connected()
    const webhook = await addWebhook(page, 'absence')
    await ask(page, 'connection', 'disconnect', { profileId: 'default' })
    await connectionIs(page, 'stopped')
    await postAll(outside(webhook.url, world.relay))

    await ask(page, 'connection', 'connect', { profileId: 'default' })
    await eventually(page, async () => ((await storedUpTo(page)) > 1_000 ? true : storedUpTo(page)), 'the first pages')
    // Not yet complete, and already readable.
    const popup = await openPopup(world.chromium)
    await popup.waitForSelector('a.row', { timeout: 10_000 })
    expect(await storedUpTo(popup)).toBeLessThan(WAITING)

    await eventually(page, async () => ((await storedUpTo(page)) === WAITING ? true : storedUpTo(page)), 'all messages', 170_000)
    await connectionIs(page, 'connected')
    const [conversation] = await readStore<{ unread: number }>(page, 'conversations')
    expect(conversation?.unread).toBe(WAITING)
    expect(await countStore(page, 'messages')).toBe(WAITING)
    expect(await inOrderOfTime(page)).toBe(WAITING)
    expect(await storedUpTo(page)).toBe(WAITING)
  }, 400_000)
})
