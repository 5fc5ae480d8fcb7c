import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { optionsPictures } from '../pictures/options.ts'
import { seriousFindings } from '../support/browser/axe.ts'
import { openPage, optionsUrl, seeText } from '../support/browser/extension.ts'
import { answers, home } from '../support/browser/optionsData.ts'
import { pasteInto } from '../support/browser/pasteBox.ts'
import { type OpenStage, openStage } from '../support/browser/uiPreview.ts'
import { outside, startWorld, type World } from '../support/browser/world.ts'

const stepIs = (page: Page, number: number, state: 'done' | 'now' | 'later') =>
  page.waitForSelector(`.start-step:nth-child(${number}).${state}`)
const press = (page: Page, name: string) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click()
const hash = (page: Page) => page.evaluate(() => location.hash)

describe('from nothing to an answered message', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.close())

  it('client:ONB3, ONB4 a fresh install is led there, and each step is ticked off by what comes true', async () => {
    const page = await openPage(world.chromium, optionsUrl())
    await page.waitForFunction(() => location.hash === '#/start')
    await stepIs(page, 1, 'done')
    await stepIs(page, 2, 'now')
    await page.waitForSelector('progress[value="1"]')
    expect(await page.$$eval('[aria-current="step"]', (all) => all.length)).toBe(1)

    await pasteInto(page, 'webhook ci')
    await page.keyboard.press('Enter')
    await stepIs(page, 2, 'done')
    await stepIs(page, 3, 'now')
    await seeText(page, 'Waiting for the first message')
    await page.waitForFunction(() => document.querySelector('[role=status].sr')?.textContent?.includes('Step 2 of 3 is done'))

    const url = await page.$eval('.start .code-line code', (code) => code.textContent ?? '')
    await fetch(outside(url, world.relay), { method: 'POST', headers: { 'X-Webhook-Source': 'build' }, body: 'the build is red' })
    await seeText(page, 'the build is red')
    await stepIs(page, 3, 'now')
    await press(page, 'Switch answers on')
    await page.locator('.start-step form input[dir=auto]').fill('on it')
    await page.keyboard.press('Enter')
    await stepIs(page, 3, 'done')
    await seeText(page, 'You are set')
    await page.waitForSelector('progress[value="3"]')
    expect(await page.$$eval('.start-more a', (all) => all.map((link) => link.getAttribute('href')))).toEqual([
      '#/security',
      '#/approvals',
      '#/notifications',
    ])
    const { pathname } = new URL(url)
    const id = pathname.split('/').at(-1)
    await expect.poll(async () => (await fetch(`${world.relay.url}/responses/${id}`)).text()).toContain('on it')

    // Nothing of it is kept: it is true after a reload, and whoever has a channel is led nowhere.
    await page.reload()
    for (const number of [1, 2, 3]) await stepIs(page, number, 'done')
    await page.goto('about:blank')
    await page.goto(optionsUrl())
    await page.waitForSelector('.channel-end')
    expect(await hash(page)).toBe('')
  })
})

describe('on the page', () => {
  let stage: OpenStage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  it('client:ONB4 skipped once, it is not in the way again; an address that names a place is obeyed', async () => {
    let page = await stage.set({ rows: [home], answers, options: '', width: 1280, height: 900 })
    await page.waitForFunction(() => location.hash === '#/start')
    await press(page, 'Skip, show my channels')
    await page.waitForFunction(() => location.hash === '#/channels')
    await page.goto('about:blank')
    await page.goto(optionsUrl())
    await seeText(page, 'No channels yet')
    expect(await hash(page)).toBe('')
    await page.locator('.blank a.btn').click()
    await page.waitForSelector('.start-step')
    page = await stage.set({ rows: [home], answers, options: '#/about', width: 1280, height: 900 })
    await page.locator('.page-head a[href="#/start"]').click()
    await page.waitForSelector('.start-step')
  })

  it.each(
    optionsPictures.filter(({ name }) => name.startsWith('options-start')).map((picture) => [picture.name, picture] as const),
  )('client:UIX1 %s: no serious finding, nothing beside the page', async (_, { stage: set, options, act }) => {
    const page = await stage.set({ ...set, ...(options && { options }) })
    await page.waitForSelector('.start-step')
    await act?.(page)
    expect(await seriousFindings(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
  })
})
