import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writePng } from '../pictures/png.ts'
import { seriousFindings } from '../support/browser/axe.ts'
import { seeText } from '../support/browser/extension.ts'
import { ada, at, inbox, message } from '../support/browser/previewData.ts'
import { addFile, addMany } from '../support/browser/stageRows.ts'
import { called, callsOf, type OpenStage, openStage } from '../support/browser/uiPreview.ts'

const ADA = '#/conversation/tg%3A1'
let stage: OpenStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const press = async (page: Page, ...keys: Parameters<Page['keyboard']['press']>[0][]) => {
  for (const key of keys) await page.keyboard.press(key)
}
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))

describe('copying', () => {
  /** What reaches the clipboard. */
  const copied = async (page: Page, choose: () => Promise<void>): Promise<string> => {
    const text = page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          navigator.clipboard.writeText = async (given) => resolve(given)
        }),
    )
    await choose()
    return text
  }

  it('client:MDN1, UIX1 a message is copied by keyboard; whatever its writer left open stays in its quote, and names are only names', async () => {
    const files = [
      { id: 'a', filename: 'a*b*.pdf', mimeType: 'application/pdf', size: 1, kind: 'file' },
      { id: 'h', filename: 'message.html', mimeType: 'text/html', size: 1, kind: 'file', role: 'html' },
    ] as const
    const open = message('m', 'tg:1', 'See\n\n```\n# no heading', at('14:00'), { from: '_Ada_ [x](y)', attachments: [...files] })
    const page = await stage.set({ rows: [inbox, { messages: [open] }], hash: ADA })
    await page.waitForSelector('.msg-menu button')
    const text = await copied(page, async () => {
      await page.focus('.msg-menu button')
      await press(page, 'Enter', 'ArrowDown', 'Enter')
    })
    expect(text).toBe(
      [
        '**\\_Ada\\_ \\[x\\](y)**, 2025-12-01 14:00',
        ...['', '> See', '>', '> ```', '> # no heading', '>', '> Files: a\\*b\\*.pdf'],
      ].join('\n'),
    )
    await seeText(page, 'Copied')
    expect(await focused(page)).toBe('About this message')
  })

  it('client:MDN2 a conversation is copied in order, with what was not sent marked as such', async () => {
    const page = await stage.set({ rows: [inbox, ada], hash: ADA })
    await page.waitForSelector('.topbar .menu-anchor button')
    const text = await copied(page, async () => {
      await page.locator('.conversation .topbar .menu-anchor button').click()
      await page.locator('[role=menuitem]::-p-text(Copy as Markdown)').click()
    })
    expect(text.split('\n').filter((line) => /^[#*]/.test(line))).toEqual([
      ...['# Ada Okafor (Telegram)', '**Ada Okafor**, 2025-11-30 09:12', '**Ada Okafor**, 2025-12-01 14:02'],
      ...[
        '**Me**, 2025-12-01 14:03',
        '**Me**, 2025-12-01 14:05 (not sent)',
        '**Me**, 2025-12-01 14:09',
        '**Me**, 2025-12-01 14:09',
      ],
    ])
    expect(text).toContain('> Files: Lisbon itinerary.pdf')
    await addMany(page, 2_001, message('many', 'tg:1', 'number', at('09:00', 9)))
    const again = await stage.open(ADA)
    await again.waitForSelector('.topbar .menu-anchor button')
    const long = await copied(again, async () => {
      await again.locator('.conversation .topbar .menu-anchor button').click()
      await again.locator('[role=menuitem]::-p-text(Copy as Markdown)').click()
    })
    expect(long).toContain('*Earlier messages are left out.*')
    expect(long.match(/^\*\*/gm)?.length).toBe(2_000)
  })
})

describe('pictures', () => {
  const files = ['one.png', 'two.png', 'three.png'].map((filename, n) => ({
    ...{ id: `f${n}`, filename, mimeType: 'image/png', size: 70, kind: 'image' as const },
  }))
  const png = (width: number, height: number, colour: number) =>
    writePng(width, height, [colour], new Uint8Array(width * height)).toString('base64')
  const heading = (page: Page) => page.$eval('.viewer h2', (title) => title.textContent)
  const shows = (page: Page, name: string) =>
    page.waitForFunction(
      (wanted) => (document.querySelector('.viewer img') as HTMLImageElement | null)?.alt === `Image ${wanted}`,
      {},
      name,
    )

  /** Two pictures in an old message, one in the newest, and more between them than is loaded. */
  async function album(): Promise<Page> {
    const old = message('old', 'tg:1', 'Two of them', at('09:00', 5), { attachments: files.slice(0, 2) })
    const late = message('new', 'tg:1', 'And this', at('14:00'), { attachments: files.slice(2) })
    const page = await stage.set({
      rows: [inbox, { messages: [old, late] }],
      hash: '',
      width: 360,
      answers: { 'inbox.fetchFile': { preview: true } },
    })
    await addMany(page, 120, message('many', 'tg:1', 'word', at('09:00', 4)))
    for (const [n, [width, height]] of [[1_500, 1_200] as const, [40, 30] as const, [900, 2_000] as const].entries())
      await addFile(page, {
        messageId: n < 2 ? 'old' : 'new',
        attachmentId: `f${n}`,
        base64: png(width, height, 0x4466aa + n * 0x220000),
        mimeType: 'image/png',
      })
    return stage.open(ADA)
  }

  it('client:PIC1, PIC2, UIX1 open large by keyboard, arrows lead past messages that are not loaded, Escape leads back', async () => {
    const page = await album()
    const open = await page.waitForSelector('.picture-open')
    await open?.focus()
    await press(page, 'Enter')
    await shows(page, 'three.png')
    expect(await heading(page)).toBe('three.png')
    await seeText(page, 'Ada Okafor, Dec 1, 2:00 PM')
    await page.waitForSelector('.viewer-earlier:not(:disabled)')
    expect(await page.$('.viewer-later:not(:disabled)')).toBeNull()
    await press(page, 'ArrowLeft')
    await shows(page, 'two.png')
    expect(await page.$eval('.viewer [role=status]', (said) => said.textContent)).toContain('two.png, Ada Okafor')
    await page.waitForSelector('.viewer-earlier:not(:disabled)')
    await press(page, 'ArrowLeft')
    await shows(page, 'one.png')
    expect(await page.$('.viewer-earlier:not(:disabled)')).toBeNull()
    expect(await seriousFindings(page)).toEqual([])
    await page.waitForSelector('.viewer-later:not(:disabled)')
    await page.locator('.viewer-later').click()
    await shows(page, 'two.png')
    await press(page, 'Escape')
    await page.waitForFunction(() => !document.querySelector('dialog'))
    expect(await focused(page)).toBe('Enlarge three.png')
    expect(await page.evaluate(() => location.hash)).toBe('#/conversation/tg%3A1')
  })

  it('client:PIC3, CAT2 a large one is fitted, then shown in its own size, where arrows scroll; it is saved by its name', async () => {
    const page = await album()
    await page.locator('.picture-open').click()
    await shows(page, 'three.png')
    const size = () => page.$eval('.viewer img', (image) => [image.clientWidth, image.clientHeight])
    await page.waitForSelector('.viewer img.is-useful')
    const [width = 0, height = 0] = await size()
    expect(width).toBeLessThanOrEqual(360)
    expect(height).toBeLessThanOrEqual(600)
    await press(page, 'Enter')
    await page.waitForSelector('.viewer-stage.is-actual')
    expect(await size()).toEqual([900, 2_000])
    const left = () => page.$eval('.viewer-stage', (element) => element.scrollLeft)
    // In the middle first.
    const middle = await left()
    expect(middle).toBeGreaterThan(200)
    await press(page, 'ArrowRight')
    await page.waitForFunction((before) => (document.querySelector('.viewer-stage')?.scrollLeft ?? 0) > before, {}, middle)
    expect(await heading(page)).toBe('three.png')
    await page.locator('button[aria-label="Fit into the window"]').click()
    await page.waitForSelector('.viewer-stage:not(.is-actual)')
    await page.evaluate(() => {
      HTMLAnchorElement.prototype.click = function () {
        document.body.dataset.saved = this.download
      }
    })
    await page.locator('.viewer button[aria-label="Download three.png"]').click()
    expect(await page.evaluate(() => document.body.dataset.saved)).toBe('three.png')
    // A small one is not enlarged, and has nothing to switch.
    await page.waitForSelector('.viewer-earlier:not(:disabled)')
    await page.locator('.viewer-earlier').click()
    await shows(page, 'two.png')
    await page.waitForFunction(() => document.querySelector('.viewer img')?.clientWidth === 40)
    expect(await page.$('.viewer button[aria-label="Actual size"]:disabled')).not.toBeNull()
  })
})

describe('quick replies', () => {
  const quickReplies = [
    { name: 'thanks', text: 'Thank you, {first}!' },
    { name: '', text: 'Dear {name}, I will look at it tomorrow.' },
  ]
  const box = (page: Page) => page.$eval('textarea', (field) => field.value)
  const rows = (page: Page) => page.$$eval('.quick-row', (all) => all.map((row) => (row as HTMLElement).innerText))
  const opened = async (over: object = { quickReplies }): Promise<Page> => {
    const page = await stage.set({ rows: [inbox, ada], hash: ADA, settings: over, width: 360 })
    await page.waitForSelector('textarea')
    await page.focus('textarea')
    return page
  }

  it('client:QRP2, QRP3, UIX1 / in the empty box lists them, what follows narrows, Enter inserts with the names and sends nothing', async () => {
    const page = await opened()
    await page.keyboard.type('/')
    await page.waitForSelector('.quick-row')
    expect(await rows(page)).toEqual(['thanks\nThank you, {first}!', 'Dear {name}, I will look at it tomorrow.'])
    const active = () =>
      page.evaluate(() => document.getElementById(document.activeElement?.getAttribute('aria-activedescendant') ?? '')?.innerText)
    expect(await active()).toContain('thanks')
    expect(await seriousFindings(page)).toEqual([])
    await press(page, 'ArrowDown')
    await page.waitForSelector('.quick-row:nth-child(2)[aria-selected=true]')
    expect(await active()).toContain('Dear')
    await press(page, 'Enter')
    await page.waitForFunction(() => !document.querySelector('.quick'))
    expect(await box(page)).toBe('Dear Ada Okafor, I will look at it tomorrow.')
    expect((await callsOf(page)).map(({ name }) => name)).not.toContain('inbox.send')
    await page.locator('textarea').fill('')
    await page.keyboard.type('/THÁ')
    await page.waitForFunction(() => document.querySelectorAll('.quick-row').length === 1)
    await press(page, 'Enter')
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'Thank you, Ada!')
  })

  it('client:QRP2 Escape keeps the box and the conversation; what matches none, or stands elsewhere, is only text', async () => {
    const page = await opened()
    await page.keyboard.type('/')
    await page.waitForSelector('.quick-row')
    await press(page, 'Escape')
    await page.waitForFunction(() => !document.querySelector('.quick'))
    expect([await box(page), await page.evaluate(() => location.hash)]).toEqual(['/', ADA])
    await page.keyboard.type('start')
    expect(await page.$('.quick')).toBeNull()
    await press(page, 'Enter')
    await called(page, 'inbox.send')
    await page.keyboard.type('and/or /thanks')
    expect(await page.$('.quick')).toBeNull()
    await page.locator('button[aria-label="Quick replies"]').click()
    await page.locator('.quick-row').click()
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'and/or /thanksThank you, Ada!')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
  })

  it('client:QRP1, UIX1 are written, changed and removed in place, by keyboard; Enter in a field sends no reply', async () => {
    const page = await opened({})
    await page.locator('button[aria-label="Quick replies"]').click()
    await seeText(page, 'No quick replies yet.')
    await page.locator('button::-p-text(Write the first one)').click()
    await page.waitForFunction(() => document.activeElement?.matches('dialog textarea'))
    await page.keyboard.type('On my way, ')
    await page.locator('button[aria-label="Insert {first}"]').click()
    expect(await page.$eval('dialog textarea', (field) => (field as HTMLTextAreaElement).value)).toBe('On my way, {first}')
    expect(await seriousFindings(page)).toEqual([])
    await page.focus('dialog input')
    await page.keyboard.type('way')
    await press(page, 'Enter')
    await called(page, 'settings.set')
    const change = async () => (await callsOf(page)).filter(({ name }) => name === 'settings.set').at(-1)?.input
    const wanted = (all: object[]) => ({ profileId: 'default', change: { quickReplies: all } })
    expect(await change()).toEqual(wanted([{ name: 'way', text: 'On my way, {first}' }]))
    expect((await callsOf(page)).map(({ name }) => name)).not.toContain('inbox.send')
    const full = await opened()
    await full.locator('button[aria-label="Quick replies"]').click()
    await full.locator('button::-p-text(Edit quick replies)').click()
    await full.locator('dialog button[aria-label="Edit thanks"]').click()
    await full.locator('dialog textarea').fill('Thanks!')
    await full.locator('dialog button::-p-text(Save)').click()
    await called(full, 'settings.set')
    const last = async () => (await callsOf(full)).filter(({ name }) => name === 'settings.set').at(-1)?.input
    expect(await last()).toEqual(wanted([{ name: 'thanks', text: 'Thanks!' }, ...quickReplies.slice(1)]))
    await full.locator('dialog button[aria-label="Delete thanks"]').click()
    await called(full, 'settings.set', 2)
    expect(await last()).toEqual(wanted(quickReplies.slice(1)))
  })
})
