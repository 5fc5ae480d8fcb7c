import type { CDPSession, Page } from 'puppeteer'
import { countStore } from '../support/browser/database.ts'
import { openPopup, popupUrl } from '../support/browser/extension.ts'
import { addWebhook, ask, connectionIs, eventually, outside, startWorld, type World } from '../support/browser/world.ts'
import { quantile, type Row } from './table.ts'

const STORED = 50_000
const CHANNELS = 20
const AT_ONCE = 64
const OPENINGS = 20
const SEARCHES = 20

declare const chrome: { action: { openPopup(): Promise<void> } }

type Opening = { painted: number; listed: number }

/** Milliseconds from the start of the page to its first paint and to the first conversation. */
function whenShown(page: Page): Promise<Opening> {
  return page.evaluate(async () => {
    const until = async <T>(look: () => T | null | undefined): Promise<T> => {
      for (;;) {
        const found = look()
        if (found) return found
        await new Promise((resolve) => setTimeout(resolve))
      }
    }
    await until(() => document.querySelector('a.row'))
    const listed = performance.now()
    const paint = await until(() => performance.getEntriesByName('first-contentful-paint')[0])
    return { painted: paint.startTime, listed }
  })
}

/** The popup in a tab, opened again and again; and once under the toolbar's button, which is what people see. */
async function openings(world: World, page: Page): Promise<{ tab: Opening[]; button: Opening }> {
  const tab: Opening[] = []
  for (let count = 0; count < OPENINGS; count++) {
    const popup = await openPopup(world.chromium)
    tab.push(await whenShown(popup))
    await popup.close()
  }
  const known = new Set(world.chromium.browser.targets())
  const opened = world.chromium.browser.waitForTarget((target) => target.url().startsWith(popupUrl()) && !known.has(target))
  await page.bringToFront()
  await page.evaluate(() => chrome.action.openPopup())
  const popup = await (await opened).asPage()
  const button = await whenShown(popup)
  await popup.close()
  return { tab, button }
}

/** Posts to the channels in turns; each message has a word of its own. */
async function fill(world: World, page: Page): Promise<void> {
  const hooks: string[] = []
  for (let count = 0; count < CHANNELS; count++) hooks.push(outside((await addWebhook(page, `bench ${count}`)).url, world.relay))
  // One is there already.
  let next = 1
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < STORED) {
        const number = next++
        const body = `The deploy of service ${number % 97} took ${number % 31} s, build w${number}x`
        const answer = await fetch(hooks[number % CHANNELS] ?? '', { method: 'POST', body })
        if (answer.status !== 200) throw new Error(`HTTP ${answer.status}`)
        await answer.arrayBuffer()
      }
    }),
  )
  const stands = async (store: string, isDone: (count: number) => boolean): Promise<void> =>
    eventually(page, async () => isDone(await countStore(page, store)) || countStore(page, store), store, 200_000)
  await stands('messages', (count) => count === STORED)
  // A few always wait to be indexed with the next.
  await stands('unindexed', (count) => count < 100)
}

/** Milliseconds from the last letter of a word that one message holds to its row. */
async function searches(world: World): Promise<number[]> {
  const popup = await openPopup(world.chromium)
  await popup.waitForSelector('a.row')
  const times: number[] = []
  for (let count = 0; count < SEARCHES; count++) {
    const word = `w${((count * 2477) % (STORED - 1)) + 1}x`
    times.push(
      await popup.evaluate(async (text) => {
        const box = document.querySelector<HTMLInputElement>('input[type=search]')
        if (!box) throw new Error('no search box')
        const shown = () => [...document.querySelectorAll('.row')].some((row) => row.textContent?.includes(text))
        const start = performance.now()
        box.value = text
        box.dispatchEvent(new Event('input', { bubbles: true }))
        while (!shown()) await new Promise((resolve) => setTimeout(resolve))
        return performance.now() - start
      }, word),
    )
  }
  await popup.close()
  return times
}

/** A second identity on the same relay, connected. */
async function addProfile(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('chaos-relay')
      opening.onsuccess = () => resolve(opening.result)
    })
    const transaction = db.transaction(['profiles', 'identities'], 'readwrite')
    const [known] = await new Promise<{ relayUrl: string }[]>((resolve) => {
      const reading = transaction.objectStore('profiles').getAll()
      reading.onsuccess = () => resolve(reading.result)
    })
    transaction.objectStore('profiles').add({ ...known, id: 'second', name: 'Second', createdAt: Date.now() })
    transaction.objectStore('identities').add({
      profileId: 'second',
      publicKey: { kty, crv, x, y },
      privateKey: pair.privateKey,
      createdAt: Date.now(),
    })
    await new Promise<void>((resolve) => {
      transaction.oncomplete = () => resolve()
    })
    db.close()
  })
  await ask(page, 'profiles', 'changed', { profileId: 'second' })
  await connectionIs(page, 'connected')
}

/** MiB of JavaScript heap after a collection. */
async function heap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize / 1024 / 1024
}

async function memory(world: World, page: Page): Promise<Row[]> {
  await addProfile(page)
  const rows: Row[] = []
  for (const [what, part] of [
    ['service worker', 'background.js'],
    ['offscreen document', 'offscreen.html'],
  ] as const) {
    const target = world.chromium.browser.targets().find((one) => one.url().endsWith(part))
    if (!target) throw new Error(`no ${part}`)
    const used = await heap(await target.createCDPSession())
    rows.push({ what: `${what}, two profiles: heap`, unit: 'MiB', relay: used })
  }
  return rows
}

/** The popup's first paint and search over 50,000 stored messages, beside a fresh install; the memory of what always runs. */
export async function benchInbox(): Promise<Row[]> {
  process.env.CHAOS_ATTACH_WORKER = '1'
  const world = await startWorld()
  try {
    const page = await world.connected()
    const first = await addWebhook(page, 'first')
    await fetch(outside(first.url, world.relay), { method: 'POST', body: 'hello' })
    const few = await openings(world, page)
    await fill(world, page)
    const many = await openings(world, page)
    const p50 = (all: Opening[], of: keyof Opening) =>
      quantile(
        all.map((one) => one[of]),
        0.5,
      )
    const beside = (what: string, reference: number, relay: number): Row => ({
      what,
      unit: 'ms',
      reference,
      relay,
      ratio: relay / reference,
    })
    const found = await searches(world)
    return [
      beside('popup, 50,000 messages beside one: first paint, p50', p50(few.tab, 'painted'), p50(many.tab, 'painted')),
      beside('popup, 50,000 messages beside one: first row, p50', p50(few.tab, 'listed'), p50(many.tab, 'listed')),
      beside('popup under its button: first paint, once', few.button.painted, many.button.painted),
      beside('popup under its button: first row, once', few.button.listed, many.button.listed),
      { what: 'search of 50,000 messages, p50', unit: 'ms', relay: quantile(found, 0.5) },
      { what: 'search of 50,000 messages, p95', unit: 'ms', relay: quantile(found, 0.95) },
      ...(await memory(world, page)),
    ]
  } finally {
    delete process.env.CHAOS_ATTACH_WORKER
    await world.close()
  }
}
