import type { Page } from 'puppeteer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/fake.ts'
import { seriousFindings } from '../support/browser/axe.ts'
import { countStore, readStore } from '../support/browser/database.ts'
import { openPopup, seeText, stopWorker } from '../support/browser/extension.ts'
import { addWebhook, eventually, outside, startWorld, type World } from '../support/browser/world.ts'

let world: World
let telegram: FakeTelegram
let ada: ReturnType<FakeTelegram['user']>
let options: Page

beforeAll(async () => {
  telegram = await startFakeTelegram()
  world = await startWorld({ env: { CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot } })
  ada = telegram.user('Ada', 'ada')
  options = await world.connected()
  await options.locator('.paste-box input').fill(telegram.bot.token)
  await options.keyboard.press('Enter')
  await options.waitForSelector('.pair-code output')
  ada.send(`/start ${(await options.$eval('.pair-code output', (output) => output.textContent)) ?? ''}`)
  await seeText(options, 'Paired.')
  await telegram.nextSent()
})
afterAll(async () => {
  await world.close()
  await telegram.close()
})

const replies = () => readStore<{ content: string; automatic?: boolean; state: string }>(options, 'replies')
const leases = async () => (await readStore<{ state: string }>(options, 'leases')).map(({ state }) => state)
const done = (count: number) =>
  eventually(
    options,
    async () => {
      const states = await leases()
      return (states.length === count && states.every((state) => state === 'done')) || states
    },
    `${count} messages to be dealt with`,
  )

it('client:CDD9, CHN1 is switched on and worded on the channel’s card', async () => {
  await options.locator('.channel button[aria-label^="Details of"]').click()
  await options.locator('label.switch::-p-text(Answer by itself while I am away)').click()
  await options.waitForSelector('.away textarea')
  expect(await options.$eval('.away textarea', (box) => (box as HTMLTextAreaElement).value)).toBe(
    'I am away and answer as soon as I am back.',
  )
  await options.locator('.away textarea').fill('On a **boat** until Monday.')
  await options.locator('.away button::-p-text(Save)').click()
  await options.waitForFunction(() => !document.querySelector('.away button'))
  await options.locator('.away .chip-choice::-p-text(once an hour)').click()
  await eventually(
    options,
    async () => {
      const [row] = await readStore<{ away: object }>(options, 'automations')
      return JSON.stringify(row?.away) === '{"on":true,"text":"On a **boat** until Monday.","everyHours":1}' || row
    },
    'the choice to be kept',
  )
  expect(await seriousFindings(options)).toEqual([])
})

it('client:CDD9, ARC3 answers with the worker stopped, once per conversation, marked as automatic', async () => {
  await stopWorker(options)
  ada.send('Are you there?')
  const sent = await telegram.nextSent()
  expect(sent.text).toBe('On a boat until Monday.')
  await done(1)
  ada.send('Hello?')
  await done(2)
  expect((await replies()).map(({ content, automatic }) => [content, automatic])).toEqual([['On a **boat** until Monday.', true]])
  const popup = await openPopup(world.chromium)
  await popup.locator('a.row').click()
  await popup.waitForSelector('.own .meta-auto')
  await popup.waitForSelector('.own .is-sent')
  expect(await popup.$eval('.own', (bubble) => (bubble as HTMLElement).innerText)).toContain('Automatic')
  expect(await seriousFindings(popup)).toEqual([])
  await popup.close()
})

it('client:CDD9 what a worker left behind when it died is taken up at the next wake; what failed three times stands at its message', async () => {
  // As two workers would have left them: one died holding its message, the other failed three times.
  const [first, second] = (await readStore<{ messageId: string }>(options, 'leases')).map(({ messageId }) => messageId)
  await options.evaluate(
    (ids) =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('chaos-relay')
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('leases', 'readwrite')
          const store = transaction.objectStore('leases')
          store.getAll().onsuccess = (event) => {
            for (const { finishedAt: _, ...lease } of (event.target as IDBRequest).result) {
              const attempts = lease.messageId === ids[0] ? 1 : 3
              store.put({ ...lease, state: 'claimed', attempts, due: Date.now() - 1, reason: 'The disk is full.' })
            }
          }
          transaction.oncomplete = () => {
            opening.result.close()
            resolve()
          }
        }
      }),
    [first, second],
  )
  await stopWorker(options)
  // Anything wakes it: here a page that asks for its settings.
  const popup = await openPopup(world.chromium)
  await eventually(options, async () => (await leases()).sort().join() === 'done,failed' || leases(), 'both to be dealt with')
  await popup.locator('a.row').click()
  await seeText(popup, 'Not answered by itself: The disk is full.')
  expect(await countStore(options, 'replies')).toBe(1)
  await popup.close()
})

it('client:CDD9, CRP4 a channel that only receives offers none', async () => {
  const { url } = await addWebhook(options, 'ci')
  await options.locator('button[aria-label="Details of ci"]').click()
  await seeText(options, 'Switch replies on, and it can answer by itself')
  expect((await fetch(outside(url, world.relay), { method: 'POST', body: 'ping' })).status).toBe(200)
  await eventually(options, async () => ((await countStore(options, 'messages')) === 3 ? true : 'not yet'), 'the message')
  expect(await leases()).toHaveLength(2)
})
