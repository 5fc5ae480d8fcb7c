import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/browser/axe.ts'
import { readStore } from '../support/browser/database.ts'
import { openOptions, optionsUrl, seeText } from '../support/browser/extension.ts'
import { answers, home } from '../support/browser/optionsData.ts'
import { callsOf, type OpenStage, openStage } from '../support/browser/uiPreview.ts'
import { addWebhook, startWorld, type World } from '../support/browser/world.ts'

const press = (page: Page, name: string) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click()
const link = (page: Page) => page.$eval('.device-url', (code) => code.textContent ?? '')

describe('a link to the device page, made by the extension', () => {
  let world: World
  let page: Page
  beforeAll(async () => {
    world = await startWorld()
    const first = await world.connected()
    await addWebhook(first, 'build')
    await first.close()
    page = await openOptions(world.chromium, '#/connection')
  })
  afterAll(() => world.close())

  it('client:LNK1 shows the link and how long it is valid, and Open opens the channels in another tab', async () => {
    await press(page, 'Device page')
    await seeText(page, 'Valid for 10 minutes.')
    const address = await link(page)
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:8787\/app#link=[\w-]{22,}$/)
    expect(await page.$('::-p-aria([name="Copy the link"][role="button"])')).not.toBeNull()
    await seeText(page, 'so not from a phone')
    expect(await seriousFindings(page)).toEqual([])
    const opening = world.chromium.browser.waitForTarget((target) => target.url() === 'http://127.0.0.1:8787/app')
    await page.locator('a.btn[target=_blank]').click()
    const opened = await (await opening).asPage()
    await seeText(opened, 'build')
    await opened.close()
  })

  it('client:LNK1 nothing of it is kept: not in the database, not in the storage, not on the page once it is left', async () => {
    const token = (await link(page)).split('#link=')[1] ?? ''
    const stores = await page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const opening = indexedDB.open('chaos-relay')
          opening.onsuccess = () => {
            resolve([...opening.result.objectStoreNames])
            opening.result.close()
          }
        }),
    )
    expect(stores.length).toBeGreaterThan(5)
    for (const store of stores) expect(JSON.stringify(await readStore(page, store)), store).not.toContain(token)
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
    expect(kept).not.toContain(token)
    await page.goto(optionsUrl('#/about'))
    await page.goto(optionsUrl('#/connection'))
    await page.waitForSelector('#device-page')
    expect(await page.content()).not.toContain(token)
  })
})

describe('a link to the device page, as it shows', () => {
  let stage: OpenStage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  async function open(deviceLink: unknown, more = {}, look = {}) {
    const page = await stage.set({
      rows: [home, more],
      answers: { ...answers, 'connection.deviceLink': deviceLink },
      options: '#/connection',
      ...look,
    })
    await page.waitForSelector('#device-page')
    return page
  }
  const made = (expiresInSeconds: number) => ({ url: 'https://relay.okafor.example/app#link=q7Xb3nV0aLm9TzKc2', expiresInSeconds })

  it.each([
    [29, 'Valid for 1 minute.'],
    [90, 'Valid for 2 minutes.'],
    [600, 'Valid for 10 minutes.'],
  ])('client:LNK1 %i seconds read as %j', async (seconds, words) => {
    const page = await open(made(seconds))
    await press(page, 'Device page')
    await seeText(page, words)
    await page.waitForSelector('.qr')
    expect(await link(page)).toBe(made(1).url)
  })

  it('client:LNK2 a relay that has none says so', async () => {
    for (const code of ['not_found', 'http_404']) {
      const page = await open({ failure: { code, message: 'There is nothing at this address.' } })
      await press(page, 'Device page')
      await seeText(page, 'This relay has no device page')
    }
    const page = await open({ failure: { code: 'network', message: 'The network is gone.' } })
    await press(page, 'Device page')
    await seeText(page, 'The network is gone.')
  })

  it('client:LNK2 an expired link offers a new one', async () => {
    const page = await open(made(0))
    await press(page, 'Device page')
    await seeText(page, 'This link has expired. Make a new one.')
    expect(await page.$('.device-url')).toBeNull()
    await press(page, 'New link')
    await page.waitForFunction(
      () =>
        (globalThis as unknown as { stageCalls: { name: string }[] }).stageCalls.filter(
          ({ name }) => name === 'connection.deviceLink',
        ).length === 2,
    )
    expect((await callsOf(page)).filter(({ name }) => name === 'connection.deviceLink')).toHaveLength(2)
  })

  it('client:CRG7 a pasted token has no device page, and is told why', async () => {
    const page = await open(made(600), {
      sessions: [{ profileId: 'default', userId: 'u', apiKey: 'k', bearer: true, clockOffsetMs: 0 }],
    })
    await seeText(page, 'The device page needs a signing key.')
    expect(await page.$('::-p-aria([name="Device page"][role="button"])')).toBeNull()
  })

  it('client:LNK1 is readable for everybody, from 320 to 1400 px, light and dark', async () => {
    for (const look of [{ width: 320, dark: true }, { width: 400 }, { width: 1400, dark: true }]) {
      const page = await open(made(600), {}, look)
      await press(page, 'Device page')
      await page.waitForSelector('.qr')
      expect(await seriousFindings(page)).toEqual([])
      const wide = await page.$$eval(
        '.device-card *',
        (all) => all.filter((one) => one.getBoundingClientRect().right > innerWidth).length,
      )
      expect(wide).toBe(0)
    }
  })
})
