import type { Page } from 'puppeteer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seeText } from '../support/browser/extension.ts'
import { at, inbox, message } from '../support/browser/previewData.ts'
import { addMany, addRows } from '../support/browser/stageRows.ts'
import { type OpenStage, openStage } from '../support/browser/uiPreview.ts'

const ADA = '#/conversation/tg%3A1'
const MANY = 50_000

let stage: OpenStage
let page: Page
beforeAll(async () => {
  stage = await openStage()
  page = await stage.set({ rows: [inbox] })
  await addMany(page, MANY, message('n', 'tg:1', 'text', at('08:00', 200)))
})
afterAll(() => stage.close())

/** The first message in view, and how far its top is from the top of the view, in pixels. */
const inView = () => {
  const thread = document.querySelector('[data-thread]') as HTMLElement
  const top = thread.getBoundingClientRect().top
  const rows = [...thread.querySelectorAll('.thread-row')].map((row) => ({ row, at: row.getBoundingClientRect() }))
  const first = rows.find((one) => one.at.bottom > top + 1 && one.row.querySelector('.words'))
  return { text: first?.row.querySelector('.words')?.textContent?.trim(), offset: Math.round((first?.at.top ?? 0) - top) }
}

/** What scrolling sets off is done by the next frames. */
const painted = () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))

it('a conversation of 50,000 messages opens at its newest, with few rows on the page', async () => {
  page = await stage.open(ADA)
  await seeText(page, `text ${MANY - 1}`, 5_000)
  expect(await page.$$eval('.thread-row', (rows) => rows.length)).toBeLessThan(60)
})

it('scrolling up loads older messages and keeps the place', async () => {
  page = await stage.open(ADA)
  await seeText(page, `text ${MANY - 1}`)
  for (let round = 0; round < 4; round++) {
    const rows = await page.$eval('[data-thread]', (thread) => thread.scrollHeight)
    await page.$eval('[data-thread]', (thread) => thread.scrollTo(0, 700))
    await page.evaluate(painted)
    const before = await page.evaluate(inView)
    await page.$eval('[data-thread]', (thread) => thread.scrollBy(0, -150))
    // Fifty older ones are put before the view, which must have moved by what the reader scrolled and no more.
    await page.waitForFunction((was) => (document.querySelector('[data-thread]')?.scrollHeight ?? 0) > was + 1_000, {}, rows)
    await page.$eval('[data-thread]', (thread) => thread.scrollBy(0, 150))
    await page.evaluate(painted)
    const after = await page.evaluate(inView)
    expect(after.text).toBe(before.text)
    expect(Math.abs(after.offset - before.offset)).toBeLessThanOrEqual(2)
  }
})

it('also when the reader is at the very top', async () => {
  page = await stage.open(ADA)
  await seeText(page, `text ${MANY - 1}`)
  const was = await page.$eval('[data-thread]', (thread) => {
    thread.scrollTo(0, 0)
    return thread.scrollHeight
  })
  await page.waitForFunction((height) => (document.querySelector('[data-thread]')?.scrollHeight ?? 0) > height + 1_000, {}, was)
  expect(await page.$eval('[data-thread]', (thread) => thread.scrollTop)).toBeGreaterThan(1_000)
})

it('a message that comes in while the reader is further up does not move the view, and is announced with a way to it', async () => {
  page = await stage.open(ADA)
  await seeText(page, `text ${MANY - 1}`)
  await page.$eval('[data-thread]', (thread) => thread.scrollBy(0, -700))
  await page.waitForSelector('.to-end')
  const before = await page.evaluate(inView)
  await addRows(page, { messages: [message('fresh', 'tg:1', 'fresh words', at('14:10'), { read: 0 })] })
  await page.evaluate(() =>
    new BroadcastChannel('chaos-changes').postMessage({ topic: 'messages', profileId: 'default', conversationId: 'tg:1' }),
  )
  await seeText(page, '1 new message below')
  expect(await page.evaluate(inView)).toEqual(before)
  await page.locator('.to-end').click()
  await seeText(page, 'fresh words')
  await page.waitForFunction(() => document.querySelector('.to-end') === null)
})

/** Whether the message asked for stands in view, with its words, and has the keyboard. */
const reached = (text: string) => {
  const row = document.querySelector('[data-spot]')
  const at = row?.getBoundingClientRect()
  const shown = row?.querySelector('.words')?.textContent?.trim() === text
  return shown && at && at.top > 50 && at.bottom < 520 && document.activeElement === row
}
/** The newest of the many, or the one a test above has added. */
const atNewest = (many: number) => {
  const last = [...document.querySelectorAll('.thread-row .words')].at(-1)?.textContent?.trim()
  return (last === `text ${many - 1}` || last === 'fresh words') && document.querySelector('.to-end') === null
}

it.each([700, MANY - 3])(
  'client:INB3, UIX1 the message %i back opens in view, marked for a moment, with the keyboard',
  async (back) => {
    page = await stage.open(`${ADA}/n${MANY - back}`)
    await page.waitForFunction(reached, {}, `text ${MANY - back}`)
    expect(await page.$eval('.marked', (bubble) => bubble.querySelector('.words')?.textContent?.trim())).toBe(`text ${MANY - back}`)
    expect(await page.$$eval('.thread-row', (rows) => rows.length)).toBeLessThan(60)
    await page.waitForFunction(() => !document.querySelector('.marked'))
    expect(await page.evaluate(reached, `text ${MANY - back}`)).toBe(true)
  },
)

it('client:INB3 from a message far back the reader goes on in both directions, and to the newest at once', async () => {
  page = await stage.open(`${ADA}/n20000`)
  await page.waitForFunction(reached, {}, 'text 20000')
  // Down, past what was loaded: nothing is left out and the view does not jump.
  for (let text = 20_060; text <= 20_180; text += 40) {
    await page.waitForFunction(
      (wanted) => {
        const thread = document.querySelector('[data-thread]')
        thread?.scrollBy(0, 120)
        return [...document.querySelectorAll('.thread-row .words')].some((words) => words.textContent?.trim() === wanted)
      },
      {},
      `text ${text}`,
    )
    const texts = await page.$$eval('.thread-row .words', (all) => all.map((words) => Number(words.textContent?.trim().slice(5))))
    expect(texts).toEqual(texts.map((_text, index) => (texts[0] ?? 0) + index))
  }
  // The row that had the keyboard is gone from the page: its list has it now.
  await page.waitForFunction(() => document.activeElement?.matches('[data-thread]'))
  await page.locator('.to-end').click()
  await page.waitForFunction(atNewest, {}, MANY)
})

it('client:INB5 what was not on the screen is not read: opened far back, the newest stays unread and is told', async () => {
  page = await stage.open(`${ADA}/n30000`)
  await page.waitForFunction(reached, {}, 'text 30000')
  expect(await page.evaluate(atNewest, MANY)).toBe(false)
  expect(await page.$eval('.to-end', (button) => button.textContent)).toBe('To the newest message')
})

it('a message that is not there any more opens the conversation at its newest', async () => {
  page = await stage.open(`${ADA}/gone`)
  await page.waitForFunction(atNewest, {}, MANY)
})

it('client:SRC5, SRC6 search goes through all 50,000, also before they are indexed, and the page stays usable meanwhile', async () => {
  page = await stage.open('')
  await page.waitForSelector('a.row')
  await page.keyboard.press('/')
  await page.keyboard.type('text 31')
  await page.waitForFunction(() => document.querySelectorAll('.row').length > 5)
  await page.keyboard.type('337 nothing-has-this')
  await seeText(page, 'Nothing for “text 31337 nothing-has-this”')
  await seeText(page, 'Searched 50,00', 30_000)
})
