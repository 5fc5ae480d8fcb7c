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

describe('a long absence', () => {
  it('client:ARC5, CDD1, CDD12, SOC9 and relay:CUR4, WS8 50,000 waiting messages are caught up in pages, complete and in order, while the popup works', async () => {
    const page = await world.connected()
    const webhook = await addWebhook(page, 'absence')
    const address = outside(webhook.url, world.relay)
    await ask(page, 'connection', 'disconnect', { profileId: 'default' })
    await connectionIs(page, 'stopped')
    let next = 1
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (next <= WAITING) {
          const answer = await fetch(address, {
            method: 'POST',
            headers: { 'Content-Type': 'text/plain' },
            body: `waiting ${next++}`,
          })
          if (answer.status !== 200) throw new Error(`HTTP ${answer.status}`)
          await answer.arrayBuffer()
        }
      }),
    )

    await ask(page, 'connection', 'connect', { profileId: 'default' })
    await eventually(
      page,
      async () => ((await countStore(page, 'messages')) > 1_000 ? true : countStore(page, 'messages')),
      'the first pages',
    )
    // Not yet complete, and already readable.
    const popup = await openPopup(world.chromium)
    await popup.waitForSelector('a.row', { timeout: 10_000 })
    expect(await countStore(popup, 'messages')).toBeLessThan(WAITING)

    await eventually(
      page,
      async () => ((await countStore(page, 'messages')) === WAITING ? true : countStore(page, 'messages')),
      'all messages',
      170_000,
    )
    await connectionIs(page, 'connected')
    const [conversation] = await readStore<{ unread: number }>(page, 'conversations')
    expect(conversation?.unread).toBe(WAITING)
    const inOrder = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const opening = indexedDB.open('chaos-relay')
          opening.onsuccess = () => {
            let expected = 1
            const index = opening.result.transaction('messages').objectStore('messages').index('time')
            index.openCursor().onsuccess = (event) => {
              const cursor = (event.target as IDBRequest<IDBCursorWithValue | null>).result
              if (!cursor || cursor.value.seq !== expected) return resolve(expected - 1)
              expected++
              cursor.continue()
            }
          }
        }),
    )
    expect(inOrder).toBe(WAITING)
    expect((await readStore<{ seq: number }>(page, 'cursors'))[0]?.seq).toBe(WAITING)
  }, 400_000)
})
