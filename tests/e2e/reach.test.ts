import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page, WebWorker } from 'puppeteer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seriousFindings } from '../support/browser/axe.ts'
import { EXTENSION_ID } from '../support/browser/chromium.ts'
import { countStore, readStore } from '../support/browser/database.ts'
import { popupUrl, seeText } from '../support/browser/extension.ts'
import { addWebhook, ask, eventually, outside, startWorld, type World } from '../support/browser/world.ts'

declare const chrome: {
  omnibox: {
    onInputChanged: { dispatch(text: string, suggest: (found: { content: string; description: string }[]) => void): void }
    onInputEntered: { dispatch(text: string, where: string): void }
  }
  contextMenus: { onClicked: { dispatch(info: object, tab: object): void } }
  tabs: { query(query: object): Promise<{ id: number; windowId: number; url?: string }[]> }
  action: { openPopup(): Promise<void>; getBadgeText(details: object): Promise<string> }
  notifications: { getAll(): Promise<Record<string, boolean>> }
}

const panelUrl = (place = '') => `chrome-extension://${EXTENSION_ID}/sidepanel.html${place}`

let world: World
let settings: Page
let worker: WebWorker
let site: Server
let web: Page

beforeAll(async () => {
  // A click in a menu is an event of the worker: only a debugger can make it happen there.
  process.env.CHAOS_ATTACH_WORKER = '1'
  world = await startWorld()
  settings = await world.connected()
  const target = await world.chromium.browser.waitForTarget((one) => one.type() === 'service_worker')
  worker = (await target.worker()) as WebWorker
  for (const [name, direction] of [
    ['Jonas Weber', 'bidirectional'],
    ['Ada Okafor', 'bidirectional'],
    ['ci', 'inbound'],
  ] as const)
    await writes(name, direction)
  site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end('<title>Night trains</title><body style="background:#0b666c"><h1>Lisbon</h1>')
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  web = await world.chromium.browser.newPage()
  await web.goto(siteUrl())
})
afterAll(async () => {
  delete process.env.CHAOS_ATTACH_WORKER
  await world.close()
  site.close()
})

const siteUrl = () => `http://127.0.0.1:${(site.address() as AddressInfo).port}/`

/** Somebody writes to a channel of their own. */
async function writes(from: string, direction: string): Promise<void> {
  const before = await countStore(settings, 'messages')
  const { id, url } = await addWebhook(settings, from)
  await ask(settings, 'channels', 'change', { profileId: 'default', channelId: id, change: { direction } })
  const body = JSON.stringify({ content: `Hello from ${from}`, from })
  const posted = await fetch(outside(url, world.relay), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  expect(posted.status).toBe(200)
  await eventually(settings, async () => (await countStore(settings, 'messages')) === before + 1, `the message of ${from}`)
}

/** The window that something opens. */
async function windowAt(place: string, act: () => Promise<unknown>): Promise<Page> {
  const known = new Set(world.chromium.browser.targets())
  const opened = world.chromium.browser.waitForTarget((target) => target.url().includes(place) && !known.has(target))
  await act()
  return (await opened).asPage()
}

/** "Send … to" clicked in the menu of the web page. */
async function clickMenu(info: { menuItemId: string; selectionText?: string }): Promise<Page> {
  return windowAt('#/send/', () =>
    worker.evaluate(
      async (clicked, pageUrl) => {
        const tabs = await chrome.tabs.query({})
        const tab = tabs.find(({ url }) => url === undefined || url === pageUrl)
        chrome.contextMenus.onClicked.dispatch({ ...clicked, pageUrl }, { ...tab, title: 'Night trains' })
      },
      info,
      siteUrl(),
    ),
  )
}
const receivers = (page: Page) => page.$$eval('[role=option] .row-name', (names) => names.map(({ textContent }) => textContent))
const value = (page: Page) => page.$eval('textarea', (box) => box.value)

it('client:RCH4, RCH5, UIX1 a selection goes into the draft of who is chosen by keyboard, and out when it is sent there', async () => {
  const page = await clickMenu({ menuItemId: 'selection', selectionText: '218.40 EUR until Friday' })
  await page.waitForSelector('[role=option]')
  await page.waitForFunction(() => document.activeElement?.matches('input[role=combobox]'))
  // Who cannot be answered is not offered; the newest come first.
  expect(await receivers(page)).toEqual(['Ada Okafor', 'Jonas Weber'])
  await seeText(page, '218.40 EUR until Friday')
  await seeText(page, `Selected text from ${new URL(siteUrl()).host}`)
  await seeText(page, 'Nothing is sent before you send it.')
  expect(await seriousFindings(page)).toEqual([])
  await page.keyboard.press('ArrowDown')
  expect(await page.$eval('[aria-selected=true]', (row) => row.textContent)).toContain('Jonas Weber')
  expect(await page.$eval('input', (field) => field.getAttribute('aria-activedescendant'))).toBe(
    await page.$eval('[aria-selected=true]', ({ id }) => id),
  )
  await page.keyboard.type('nobody')
  await seeText(page, 'Nobody called “nobody”')
  await page.keyboard.press('Enter')
  for (const _ of 'nobody') await page.keyboard.press('Backspace')
  await page.keyboard.type('oka')
  await page.waitForFunction(() => document.querySelector('[role=option] mark')?.textContent === 'Oka')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
  await seeText(page, 'Replying to Ada Okafor via Webhook')
  expect(await value(page)).toBe(`218.40 EUR until Friday\n\n${siteUrl()}`)
  expect(await countStore(settings, 'replies')).toBe(0)
  await page.keyboard.press('Enter')
  await eventually(settings, async () => (await countStore(settings, 'replies')) === 1, 'the reply')
  const [reply] = await readStore<{ content: string }>(settings, 'replies')
  expect(reply?.content).toBe(`218.40 EUR until Friday\n\n${siteUrl()}`)
  expect((await readStore<{ key: string }>(settings, 'settings')).filter(({ key }) => key.startsWith('clip:'))).toEqual([])
  await page.close()
})

it('client:RCH6 a screenshot of the tab is a file of the reply once the tab was given, and before that it is its address', async () => {
  const refused = await clickMenu({ menuItemId: 'screenshot' })
  await seeText(refused, 'This page could not be photographed.')
  await refused.close()
  await web.bringToFront()
  const extension = (await world.chromium.browser.extensions()).get(EXTENSION_ID)
  // As the user's own click does, this lets the extension see the tab.
  const popup = await windowAt(popupUrl(), async () => extension?.triggerAction(web))
  await popup.close()
  const page = await clickMenu({ menuItemId: 'screenshot' })
  await page.waitForSelector('.clip-picture')
  await page.waitForFunction(() => (document.querySelector('.clip-picture') as HTMLImageElement).naturalWidth > 100)
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
  await seeText(page, 'screenshot-')
  expect(await value(page)).toBe(`Night trains\n${siteUrl()}`)
  expect(await page.evaluate(() => location.hash)).not.toContain('clip')
  await page.close()
})

it('client:RCH1 the button of the popup opens the side panel where the popup was, and the popup closes', async () => {
  // A small window has no toolbar to open it under.
  await web.bringToFront()
  const popup = await windowAt(popupUrl(), () => worker.evaluate(() => chrome.action.openPopup()))
  await popup.waitForSelector('a.row')
  const closed = new Promise((resolve) => popup.once('close', resolve))
  const page = await windowAt(panelUrl(), () => popup.locator('::-p-aria([name="Open the side panel"])').click())
  await page.waitForSelector('a.row')
  await closed
  expect(page.url()).toBe(panelUrl('?profile=default'))
  // It is not the popup: it has neither of the buttons that lead out of one.
  expect(await page.$('::-p-aria([name="Open in a window"])')).toBeNull()
  await page.close()
})

it('client:RCH1 the side panel is one column below 720 px, list or conversation, and both above', async () => {
  const page = await world.chromium.browser.newPage()
  const columns = () =>
    page.evaluate(() => ['.panel-list', '.panel-conv'].map((part) => document.querySelector(part)?.checkVisibility() ?? false))
  await page.setViewport({ width: 360, height: 800 })
  await page.goto(panelUrl())
  await page.waitForSelector('a.row')
  expect(await columns()).toEqual([true, false])
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-thread]')
  expect(await columns()).toEqual([false, true])
  await page.setViewport({ width: 760, height: 800 })
  expect(await columns()).toEqual([true, true])
  expect(await seriousFindings(page)).toEqual([])
  await page.close()
})

it('client:RCH1 the width of the list is set by keyboard and pointer, within bounds, and kept', async () => {
  const page = await world.chromium.browser.newPage()
  await page.setViewport({ width: 1000, height: 700 })
  await page.goto(panelUrl())
  await page.waitForSelector('a.row')
  const width = () => page.$eval('.panel-list', (list) => Math.round(list.getBoundingClientRect().width))
  const before = await width()
  await page.focus('.divider')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  expect(await width()).toBe(before + 32)
  expect(await page.$eval('.divider', (divider) => divider.getAttribute('aria-valuenow'))).toBe(String(before + 32))
  expect(await seriousFindings(page)).toEqual([])
  await page.mouse.move(await width(), 300)
  await page.mouse.down()
  await page.mouse.move(20, 300, { steps: 4 })
  await page.mouse.up()
  expect(await width()).toBe(240)
  await page.mouse.move(600, 300)
  expect(await width()).toBe(240)
  await page.reload()
  await page.waitForSelector('a.row')
  expect(await width()).toBe(240)
  await page.focus('.divider')
  await page.keyboard.press('Home')
  expect(await width()).toBe(before)
  await page.close()
})

it('client:RCH1 Alt with an arrow goes to the next conversation from the reply box; what was written stays as its draft', async () => {
  const page = await world.chromium.browser.newPage()
  await page.setViewport({ width: 1000, height: 700 })
  await page.goto(panelUrl())
  await page.waitForSelector('a.row')
  const titles = await page.$$eval('.panel-list a.row .row-name', (all) => all.map((name) => name.textContent ?? ''))
  const bidirectional = titles.indexOf('Ada Okafor')
  await page.locator('.panel-list a.row::-p-text(Ada Okafor)').click()
  await page.locator('.panel-conv textarea').fill('half a thought')
  await page.focus('.panel-conv textarea')
  const alt = async (key: 'ArrowDown' | 'ArrowUp') => {
    await page.keyboard.down('Alt')
    await page.keyboard.press(key)
    await page.keyboard.up('Alt')
  }
  const openIs = (title: string) => page.waitForFunction((wanted) => document.title.includes(wanted), {}, title)
  const [there, back] =
    bidirectional + 1 < titles.length ? (['ArrowDown', 'ArrowUp'] as const) : (['ArrowUp', 'ArrowDown'] as const)
  await alt(there)
  await openIs(titles[bidirectional + (there === 'ArrowDown' ? 1 : -1)] ?? '')
  await alt(back)
  await openIs('Ada Okafor')
  await page.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('.panel-conv textarea')?.value === 'half a thought')
  await page.locator('.panel-conv textarea').fill('')
  await page.close()
})

it('client:DND2 nothing is shown while nobody is to be disturbed, the badge counts, and one summary comes when it ends', async () => {
  const notices = () => worker.evaluate(async () => Object.keys(await chrome.notifications.getAll()))
  const set = (change: object) => ask(settings, 'settings', 'set', { profileId: 'default', change })
  const quiet = { on: false, from: 0, to: 0, days: [] }
  const badge = () => worker.evaluate(() => chrome.action.getBadgeText({}))
  const counted = Number(await badge())
  await set({ notifications: 'on', quiet: { ...quiet, until: Date.now() + 3_600_000 } })
  await writes('Priya Raman', 'inbound')
  await writes('Lena Fischer', 'inbound')
  await eventually(settings, async () => Number(await badge()) === counted + 2 || badge(), 'both in the badge')
  expect(await notices()).toEqual([])
  await set({ quiet: { ...quiet, until: 0 } })
  await eventually(settings, async () => (await notices()).length === 1 || notices(), 'one summary')
  expect(await notices()).toEqual([JSON.stringify({ profileId: 'default' })])
})

it('client:OMB1, OMB2 the address bar offers people by their names; words after a colon wait in the reply box', async () => {
  const offered = await worker.evaluate(
    () =>
      new Promise<string[]>((resolve) =>
        chrome.omnibox.onInputChanged.dispatch('weber: See you', (found) => resolve(found.map(({ description }) => description))),
      ),
  )
  expect(offered).toEqual(['Jonas <match>Weber</match>: See you'])
  const replies = await countStore(settings, 'replies')
  const page = await windowAt('#/reply/', () =>
    worker.evaluate(() => chrome.omnibox.onInputEntered.dispatch('Jonas Weber: See you', 'currentTab')),
  )
  await seeText(page, 'Replying to Jonas Weber')
  await page.waitForFunction(() => document.querySelector('textarea')?.value.endsWith('See you'))
  expect(await countStore(settings, 'replies')).toBe(replies)
  await page.close()
})
