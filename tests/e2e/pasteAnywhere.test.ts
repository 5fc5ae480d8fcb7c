import type { Page } from 'puppeteer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/fake.ts'
import { seriousFindings } from '../support/browser/axe.ts'
import { readStore } from '../support/browser/database.ts'
import { openPopup, optionsUrl, popupUrl, seeText } from '../support/browser/extension.ts'
import { ask, eventually, startWorld, type World } from '../support/browser/world.ts'

const TOKEN = '7204518893:AAHq7examplexexamplexexamplexxQ4'

let world: World
let telegram: FakeTelegram
let options: Page
let popup: Page

beforeAll(async () => {
  telegram = await startFakeTelegram()
  world = await startWorld({ env: { CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot } })
  options = await world.connected()
})
afterAll(async () => {
  await world.close()
  await telegram.close()
})

/** As Ctrl+V with the focus on `selector`, or on nothing. Whether the page did anything about it shows only in what follows. */
const paste = (page: Page, text: string, selector = 'body') =>
  page.$eval(
    selector,
    (element, given) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', given)
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    },
    text,
  )
const offer = (page: Page) => page.waitForSelector('.paste-offer[open]')
const noOffer = (page: Page) => page.waitForSelector('.paste-offer', { hidden: true })
const press = (page: Page, name: string) => page.locator(`.paste-offer ::-p-aria([name="${name}"][role="button"])`).click()
/** Of the empty state that is seen: the list behind a conversation may be empty too. */
const BUTTON = ':is(.panel-conv, .main) .blank :is(button, a.btn)'
const channels = (page: Page) => readStore<{ id: string; config: { type: string; name?: string } }>(page, 'channels')

it('client:ONB1, CON8 a token pasted beside every field is offered, masked, with no button in focus, and nothing is sent', async () => {
  await paste(options, TOKEN)
  await offer(options)
  await seeText(options, 'Looks like a Telegram token.')
  expect(await options.evaluate(() => document.activeElement?.tagName)).toBe('H2')
  await options.keyboard.press('Enter')
  expect(await options.evaluate((secret) => document.documentElement.outerHTML.includes(secret), TOKEN)).toBe(false)
  expect(await options.$$eval('.paste-offer input', (all) => all.some((one) => one.value.includes('AAHq7')))).toBe(false)
  expect(await seriousFindings(options)).toEqual([])
  await options.keyboard.press('Escape')
  await noOffer(options)
  expect(await channels(options)).toEqual([])
})

it('client:ONB1 what a field gets, what nobody recognises, and what comes while something else is asked, is not offered', async () => {
  await paste(options, 'a sentence about webhooks')
  await paste(options, TOKEN, '.add-channel input')
  await options.keyboard.press('?')
  await options.waitForSelector('dialog[open]')
  await paste(options, TOKEN)
  // The offer of a later paste is the first there is.
  expect(await options.$('.paste-offer')).toBeNull()
  await options.keyboard.press('Escape')
  await options.waitForSelector('dialog[open]', { hidden: true })
  await paste(options, 'webhook ci')
  await offer(options)
  await seeText(options, 'A webhook named “ci”.')
  expect(await options.$$eval('.paste-offer', (all) => all.length)).toBe(1)
})

it('client:ONB1 the button adds it, and leads to what is left to do', async () => {
  await press(options, 'Add webhook')
  await noOffer(options)
  await seeText(options, 'Webhook made: ci')
  expect((await channels(options)).map(({ config }) => config.name)).toEqual(['ci'])
})

it('client:ONB1 a refusal stays in the dialog, in the popup as in the options', async () => {
  popup = await openPopup(world.chromium)
  await seeText(popup, 'No messages yet')
  await paste(popup, TOKEN)
  await offer(popup)
  expect(await popup.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
  expect(await seriousFindings(popup)).toEqual([])
  await press(popup, 'Add Telegram channel')
  await popup.waitForSelector('.paste-offer .field.err')
  await press(popup, 'Not now')
  await noOffer(popup)
  expect((await channels(popup)).length).toBe(1)
})

it('client:ONB1 the window that asks to whom something is sent offers it, too', async () => {
  await popup.goto('about:blank')
  await popup.goto(popupUrl('#/send/gone'))
  await popup.waitForSelector('.send-title')
  await paste(popup, TOKEN)
  await offer(popup)
  await press(popup, 'Not now')
  await noOffer(popup)
})

it('client:ONB2, UIX3 every empty state has a button that leads on', async () => {
  const at = async (page: Page, url: string, width = 380) => {
    await page.bringToFront()
    await page.setViewport({ width, height: 700 })
    await page.goto(url)
    await page.waitForSelector(BUTTON)
  }
  const pressThere = (page: Page) => page.$eval(BUTTON, (button) => (button as HTMLElement).click())
  const focused = (page: Page, selector: string) =>
    page.waitForFunction((one) => document.activeElement?.matches(one), {}, selector)

  await at(popup, popupUrl('#/conversation/nobody'))
  await pressThere(popup)
  await popup.waitForFunction(() => location.hash === '#/')
  await at(popup, popupUrl('#/approval/gone'))
  await pressThere(popup)
  await popup.waitForFunction(() => location.hash === '#/')
  await at(popup, popupUrl(), 900)
  await seeText(popup, 'Nothing open')
  await popup.locator('.panel-conv .blank button').click()
  await focused(popup, '.panel-list .blank .btn')

  await at(options, optionsUrl('#/approvals'), 1280)
  await pressThere(options)
  await focused(options, '[aria-labelledby="mode"] input')

  const [channel] = await channels(options)
  await ask(options, 'channels', 'sendTest', { profileId: 'default', channelId: channel?.id })
  await popup.bringToFront()
  await popup.waitForSelector('a.row')
  await popup.locator('input[type="search"]').fill('zzzz')
  await seeText(popup, 'Nothing for “zzzz”')
  await popup.locator('.panel-list .blank button').click()
  await popup.waitForSelector('a.row')
  await focused(popup, 'input[type="search"]')
  await popup.locator('input[type="search"]').fill('before:soon')
  await seeText(popup, 'Not a filter')
  await popup.locator('.panel-list .blank button').click()
  await popup.waitForSelector('a.row')
  await popup.locator('.chip::-p-text(Not sent)').click()
  await seeText(popup, 'Everything was sent')
  await popup.locator('.panel-list .blank button').click()
  await popup.waitForSelector('a.row')

  await ask(options, 'channels', 'remove', { profileId: 'default', channelId: channel?.id })
  await eventually(options, async () => (await channels(options)).length === 0, 'the channel to be gone')
  await at(options, optionsUrl('#/channels'), 1280)
  await pressThere(options)
  await focused(options, '.add-channel input')
})
