import type { Page, WebWorker } from 'puppeteer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { countStore } from '../support/browser/database.ts'
import { optionsUrl, seeText } from '../support/browser/extension.ts'
import { addWebhook, ask, eventually, outside, startWorld, type World } from '../support/browser/world.ts'

declare const chrome: {
  notifications: {
    getAll(): Promise<Record<string, boolean>>
    clear(id: string): Promise<boolean>
    onClicked: { dispatch(id: string): void }
    onButtonClicked: { dispatch(id: string, button: number): void }
  }
}

let world: World
let settings: Page
let worker: WebWorker
beforeAll(async () => {
  // A click on a notification is an event of the worker: only a debugger can make it happen there.
  process.env.CHAOS_ATTACH_WORKER = '1'
  world = await startWorld()
  settings = await world.connected()
  const target = await world.chromium.browser.waitForTarget((one) => one.type() === 'service_worker')
  worker = (await target.worker()) as WebWorker
})
afterAll(async () => {
  delete process.env.CHAOS_ATTACH_WORKER
  await world.close()
})

const post = (url: string, content: string) =>
  fetch(outside(url, world.relay), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content, from: 'Bell' }),
  })

/** The id of the one notification there is. */
async function onlyNotice(): Promise<string> {
  const read = () => worker.evaluate(async () => Object.keys(await chrome.notifications.getAll()))
  await eventually(settings, async () => ((await read()).length === 1 ? true : read()), 'one notification')
  return (await read())[0] as string
}
const stored = (count: number) =>
  eventually(
    settings,
    async () => ((await countStore(settings, 'messages')) === count ? true : countStore(settings, 'messages')),
    `${count} stored messages`,
  )
const windowOf = async (place: string) => {
  const target = await world.chromium.browser.waitForTarget((one) => one.url().includes(place))
  return target.asPage()
}

it('client:INB6 an example is shown on request, with or without words, and a click on it leads nowhere', async () => {
  await settings.goto(optionsUrl('#/notifications'))
  const button = '::-p-aria([name="Show one now"])'
  await settings.waitForSelector(button)
  expect(await settings.$eval(button, (one) => (one as HTMLButtonElement).disabled)).toBe(true)
  await ask(settings, 'settings', 'set', { profileId: 'default', change: { notifications: 'on' } })
  await settings.waitForSelector(`${button}:not([disabled])`)
  await settings.click(button)
  expect(await onlyNotice()).toBe('example')
  const pages = (await world.chromium.browser.pages()).length
  await worker.evaluate(async () => chrome.notifications.onClicked.dispatch('example'))
  expect((await world.chromium.browser.pages()).length).toBe(pages)
  await worker.evaluate(async () => chrome.notifications.clear('example'))
  await ask(settings, 'settings', 'set', { profileId: 'default', change: { notifications: 'off' } })
})

it('client:INB3, RCH2, UIX1 a click on a notification opens its message, however many have come since, and gives it the keyboard', async () => {
  const { id, url } = await addWebhook(settings, 'door')
  await ask(settings, 'channels', 'change', { profileId: 'default', channelId: id, change: { direction: 'bidirectional' } })
  for (let said = 0; said < 80; said++) expect((await post(url, `before ${said}`)).status).toBe(200)
  await stored(80)
  // Read, they are told no more, however late the worker hears of them.
  await ask(settings, 'inbox', 'markRead', { profileId: 'default', conversationId: id })
  await ask(settings, 'settings', 'set', {
    profileId: 'default',
    change: { notifications: 'on', notificationContent: true },
  })
  expect((await post(url, 'the **one**')).status).toBe(200)
  const notice = await onlyNotice()
  await ask(settings, 'settings', 'set', { profileId: 'default', change: { notifications: 'off' } })
  for (let said = 0; said < 120; said++) expect((await post(url, `after ${said}`)).status).toBe(200)
  await stored(201)
  await worker.evaluate((clicked) => chrome.notifications.onClicked.dispatch(clicked), notice)
  const page = await windowOf(`#/conversation/${id}/`)
  await page.waitForFunction(() => {
    const row = document.querySelector('[data-spot]')
    const place = row?.getBoundingClientRect()
    return (
      document.activeElement === row &&
      place &&
      place.top > 0 &&
      place.bottom < innerHeight &&
      row?.textContent?.includes('the one')
    )
  })
  await worker.evaluate((clicked) => chrome.notifications.onButtonClicked.dispatch(clicked, 0), notice)
  // One window: the same one now is ready to write.
  await page.waitForFunction(() => location.hash.startsWith('#/reply/') && document.activeElement?.tagName === 'TEXTAREA')
  await seeText(page, 'the one')
})
