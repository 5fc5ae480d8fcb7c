import type { Page } from 'puppeteer'
import { ADMIN_NOW, SEEDED } from '../support/adminData.ts'
import { openBrowser, openSeededRelay, type PageLook, signInOn, standStill } from '../support/browser/relayPages.ts'

/** A page the relay serves itself. */
type RelayPicture = { name: string; look: PageLook; path: string; act?: (page: Page) => Promise<void> }

const SESSION = `/admin/sessions/${SEEDED.home.userId}`
const dashboard = { path: '/admin', look: { width: 1280, height: 1120 } }
const session = { path: SESSION, look: { width: 1280, height: 1300 } }

const phone = { width: 390, height: 844 }

/** As somebody who adds a person to a bot from the phone. */
async function makeCode(page: Page): Promise<void> {
  await page.locator('::-p-text(New pairing code)').click()
  await page.waitForSelector('output')
}

async function unfold(page: Page): Promise<void> {
  await page.$$eval('details', (all) => {
    for (const one of all) one.open = true
  })
}

/** Those of the documents come first. */
export const relayPictures: RelayPicture[] = [
  { name: 'admin', ...dashboard },
  { name: 'admin-dark', ...dashboard, look: { ...dashboard.look, dark: true } },
  { name: 'device', path: '/app', look: phone, act: makeCode },
  { name: 'device-dark', path: '/app', look: { ...phone, dark: true }, act: makeCode },
  { name: 'admin-360', path: '/admin', look: { width: 360, height: 2900 } },
  { name: 'admin-760-dark', path: '/admin', look: { width: 760, height: 2200, dark: true } },
  { name: 'admin-1400', path: '/admin', look: { width: 1400, height: 1900 } },
  { name: 'admin-session', ...session },
  { name: 'admin-session-360-dark', path: SESSION, look: { width: 360, height: 2200, dark: true } },
  { name: 'admin-delete', path: `${SESSION}/delete`, look: { width: 900, height: 500 } },
  { name: 'admin-login', path: '/admin/login', look: { width: 900, height: 600 } },
  { name: 'admin-login-360-dark', path: '/admin/login', look: { width: 360, height: 600, dark: true } },
  { name: 'device-320', path: '/app', look: { width: 320, height: 3600 }, act: unfold },
  { name: 'device-1280-dark', path: '/app', look: { width: 1280, height: 1000, dark: true } },
  { name: 'device-closed', path: '/app#', look: { width: 390, height: 600 } },
]

/** Takes the wanted ones: `take` is given each page when it shows what it is to show. */
export async function takeRelayPictures(
  wanted: (name: string) => boolean,
  take: (page: Page, name: string, shoot: (page: Page, file: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const pictures = relayPictures.filter(({ name }) => wanted(name))
  if (pictures.length === 0) return
  const seeded = await openSeededRelay()
  const browser = await openBrowser()
  try {
    for (const { name, look, path, act } of pictures) {
      const page = await browser.page({ ...look, scale: 2 })
      await page.evaluateOnNewDocument(standStill, ADMIN_NOW)
      if (path.startsWith('/admin') && path !== '/admin/login') await signInOn(page, seeded.url)
      await page.goto(path === '/app' ? await seeded.deviceLink() : seeded.url + path)
      if (path === '/app') await page.waitForSelector('main[data-page=open]:not([inert])')
      if ((await page.$('#live')) && !(await page.$('main[data-page=closed]')))
        await page.waitForSelector('#live[data-state="live"]')
      await act?.(page)
      await take(page, name, shoot)
      await page.close()
    }
  } finally {
    await browser.close()
    await seeded.close()
  }
}

/** These pages ask for news again and again, so their network is never idle. */
async function shoot(page: Page, file: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: file as `${string}.png` })
}
