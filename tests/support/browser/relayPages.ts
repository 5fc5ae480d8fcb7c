import { rmSync } from 'node:fs'
import puppeteer, { type Page } from 'puppeteer'
import { DEVICE_LINK_LIFE_MS } from '#protocol/limits.ts'
import { findChromium } from '../../../scripts/setup/chromium.mjs'
import { hashToken, randomSecret } from '../../../server/auth/secrets.ts'
import { ADMIN_KEY } from '../admin.ts'
import { ADMIN_NOW, SEEDED, seedRelay } from '../adminData.ts'
import { createFakeClock } from '../fakeClock.ts'
import { startRelay } from '../relay.ts'
import { openTestSocket } from '../socket.ts'
import { QUIET } from './chromium.ts'
import { makeProfileFolder } from './profileFolder.ts'

export type PageLook = { width?: number; height?: number; dark?: boolean; scale?: number; javaScript?: boolean }

/** A Chromium without the extension, for the pages the relay serves itself. Uncaught errors and refused resources of a page are collected. */
export async function openBrowser() {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No Chromium found. `npm test` installs one; or set CHROMIUM_PATH.')
  const profile = makeProfileFolder()
  const browser = await puppeteer.launch({
    executablePath,
    headless: true,
    pipe: true,
    issuesEnabled: false,
    userDataDir: profile,
    env: { ...process.env, LANGUAGE: 'en_US' },
    args: [...QUIET],
  })
  return {
    browser,
    /** Each is a visitor of its own, with no cookie. */
    async page({
      width = 1280,
      height = 900,
      dark = false,
      scale = 1,
      javaScript = true,
    }: PageLook = {}): Promise<Page & { troubles: string[] }> {
      const page = await (await browser.createBrowserContext()).newPage()
      const troubles: string[] = []
      page.on('pageerror', (error) => troubles.push(String(error)))
      page.on('console', (message) => {
        if (message.type() === 'error') troubles.push(message.text())
      })
      await page.setViewport({ width, height, deviceScaleFactor: scale })
      await page.setJavaScriptEnabled(javaScript)
      await page.emulateTimezone('UTC')
      await (await page.createCDPSession()).send('Emulation.setLocaleOverride', { locale: 'en-GB' })
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }])
      return Object.assign(page, { troubles })
    },
    async close() {
      await browser.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

/** What sticks out of the window sideways. */
export function sideScroll(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !element.closest('.sr, .skip'))
      .map((element) => `${element.tagName}.${element.className}: ${element.textContent?.slice(0, 40)}`),
  )
}

/** Types the password and waits for the dashboard; without scripts too. */
export async function signInOn(page: Page, url: string, password = ADMIN_KEY): Promise<void> {
  await page.goto(`${url}/admin`)
  await page.focus('input[type=password]')
  await page.keyboard.type(password)
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
  if (new URL(page.url()).pathname !== '/admin') throw new Error(`not signed in: ${page.url()}`)
}

const ENV = {
  CHAOS_ADMIN_KEY: ADMIN_KEY,
  CHAOS_EMAIL_DOMAIN: 'in.okafor.example',
  RESEND_API_KEY: 're_none',
  CHAOS_RATE_LIMITS: '{"adminLogin":{"limit":0,"windowSec":1}}',
}

/** Platforms never answer. */
const silence: typeof fetch = (_url, init) =>
  new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))

/** A relay in use, with two open sockets, at a moment that stands still. */
export async function openSeededRelay() {
  const dataDir = await seedRelay()
  const clock = createFakeClock(ADMIN_NOW)
  const relay = await startRelay({ dataDir, clock, env: ENV, fetch: silence })
  const open = (protocols: string[]) =>
    openTestSocket(`${relay.url.replace('http', 'ws')}/ws?token=${SEEDED.home.token}`, protocols)
  const sockets = [await open([]), await open(['chaos.v2'])]
  sockets[1]?.send({ type: 'resume', cursor: 100, epoch: 'epoch' })
  await sockets[1]?.until('resumed')
  return {
    relay,
    url: relay.url,
    /** A link to the device page of the home session, which can be opened once. */
    async deviceLink(): Promise<string> {
      const token = randomSecret()
      const pass = { hash: hashToken(token), kind: 'deviceLink', owner: SEEDED.home.userId, issuedAt: ADMIN_NOW } as const
      await relay.relay.store.passes.add({ ...pass, expiresAt: ADMIN_NOW + DEVICE_LINK_LIFE_MS }, 10)
      return `${relay.url}/app#link=${token}`
    },
    async close(): Promise<void> {
      for (const { socket } of sockets) socket.terminate()
      await relay.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** The browser's clock, standing at the relay's moment. */
export function standStill(now: number): void {
  const Real = Date
  globalThis.Date = class extends Real {
    constructor(...given: ConstructorParameters<DateConstructor> | []) {
      if (given.length === 0) super(now)
      else super(...given)
    }
    static override now = (): number => now
  } as DateConstructor
}
