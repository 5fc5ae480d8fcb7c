import { existsSync } from 'node:fs'
import { aptCommand, aptInstall } from './apt.mjs'

const systemPaths = {
  linux: ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/snap/bin/firefox'],
  darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
  win32: ['C:\\Program Files\\Mozilla Firefox\\firefox.exe'],
}

/** FIREFOX_PATH, or a Firefox of the system. `undefined` when there is none. */
export function findFirefox() {
  const named = process.env.FIREFOX_PATH
  if (named) {
    if (existsSync(named)) return named
    throw new Error(`FIREFOX_PATH is ${named}, but there is no such file.`)
  }
  return (systemPaths[process.platform] ?? []).find((path) => existsSync(path))
}

/** As findFirefox, but gets one when there is none; throws with the next step when it cannot. */
export function ensureFirefox() {
  const found = findFirefox()
  if (found) return found
  console.log('• No Firefox found: installing one')
  const installed = process.platform === 'linux' && aptInstall(['firefox-esr']) ? findFirefox() : undefined
  if (installed) return installed
  throw new Error(
    `The test of the Firefox build needs a Firefox. Install one (Debian: ${aptCommand(['firefox-esr'])}) or set FIREFOX_PATH.`,
  )
}
