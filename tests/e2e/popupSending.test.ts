import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/browser/axe.ts'
import { readStore } from '../support/browser/database.ts'
import { seeText } from '../support/browser/extension.ts'
import { ada, at, inbox, message, reply, scheduled } from '../support/browser/previewData.ts'
import { callsOf, type OpenStage, openStage } from '../support/browser/uiPreview.ts'

const ADA = '#/conversation/tg%3A1'
let stage: OpenStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const stored = async (page: Page) =>
  (await readStore<{ content: string; sendAt: number }>(page, 'scheduled')).map(({ content, sendAt }) => [content, sendAt])
const items = (page: Page) =>
  page.$$eval('[role=menuitem]', (all) => all.map((item) => (item as HTMLElement).innerText.split('\n')))
const press = async (page: Page, ...keys: Parameters<Page['keyboard']['press']>[0][]) => {
  for (const key of keys) await page.keyboard.press(key)
}

describe('sending later', () => {
  it('client:SCH1, UIX1 is chosen by keyboard beside the send button; the reply waits above the box, and the draft is gone', async () => {
    const page = await stage.set({ rows: [inbox, ada], hash: ADA })
    await page.locator('textarea').fill('The hotel has moved us to Friday.')
    await page.focus('textarea')
    await press(page, 'Tab', 'Enter')
    await page.waitForSelector('.menu-times')
    expect(await items(page)).toEqual([
      ['In an hour', '3:10 PM'],
      ['This evening', '6:00 PM'],
      ['Tomorrow morning', '9:00 AM'],
      ['Monday morning', 'December 8 9:00 AM'],
      ['Choose a time'],
    ])
    await press(page, 'ArrowDown', 'ArrowDown', 'Enter')
    await seeText(page, '1 scheduled Tomorrow 9:00 AM')
    expect(await stored(page)).toEqual([['The hotel has moved us to Friday.', at('09:00', -1)]])
    expect(await page.$eval('textarea', (box) => box.value)).toBe('')
    expect((await callsOf(page)).filter(({ name }) => name === 'inbox.send')).toEqual([])
  })

  it('client:SCH1, SCH4 takes any time that has not passed', async () => {
    const page = await stage.set({ rows: [inbox, ada], hash: ADA })
    await page.locator('textarea').fill('Happy birthday!')
    await page.locator('button[aria-label="Send later"]').click()
    await press(page, 'End', 'Enter')
    const time = await page.waitForSelector('dialog input')
    const set = (value: string) =>
      time?.evaluate((input, wanted) => {
        ;(input as HTMLInputElement).value = wanted
        input.dispatchEvent(new Event('input', { bubbles: true }))
      }, value)
    await set('2025-12-01T14:09')
    await seeText(page, 'This time has passed.')
    expect(await page.$eval('dialog .btn-primary', (button) => (button as HTMLButtonElement).disabled)).toBe(true)
    expect(await seriousFindings(page)).toEqual([])
    await set('2026-03-04T08:30')
    await page.waitForSelector('dialog .btn-primary:not(:disabled)')
    await time?.focus()
    await press(page, 'Enter')
    await seeText(page, '1 scheduled March 4, 2026 8:30 AM')
    expect(await stored(page)).toEqual([['Happy birthday!', Date.UTC(2026, 2, 4, 8, 30)]])
  })

  it('client:SCH4 what waits is edited, sent now and cancelled where it stands', async () => {
    const rows = { scheduled: [scheduled('s1', 'Second', at('18:00')), scheduled('s2', 'First', at('15:10'))] }
    const page = await stage.set({ rows: [inbox, ada, rows], hash: ADA })
    await page.locator('.tray-head').click()
    await page.waitForSelector('.planned')
    expect(await page.$$eval('.planned-words', (all) => all.map((words) => words.textContent))).toEqual(['First', 'Second'])
    expect(await seriousFindings(page)).toEqual([])
    await page.locator('.planned:nth-child(2) button::-p-text(Edit)').click()
    await page.locator('dialog textarea').fill('Second, better')
    await page.locator('dialog .btn-primary').click()
    await seeText(page, 'Second, better')
    await page.locator('.planned:nth-child(1) button::-p-text(Send now)').click()
    await page.waitForFunction(() => document.querySelector('.planned-line time')?.textContent === '2:10 PM')
    await page.locator('.planned:nth-child(2) button::-p-text(Cancel)').click()
    await seeText(page, '1 scheduled')
    expect(await stored(page)).toEqual([['First', at('14:10')]])
  })

  it('client:SCH3 a reply that was late says so', async () => {
    const late = reply('late', 'tg:1', 'Good morning', at('14:09'), { late: true, plannedFor: at('09:00') })
    const page = await stage.set({ rows: [inbox, { replies: [late] }], hash: ADA })
    await seeText(page, 'Planned for Dec 1, 9:00 AM, sent late: this browser was not running.')
  })
})

describe('delivery details', () => {
  const hops = (page: Page) =>
    page.$$eval('.hop', (all) => all.map((hop) => [hop.className.slice(7), (hop as HTMLElement).innerText.replaceAll('\n', ' | ')]))

  it('client:DLV1, DLV2, UIX1 open from the message’s menu by keyboard and give the focus back', async () => {
    const sent = reply('r9', 'tg:1', 'Yes', at('14:00'), {
      ...{ responseId: 'resp-9', platformMessageId: '88231', tries: 2, attempts: 3 },
      ...{ handedAt: at('14:01'), statusAt: at('14:03'), doubt: 'It may have arrived twice.' },
    })
    const page = await stage.set({ rows: [inbox, { replies: [sent] }], hash: ADA })
    await page.waitForSelector('.own .msg-menu button')
    await page.focus('.own .msg-menu button')
    await press(page, 'Enter')
    await page.waitForSelector('.msg-menu [role=menuitem]')
    await press(page, 'Enter')
    await page.waitForSelector('dialog[open].delivery')
    expect(await hops(page)).toEqual([
      ['done', 'Written here | 2:00:00 PM'],
      ['done', 'On the relay | 2:01:00 PM | 2 attempts.'],
      ['done', 'Taken by Telegram | 2:03:00 PM | 3 attempts. It may have arrived twice.'],
    ])
    expect(await page.$$eval('.delivery-ids dd', (all) => all.map((value) => value.textContent))).toEqual(['r9', 'resp-9', '88231'])
    expect(await seriousFindings(page)).toEqual([])
    await press(page, 'Escape')
    await page.waitForFunction(() => !document.querySelector('dialog'))
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('About this message')
  })

  it('client:DLV1 of others’ messages say when the platform, the relay and this browser had them', async () => {
    const heard = message('in', 'tg:1', 'Hello', at('14:00'), {
      metadata: { sentAt: '2025-12-01T13:59:58.000Z' },
      storedAt: at('14:00') + 1_000,
    })
    const page = await stage.set({ rows: [inbox, { messages: [heard] }], hash: ADA })
    await page.waitForSelector('.msg')
    await page.hover('.msg')
    await page.locator('.msg-menu button').click()
    await page.locator('.msg-menu [role=menuitem]').click()
    await page.waitForSelector('dialog[open].delivery')
    expect(await hops(page)).toEqual([
      ['done', 'Sent in Telegram | 1:59:58 PM'],
      ['done', 'On the relay | 2:00:00 PM'],
      ['done', 'In this browser | 2:00:01 PM'],
    ])
  })
})
