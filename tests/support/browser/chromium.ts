import { rm } from 'node:fs/promises'
import puppeteer, { type Browser } from 'puppeteer'
import { findChromium } from '../../../scripts/setup/chromium.mjs'
import { extensionDirectory } from '../../../scripts/setup/paths.mjs'
import { makeProfileFolder } from './profileFolder.ts'

/** Follows from the key in wxt.config.ts: the same on every machine. */
export const EXTENSION_ID = 'mdpgfemidpcccmgagkfkfhnnincpdiep'

/** Each look takes a few milliseconds of a browser that is doing something else. */
const MOST_LOOKS = 500

/** No traffic of the browser's own, and no sandbox only because CI runs as root. */
export const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A process kept ready for a page that may come, and pictures of tabs nobody points at: a fifth of what a page costs.
  '--disable-features=SpareRendererForSitePerProcess,TabHoverCardImages',
]

export type ChromiumOptions = {
  /** Where http://127.0.0.1:8787, the address of a fresh install, really leads. */
  relayPort: number
  /** A profile to open again; a fresh one, removed on close, without it. */
  profile?: string
  extension?: string
  /** Laid out from right to left, as where the browser speaks Arabic. */
  rtl?: boolean
  /** Size of the window, css pixels. */
  width?: number
  height?: number
}

export type Chromium = { browser: Browser; profile: string; close(): Promise<void>; kill(): Promise<void> }

/** A headless Chromium with the built extension loaded from disk, as "Load unpacked" does. */
export async function launchChromium(options: ChromiumOptions): Promise<Chromium> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No Chromium found. `npm test` installs one; or set CHROMIUM_PATH.')
  const profile = options.profile ?? makeProfileFolder()
  const browser = await puppeteer.launch({
    executablePath,
    headless: true,
    pipe: true,
    issuesEnabled: false,
    enableExtensions: [options.extension ?? extensionDirectory],
    userDataDir: profile,
    defaultViewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    protocolTimeout: 120_000,
    // English, whatever the machine speaks: other languages of a Chromium are packages of their own.
    env: { ...process.env, LANGUAGE: 'en_US' },
    // Attached to the worker, the debugger would keep it awake for ever.
    targetFilter: (target) => target.type() !== 'service_worker' || process.env.CHAOS_ATTACH_WORKER === '1',
    args: [
      ...QUIET,
      `--host-resolver-rules=MAP 127.0.0.1:8787 127.0.0.1:${options.relayPort}`,
      ...(options.rtl ? ['--force-ui-direction=rtl'] : []),
    ],
  })
  await extensionLoaded(browser)
  const own = options.profile === undefined
  const removeProfile = () => (own ? rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) : undefined)
  return {
    browser,
    profile,
    async close() {
      await browser.close()
      await removeProfile()
    },
    /** As a power cut would: no chance to save anything. The profile stays. */
    async kill() {
      const child = browser.process()
      const ended = new Promise((resolve) => child?.once('exit', resolve))
      child?.kill('SIGKILL')
      await ended
    },
  }
}

/** A slow machine may still be loading the extension when the browser is there; until then its pages are refused. */
async function extensionLoaded(browser: Browser): Promise<void> {
  const page = await browser.newPage()
  for (let attempt = 1; ; attempt++) {
    try {
      await page.goto(`chrome-extension://${EXTENSION_ID}/icon/16.png`)
      break
    } catch (error) {
      if (attempt === MOST_LOOKS || !String(error).includes('ERR_BLOCKED_BY_CLIENT')) throw error
    }
  }
  await page.close()
}
