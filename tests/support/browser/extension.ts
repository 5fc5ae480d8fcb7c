import type { Page } from 'puppeteer'
import { type Chromium, EXTENSION_ID } from './chromium.ts'

declare const chrome: {
  action: { getBadgeText(details: object): Promise<string>; openPopup(): Promise<void> }
  offscreen: { closeDocument(): Promise<void> }
  runtime: { getContexts(filter: object): Promise<unknown[]> }
  notifications: { getAll(done: (all: Record<string, boolean>) => void): void }
}

export const popupUrl = (hash = '') => `chrome-extension://${EXTENSION_ID}/popup.html${hash}`
export const optionsUrl = (hash = '') => `chrome-extension://${EXTENSION_ID}/options.html${hash}`

/** A page of the extension in a tab of its own. Errors of the page fail the test that opened it. */
export async function openPage(chromium: Chromium, url: string, size?: { width: number; height: number }): Promise<Page> {
  const page = await chromium.browser.newPage()
  if (size) await page.setViewport(size)
  await page.goto(url)
  return page
}

export const openPopup = (chromium: Chromium, hash = '') => openPage(chromium, popupUrl(hash), { width: 380, height: 600 })
/** At the channels, where a fresh install would be led to the first steps. */
export const openOptions = (chromium: Chromium, hash = '#/channels') => openPage(chromium, optionsUrl(hash))

/** Stops the service worker as Chrome does after 30 idle seconds; resolves when it is gone. */
export async function stopWorker(page: Page): Promise<void> {
  const session = await page.createCDPSession()
  await session.send('ServiceWorker.enable')
  const stopped = new Promise<void>((resolve) => {
    session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      if (versions.every((version) => version.runningStatus === 'stopped')) resolve()
    })
  })
  await session.send('ServiceWorker.stopAllWorkers')
  await stopped
  await session.detach()
}

export const closeOffscreen = (page: Page) => page.evaluate(() => chrome.offscreen.closeDocument())
export const countOffscreen = (page: Page) =>
  page.evaluate(async () => (await chrome.runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] })).length)
export const badge = (page: Page) => page.evaluate(() => chrome.action.getBadgeText({}))

/** Waits in the page until the badge reads `text`. */
export async function badgeReads(page: Page, text: string): Promise<void> {
  await page.waitForFunction(
    async (wanted) => (await chrome.action.getBadgeText({})) === wanted,
    { polling: 100, timeout: 90_000 },
    text,
  )
}

/** Waits until this text is somewhere on the page. Puppeteer's own watch for mutations misses texts that change in place. */
export async function seeText(page: Page, text: string, timeout = 60_000): Promise<void> {
  const seen = page.waitForFunction((wanted) => document.body.innerText.includes(wanted), { polling: 100, timeout }, text)
  await seen.catch(async (cause) => {
    const told = await page.evaluate(() => document.body.innerText).catch(() => 'nothing any more')
    throw new Error(`"${text}" was not seen within ${timeout / 1000} s. The page says: ${told}`, { cause })
  })
}

/** What would be saved as a file, taken before the browser writes it. */
export async function catchDownload(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const make = URL.createObjectURL.bind(URL)
    URL.createObjectURL = (blob) => {
      if (blob instanceof Blob) (globalThis as unknown as { caught: Promise<string> }).caught = blob.text()
      return make(blob)
    }
  })
  return () => page.evaluate(() => (globalThis as unknown as { caught: Promise<string> }).caught)
}
