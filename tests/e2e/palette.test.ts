import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/browser/axe.ts'
import { popupUrl, seeText } from '../support/browser/extension.ts'
import { answers, channelsOfAllKinds, home } from '../support/browser/optionsData.ts'
import { ada, inbox, NOW } from '../support/browser/previewData.ts'
import { called, callsOf, type OpenStage, openStage, type Stage } from '../support/browser/uiPreview.ts'

let stage: OpenStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

async function popup(on: Partial<Stage> = {}): Promise<Page> {
  const page = await stage.set({ rows: [inbox, ada], ...on })
  await page.waitForSelector('a.row')
  return page
}
async function options(hash = '#/channels'): Promise<Page> {
  const page = await stage.set({ rows: [home, channelsOfAllKinds, inbox], answers, options: hash, width: 1280, height: 900 })
  await page.waitForSelector('main h1')
  return page
}
async function ctrlK(page: Page): Promise<void> {
  await page.keyboard.down('Control')
  await page.keyboard.press('k')
  await page.keyboard.up('Control')
}
async function openPalette(page: Page, typed = ''): Promise<void> {
  await ctrlK(page)
  await page.waitForSelector('.palette-row')
  await page.keyboard.type(typed)
}
/** Waits until this is the row that Enter would choose. */
const chosen = (page: Page, label: string) =>
  page.waitForFunction(
    (wanted) => document.querySelector('.palette-row[aria-selected=true] .palette-label')?.textContent === wanted,
    {},
    label,
  )
const closed = (page: Page) => page.waitForSelector('.palette', { hidden: true })

describe('the palette', () => {
  it('client:PAL1, PAL3, UIX1 opens conversations from the popup by keyboard alone', async () => {
    const page = await popup()
    await page.keyboard.press('j')
    await openPalette(page)
    await chosen(page, 'Ada Okafor')
    expect(await seriousFindings(page)).toEqual([])
    const field = await page.$eval('.palette input', (input) => ({
      focused: document.activeElement === input,
      role: input.getAttribute('role'),
      list: document.getElementById(input.getAttribute('aria-controls') ?? '')?.getAttribute('role'),
      active: document.getElementById(input.getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-selected'),
    }))
    expect(field).toEqual({ focused: true, role: 'combobox', list: 'listbox', active: 'true' })
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await chosen(page, '#ops-oncall')
    // Another word begins at the first again.
    await page.keyboard.type('riv tom')
    await chosen(page, 'Tomás Rivera')
    expect(await page.$$eval('.palette mark', (marks) => marks.map(({ textContent }) => textContent))).toEqual(['Tom', 'Riv'])
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-thread]')
    await closed(page)
    expect(await page.title()).toContain('Tomás Rivera')
  })

  it('client:PAL3 Escape and Ctrl+K close it, and the focus is back where it was', async () => {
    const page = await popup({ dark: true })
    await page.keyboard.press('j')
    const before = await page.evaluate(() => document.activeElement?.textContent)
    for (const close of [() => page.keyboard.press('Escape'), () => ctrlK(page)]) {
      await openPalette(page, 'zzzz')
      await chosen(page, 'Search messages for “zzzz”')
      expect(await seriousFindings(page)).toEqual([])
      await close()
      await closed(page)
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(before)
    }
  })

  it('client:PAL1 what was typed is searched for in the messages, also twice', async () => {
    const page = await popup()
    for (const _ of [1, 2]) {
      await openPalette(page, 'zzhotel')
      await chosen(page, 'Search messages for “zzhotel”')
      await page.keyboard.press('Enter')
      await closed(page)
      await page.waitForFunction(() => document.querySelector<HTMLInputElement>('input[type=search]')?.value === 'zzhotel')
      await seeText(page, 'Nothing for “zzhotel”')
      expect(await page.evaluate(() => [location.hash, document.activeElement?.getAttribute('type')])).toEqual(['#/', 'search'])
      await page.keyboard.press('Escape')
    }
  })

  it('client:PAL1 shows what is unread, when something came last, and the keys that do the same', async () => {
    const page = await popup()
    await openPalette(page)
    await page.waitForSelector('.palette-keys')
    const rows = await page.$$eval('.palette-row', (all) =>
      all.map((row) => [
        row.querySelector('.palette-label')?.textContent,
        row.querySelector('.count')?.textContent ?? null,
        row.querySelector('.palette-about, .palette-keys')?.textContent,
      ]),
    )
    expect(rows[0]).toEqual(['Ada Okafor', '22 unread', 'Telegram, 2:07 PM'])
    expect(rows.find(([label]) => label === 'Jonas Weber')).toEqual(['Jonas Weber', null, 'Email, 12:18 PM'])
    expect(rows.find(([label]) => label === 'Reply to the newest message')?.[2]).toBe('AltShiftY')
    expect(await page.$$eval('.palette-group', (all) => all.map(({ textContent }) => textContent))).toEqual([
      'Conversations',
      'Actions',
      'Settings',
    ])
    await page.keyboard.type('ad')
    await page.waitForSelector('.palette-group', { hidden: true })
    await page.keyboard.press('Escape')
    await closed(page)
  })

  it('client:PAL1, PAL3 does things, and what fails is said in it', async () => {
    const page = await popup({ answers: { 'connection.pollNow': 'Nobody is there.' } })
    await openPalette(page, 'dark')
    await chosen(page, 'Use the dark look')
    await page.keyboard.press('Enter')
    await closed(page)
    expect((await callsOf(page)).filter(({ name }) => name === 'settings.set').map(({ input }) => input)).toEqual([
      { profileId: 'default', change: { theme: 'dark' } },
    ])
    await openPalette(page, 'read')
    await chosen(page, 'Mark everything as read')
    await page.keyboard.press('Enter')
    await called(page, 'inbox.markRead', 3)
    await page.waitForFunction(() =>
      [...document.querySelectorAll('[role=status]')].some((said) => said.textContent?.startsWith('3 conversations')),
    )
    await openPalette(page, 'look for')
    await chosen(page, 'Look for new messages')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelector('.palette [role=alert]')?.textContent === 'Nobody is there.')
    await page.keyboard.press('Escape')
    await closed(page)
  })

  it('client:PAL1 leads from the settings to their pages, to a channel, and to a conversation in a window of its own', async () => {
    const page = await options()
    await openPalette(page, 'about')
    await chosen(page, 'About')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.textContent === 'About' && document.activeElement.tagName === 'H1')
    await openPalette(page, 'trip')
    await page.waitForFunction(() => document.querySelector('.palette-row')?.textContent?.includes('Channel'))
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.matches('[data-channel]'))
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('trip-desk')
    const opened = stage.chromium.browser.waitForTarget((target) => target.url().startsWith(popupUrl('?profile=default#/conv')))
    await openPalette(page, 'ada')
    await chosen(page, 'Ada Okafor')
    await page.keyboard.press('Enter')
    await (await (await opened).asPage()).close()
  })

  it('client:PAL1 waits while something else is asked, and is no part of the first load', async () => {
    const page = await popup()
    const loaded = () =>
      page.$$eval(
        'link[rel=stylesheet]',
        (all) => all.filter((one) => /Palette|CheatSheet/.test((one as HTMLLinkElement).href)).length,
      )
    expect(await loaded()).toBe(0)
    await page.keyboard.press('?')
    await page.waitForSelector('dialog[open]')
    await ctrlK(page)
    expect(await page.$('.palette')).toBeNull()
    expect(await loaded()).toBeGreaterThan(0)
  })
})

describe('the list of keys', () => {
  it('client:KEY1, RCH3 tells the keys of the page and of the browser, as a fresh install has them', async () => {
    const page = await options()
    await page.keyboard.press('?')
    await page.waitForSelector('#keys-browser')
    const lines = await page.$$eval('.keys > div', (all) =>
      all.map((line) => [
        [...line.querySelectorAll('kbd')].map(({ textContent }) => textContent).join('+'),
        line.lastChild?.textContent,
      ]),
    )
    expect(lines).toEqual([
      ['Ctrl+K', 'Go to or do anything'],
      ['?', 'This list'],
      ['Alt+Shift+M', 'Open the popup'],
      ['Alt+Shift+S', 'Open the side panel'],
      ['Alt+Shift+Y', 'Reply to the newest message'],
    ])
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.waitForSelector('dialog[open]', { hidden: true })
    const list = await popup({ dark: true })
    await list.keyboard.press('?')
    await list.waitForSelector('#keys-conversation')
    expect(await seriousFindings(list)).toEqual([])
    // What can be done stays in sight.
    const place = await list.$eval('.dialog-actions', (element) => element.getBoundingClientRect().bottom)
    expect(place).toBeLessThan(600)
  })

  it('client:KEY2 with single letters off, letters do nothing; the palette and the list still come', async () => {
    const page = await popup({ settings: { shortcuts: false } })
    for (const key of ['j', 'r', '/'] as const) await page.keyboard.press(key)
    expect(await page.evaluate(() => [document.activeElement?.tagName, location.hash])).toEqual(['BODY', ''])
    await openPalette(page, 'keys')
    await chosen(page, 'Show all keys')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.keys-dialog [role=switch]')
    await page.locator('.keys-dialog [role=switch]').click()
    await called(page, 'settings.set')
    expect((await callsOf(page)).at(-1)).toEqual({
      name: 'settings.set',
      input: { profileId: 'default', change: { shortcuts: true } },
    })
  })
})

describe('do not disturb', () => {
  it('client:DND1, UIX1 is chosen and ended in the popup by keyboard, and offered by the palette', async () => {
    const page = await popup()
    await page.locator('::-p-aria([name="Do not disturb"][role="button"])').click()
    await page.waitForSelector('[role=menu]')
    await page.keyboard.press('Enter')
    await called(page, 'settings.set')
    const [chosen1] = (await callsOf(page)).filter(({ name }) => name === 'settings.set')
    expect(chosen1?.input).toMatchObject({ change: { quiet: { on: false, until: NOW + 3_600_000 } } })
    await openPalette(page, 'disturb hour')
    await chosen(page, 'Do not disturb: For an hour')
    const on = await popup({
      settings: { quiet: { on: false, from: 1320, to: 480, days: [], until: NOW + 3_600_000 } },
      dark: true,
    })
    await on.locator('::-p-aria([name="Do not disturb until Monday 3:10 PM"][role="button"])').click()
    await on.locator('::-p-text(Disturb me again)').click()
    await called(on, 'settings.set')
    expect((await callsOf(on)).at(-1)?.input).toMatchObject({ change: { quiet: { until: 0, from: 1320 } } })
    expect(await seriousFindings(on)).toEqual([])
  })

  it('client:DND1 quiet hours are set in the settings: times, past midnight, and days', async () => {
    const page = await options('#/notifications')
    await page.locator('::-p-aria([name="Quiet hours"][role="switch"])').click()
    await page.waitForSelector('.quiet-hours')
    const days = await page.$$eval('.quiet-hours .chip-choice', (all) => all.map(({ textContent }) => textContent))
    expect(days).toEqual(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'])
    await page.locator('.quiet-hours .chip-choice:last-child').click()
    await page.$eval('.quiet-hours input[type=time]', (input) => {
      ;(input as HTMLInputElement).value = '21:15'
      input.dispatchEvent(new Event('change', { bubbles: true }))
    })
    await called(page, 'settings.set', 3)
    expect((await callsOf(page)).at(-1)?.input).toEqual({
      profileId: 'default',
      change: { quiet: { on: true, from: 21 * 60 + 15, to: 480, days: [1, 2, 3, 4, 5, 6], until: 0 } },
    })
    expect(await seriousFindings(page)).toEqual([])
  })
})
