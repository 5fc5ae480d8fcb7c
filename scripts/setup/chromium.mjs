import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { aptCommand, aptInstall } from './apt.mjs'

const systemPaths = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/snap/bin/chromium',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
  ],
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: [
    `${process.env.LOCALAPPDATA}\\Chromium\\Application\\chrome.exe`,
    `${process.env.PROGRAMFILES}\\Google\\Chrome\\Application\\chrome.exe`,
  ],
}

/** CHROMIUM_PATH, a Chromium or Chrome of the system, or one that an earlier run fetched. `undefined` when there is none. */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (existsSync(named)) return named
    throw new Error(`CHROMIUM_PATH is ${named}, but there is no such file.`)
  }
  return (systemPaths[process.platform] ?? []).find((path) => existsSync(path)) ?? fetched()
}

/** As findChromium, but gets one when there is none; throws with the next step when it cannot. */
export async function ensureChromium(run) {
  const found = findChromium()
  if (found) return found
  console.log('• No Chromium found: installing one')
  if (process.platform === 'linux' && aptInstall(['chromium'])) {
    const installed = findChromium()
    if (installed) return installed
  }
  await run.tool('puppeteer', ['browsers', 'install', 'chrome'])
  const downloaded = fetched()
  if (downloaded) return downloaded
  throw new Error(
    `The browser tests need a Chromium. Install one (Debian, Ubuntu: ${aptCommand(['chromium'])}) or set CHROMIUM_PATH.`,
  )
}

/** What `puppeteer browsers install chrome` left in its cache. */
function fetched() {
  const cache = join(process.env.PUPPETEER_CACHE_DIR ?? join(homedir(), '.cache', 'puppeteer'), 'chrome')
  if (!existsSync(cache)) return undefined
  const inside = {
    linux: ['chrome-linux64/chrome'],
    win32: ['chrome-win64/chrome.exe'],
    darwin: ['arm64', 'x64'].map(
      (arch) => `chrome-mac-${arch}/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing`,
    ),
  }
  return readdirSync(cache)
    .flatMap((version) => (inside[process.platform] ?? []).map((path) => join(cache, version, path)))
    .find((path) => existsSync(path))
}
