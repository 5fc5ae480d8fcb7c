import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Page } from 'puppeteer'
import { findFirefox } from '../../../scripts/setup/firefox.mjs'
import { copyRepository } from '../repositoryCopy.ts'

/** The id in wxt.config.ts, and the address Firefox is told to give it; by itself it would choose one anew each time. */
const ID = '{5b0c7c1e-3f0a-4f6d-9a77-1c2e8d4b6a90}'
const HOST = '7e0cf1b2-8c1d-4f5a-9b3e-2d6a1c0f4e55'
const firefoxPage = (place: string) => `moz-extension://${HOST}/${place}`

/** A headless Firefox with the build for it as a temporary add-on, and its background page stopped after so many idle milliseconds. */
export async function launchFirefox({ extension, idleMs }: { extension: string; idleMs: number }) {
  const executablePath = findFirefox()
  if (!executablePath) throw new Error('No Firefox found. `npm test` installs one; or set FIREFOX_PATH.')
  const profile = mkdtempSync(join(tmpdir(), 'chaos-firefox-'))
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    // Without it no page of an extension can be opened from outside.
    args: ['--remote-allow-system-access', '--profile', profile],
    extraPrefsFirefox: {
      'extensions.webextensions.uuids': JSON.stringify({ [ID]: HOST }),
      'extensions.background.idle.timeout': idleMs,
      'intl.locale.requested': 'en-US',
      // No relay that happens to run on this machine, at the address of a fresh install.
      'network.security.ports.banned': '8787',
    },
  })
  await browser.installExtension(extension)
  return {
    /** A page of the extension in a tab. Firefox announces no load of such a page, so that is looked for. */
    async open(place: string): Promise<Page> {
      const page = await browser.newPage()
      void page.goto(firefoxPage(place), { timeout: 0 }).catch(() => undefined)
      for (let looks = 0; looks < 500; looks++) {
        const at = await page.evaluate(() => (document.readyState === 'complete' ? location.href : '')).catch(() => '')
        if (at.startsWith(firefoxPage(''))) return page
      }
      throw new Error(`${place} does not open in Firefox.`)
    },
    async close(): Promise<void> {
      await browser.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

/** Built in a copy: the types that a build writes beside its sources differ between browsers. */
export function buildForFirefox() {
  const copy = copyRepository()
  const result = spawnSync(process.execPath, ['node_modules/wxt/bin/wxt.mjs', 'build', '-b', 'firefox', '--level', 'warn'], {
    cwd: copy.folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', VITEST: '' },
  })
  if (result.status !== 0) throw new Error(`The build for Firefox fails:\n${result.stdout}${result.stderr}`)
  return { extension: join(copy.folder, '.output', 'firefox-mv3'), remove: copy.remove }
}
