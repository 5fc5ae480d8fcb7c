import type { Page } from 'puppeteer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seriousFindings } from '../support/browser/axe.ts'
import { EXTENSION_ID } from '../support/browser/chromium.ts'
import { ada, inbox } from '../support/browser/previewData.ts'
import { type OpenStage, openStage } from '../support/browser/uiPreview.ts'

const panelUrl = (place = '') => `chrome-extension://${EXTENSION_ID}/sidepanel.html${place}`

let stage: OpenStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

/** The panel's page in a tab of this width: what it shows follows from nothing else. */
async function panel(width: number, place = ''): Promise<Page> {
  const page = await stage.set({ rows: [inbox, ada], width, height: 800, dark: width < 720 })
  await page.goto('about:blank')
  await page.goto(panelUrl(place))
  await page.waitForSelector('.row')
  return page
}
const columns = (page: Page) =>
  page.evaluate(() => ['.panel-list', '.panel-conv'].map((part) => document.querySelector(part)?.checkVisibility() ?? false))

it('client:RCH1 the button of the popup opens the side panel where the popup was, and the popup closes', async () => {
  await stage.set({ rows: [inbox, ada] })
  const popup = await stage.openActionPopup()
  await popup.waitForSelector('.row')
  await popup.keyboard.press('j')
  const opened = stage.chromium.browser.waitForTarget((target) => target.url().startsWith(panelUrl()))
  const closed = new Promise((resolve) => popup.once('close', resolve))
  await popup.locator('::-p-aria([name="Open the side panel"])').click()
  const page = await (await opened).asPage()
  await page.waitForSelector('.row')
  await closed
  expect(page.url()).toBe(panelUrl('?profile=default'))
  // It is not the popup: it has neither of the buttons that lead out of one.
  expect(await page.$('::-p-aria([name="Open in a window"])')).toBeNull()
  await page.close()
})

it('client:RCH1 the side panel is one column below 720 px, list or conversation, and both above', async () => {
  const narrow = await panel(360)
  expect(await columns(narrow)).toEqual([true, false])
  await narrow.keyboard.press('j')
  await narrow.keyboard.press('Enter')
  await narrow.waitForSelector('[data-thread]')
  expect(await columns(narrow)).toEqual([false, true])
  expect(await seriousFindings(narrow)).toEqual([])
  const wide = await panel(760, '#/conversation/tg%3A1')
  await wide.waitForSelector('[data-thread]')
  expect(await columns(wide)).toEqual([true, true])
  expect(await seriousFindings(wide)).toEqual([])
})
