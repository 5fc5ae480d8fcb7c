import type { Page } from 'puppeteer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { countStore, readStore } from '../support/browser/database.ts'
import { openOptions, openPopup, seeText } from '../support/browser/extension.ts'
import { addWebhook, ask, eventually, outside, startWorld, type World } from '../support/browser/world.ts'

let world: World
let settings: Page
let hook: { id: string; url: string }
beforeAll(async () => {
  world = await startWorld()
  settings = await world.connected()
  const { id, url } = await addWebhook(settings, 'door')
  hook = { id, url: outside(url, world.relay) }
})
afterAll(() => world.close())

const post = async (body: string | FormData) => expect((await fetch(hook.url, { method: 'POST', body })).status).toBe(200)
const holds = (store: string, count: number) =>
  eventually(
    settings,
    async () => ((await countStore(settings, store)) === count ? true : countStore(settings, store)),
    `${count} rows in ${store}`,
  )
const withFile = (bytes: number) => {
  const form = new FormData()
  form.set('text', 'with a file')
  form.set('plan', new Blob([new Uint8Array(bytes)]), 'plan.bin')
  return form
}

it('client:CAT1 files stay on the relay until they are opened, or are fetched as they come where that is chosen', async () => {
  await post(withFile(1_000))
  await holds('messages', 1)
  const about = await openOptions(world.chromium, '#/about')
  await about.locator('.chip-choice::-p-text(As they come)').click()
  const chosen = async () =>
    (await readStore<{ key: string; value: { fetchFiles?: string } }>(about, 'settings')).find(({ key }) => key === 'settings')
      ?.value
  await eventually(about, async () => (await chosen())?.fetchFiles === 'arriving' || chosen(), 'the setting')
  // What came before the choice was made is still not here.
  expect(await countStore(about, 'files')).toBe(0)
  await post(withFile(100_000))
  await holds('files', 1)
  const size = await about.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('chaos-relay')
        opening.onsuccess = () => {
          const reading = opening.result.transaction('files').objectStore('files').getAll()
          reading.onsuccess = () => resolve(reading.result[0].bytes.byteLength)
        }
      }),
  )
  expect(size).toBe(100_000)
  await about.close()
})

/** From now on no message fits in, as on a full disk, until the files are gone. */
async function fillDisk(): Promise<void> {
  const target = await world.chromium.browser.waitForTarget((one) => one.url().endsWith('/offscreen.html'))
  const offscreen = await target.asPage()
  await offscreen.evaluate(() => {
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...given: Parameters<typeof put>) {
      if (this.name === 'messages') {
        const { transaction } = this
        Object.defineProperty(transaction, 'error', { value: new DOMException('full', 'QuotaExceededError') })
        queueMicrotask(() => transaction.abort())
      }
      return put.apply(this, given)
    }
    new BroadcastChannel('chaos-changes').addEventListener('message', () => {
      const opening = indexedDB.open('chaos-relay')
      opening.onsuccess = () => {
        const counting = opening.result.transaction('files').objectStore('files').count()
        counting.onsuccess = () => {
          opening.result.close()
          if (counting.result === 0) IDBObjectStore.prototype.put = put
        }
      }
    })
  })
}

it('client:CDD10, CDD2, DOC1 a full storage says so, to the doctor too, and keeps messages on the relay; the button frees room, says how much, and they come in', async () => {
  const popup = await openPopup(world.chromium)
  await seeText(popup, 'with a file')
  await fillDisk()
  await post('while it was full')
  await seeText(popup, 'Storage full.')
  const before = (await readStore<{ seq: number }>(settings, 'cursors'))[0]?.seq
  expect([await countStore(settings, 'messages'), before]).toEqual([2, 2])
  const doctor = await openOptions(world.chromium, '#/diagnostics')
  await doctor.waitForSelector('[data-check="space"].fail')
  await seeText(doctor, 'storage full, new messages wait on the relay')
  await doctor.close()
  await popup.locator('button::-p-text(Clean up)').click()
  await seeText(popup, 'Freed about 100 kB: 1 attachment.')
  await seeText(popup, 'while it was full')
  await popup.waitForFunction(() => !document.body.innerText.includes('Storage full'))
  // Stored, it is acknowledged again: nothing is left that the relay would have to keep for us.
  await eventually(
    settings,
    async () => (await readStore<{ seq: number }>(settings, 'cursors'))[0]?.seq === 3,
    'the cursor to go on',
  )
  await popup.locator('button::-p-text(OK)').click()
  await popup.waitForFunction(() => !document.body.innerText.includes('Freed about'))
})

it('client:CDD10, CDD11 the page about what is kept cleans up too, old read messages first, and says when there is nothing left to take', async () => {
  await ask(settings, 'inbox', 'markRead', { profileId: 'default', conversationId: hook.id })
  await post('not read yet')
  await holds('messages', 4)
  const about = await openOptions(world.chromium, '#/about')
  await about.locator('button::-p-text(Clean up)').click()
  await seeText(about, '3 old messages.')
  await holds('messages', 1)
  await about.locator('button::-p-text(Clean up)').click()
  await seeText(about, 'There is nothing to remove.')
  expect((await readStore<{ content: string }>(about, 'messages')).map(({ content }) => content)).toEqual(['not read yet'])
})
