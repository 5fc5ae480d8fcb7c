import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/browser/axe.ts'
import { at, inbox, message, talk } from '../support/browser/previewData.ts'
import { addFile } from '../support/browser/stageRows.ts'
import { tone } from '../support/browser/tone.ts'
import { callsOf, type OpenStage, openStage } from '../support/browser/uiPreview.ts'

const ADA = '#/conversation/tg%3A1'
let stage: OpenStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const pdf = { id: 'a', filename: 'plan.pdf', mimeType: 'application/pdf', size: 1_200, kind: 'file' } as const
const rows = {
  messages: [
    message('m1', 'tg:1', 'Shall we meet at five?', at('14:00'), { metadata: { messageId: '10' }, attachments: [pdf] }),
    message('m2', 'tg:1', 'Bring the map.', at('14:01'), { metadata: { messageId: '11' } }),
    message('m3', 'tg:1', 'Shall we meet at **six**?', at('14:03'), { metadata: { messageId: '10', edited: true } }),
    message('m4', 'tg:1', 'Shall we meet at seven?', at('14:05'), { metadata: { messageId: '10', edited: true } }),
    message('m5', 'tg:1', 'Or not at all', at('14:06'), { metadata: { messageId: 'gone', edited: true } }),
  ],
}
const bubbles = (page: Page) => page.$$eval('.thread .bubble .words', (all) => all.map((one) => one.textContent?.trim()))
const meta = (page: Page) => page.$$eval('.thread .bubble .meta', (all) => all.map((one) => one.textContent))

for (const [width, dark] of [
  [380, false],
  [360, true],
] as const)
  it(`client:EDT1-EDT3, UIX1 an edited message has its newest words, says so, and shows the earlier ones by keyboard, ${width} px`, async () => {
    const page = await stage.set({ rows: [inbox, rows], hash: ADA, width, dark })
    await page.waitForSelector('.thread .bubble')
    expect(await bubbles(page)).toEqual(['Shall we meet at seven?', 'Bring the map.', 'Or not at all'])
    expect(await meta(page)).toEqual(['Edited2:00 PM', '2:01 PM', 'Edited2:06 PM'])
    expect(await page.$$eval('.file', (all) => all.length)).toBe(1)
    const button = await page.waitForSelector('.bubble .meta button')
    expect(await button?.evaluate((element) => element.getAttribute('aria-expanded'))).toBe('false')
    await button?.focus()
    await page.keyboard.press('Enter')
    await page.waitForSelector('.earlier')
    expect(await page.$$eval('.earlier .words', (all) => all.map((one) => one.textContent?.trim()))).toEqual([
      'Shall we meet at five?',
      'Shall we meet at six?',
    ])
    expect(await page.$eval('.earlier', (list) => list.getAttribute('aria-label'))).toBe('Earlier versions')
    expect(
      await button?.evaluate((element) => element.getAttribute('aria-controls') === document.querySelector('.earlier')?.id),
    ).toBe(true)
    expect(await seriousFindings(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.earlier', { hidden: true })
  })

it('client:EDT1 the list says that the newest is an edit, and only where the platform said so', async () => {
  const edit = { lastMetadata: { messageId: '10', edited: true } }
  const page = await stage.set({
    rows: [
      inbox,
      {
        conversations: [
          talk({ id: 'tg:1', type: 'telegram', title: 'Ada Okafor', when: at('14:05'), text: 'At seven?', over: edit }),
          talk({ id: 'ci', type: 'webhook', title: 'ci', when: at('14:06'), text: 'Build', over: edit }),
        ],
      },
    ],
  })
  await page.waitForSelector('.row-edited')
  expect(await page.$$eval('.row-edited', (all) => all.map((one) => one.closest('.row')?.textContent))).toEqual([
    expect.stringContaining('Edited:At seven?'),
  ])
})

it('client:EDT4 what leads to an edit opens its message', async () => {
  const page = await stage.set({ rows: [inbox, rows], hash: `${ADA}/m3` })
  await page.waitForSelector('.msg.marked')
  expect(await page.$eval('.msg.marked', (one) => one.textContent)).toContain('Shall we meet at seven?')
})

describe('voice notes', () => {
  const note = (id: string, when: number) =>
    message(id, 'tg:1', '', when, {
      attachments: [{ id: 'v', filename: `${id}.ogg`, mimeType: 'audio/ogg', size: 16_044, kind: 'file' }],
    })
  async function conversation(files: Record<string, Buffer>, dark = false): Promise<Page> {
    const messages = Object.keys(files).map((id, n) => note(id, at('14:00') + n * 60_000))
    const answers = { 'inbox.fetchFile': { preview: false } }
    const page = await stage.set({ rows: [inbox, { messages }], hash: '', width: 360, dark, answers })
    for (const [messageId, bytes] of Object.entries(files))
      await addFile(page, { messageId, attachmentId: 'v', base64: bytes.toString('base64'), mimeType: 'audio/ogg' })
    const open = await stage.open(ADA)
    await open.waitForSelector('.voice')
    return open
  }
  const named = (page: Page, name: string) => page.waitForSelector(`::-p-aria([name="${name}"])`)
  const playing = (page: Page) => page.$$eval('audio', (all) => all.map((one) => !one.paused))
  const fetched = async (page: Page) => (await callsOf(page)).filter(({ name }) => name === 'inbox.fetchFile').length

  it('client:VCE1, UIX1 plays by keyboard what is fetched only then: pause, position, speed, one at a time', async () => {
    const page = await conversation({ first: tone(20), second: tone(20) }, true)
    expect(await fetched(page)).toBe(0)
    expect(await seriousFindings(page)).toEqual([])
    await (await named(page, 'Play first.ogg'))?.focus()
    await page.keyboard.press('Enter')
    await named(page, 'Pause first.ogg')
    expect(await fetched(page)).toBe(1)
    expect(await playing(page)).toEqual([true, false])
    expect(await page.$eval('audio', ({ src }) => src)).toMatch(/^blob:chrome-extension:/)
    await page.keyboard.press('Enter')
    await named(page, 'Play first.ogg')
    await page.keyboard.press('Tab')
    await page.keyboard.press('End')
    await page.waitForFunction(() => document.querySelector('.voice-line')?.getAttribute('aria-valuetext') === '0:20 of 0:20')
    await page.keyboard.press('Home')
    await page.waitForFunction(() => document.querySelector('audio')?.currentTime === 0)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await named(page, 'Speed 1.5×')
    await (await named(page, 'Play first.ogg'))?.focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => (document.querySelector('audio')?.currentTime ?? 0) > 0)
    expect(await page.$eval('audio', ({ playbackRate }) => playbackRate)).toBe(1.5)
    await (await named(page, 'Play second.ogg'))?.focus()
    await page.keyboard.press('Enter')
    await named(page, 'Pause second.ogg')
    await named(page, 'Play first.ogg')
    expect(await playing(page)).toEqual([false, true])
    expect(await seriousFindings(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
  })

  it('client:VCE2 what only calls itself a recording, or cannot be decoded, is a file to save', async () => {
    const page = await conversation({ html: Buffer.from('<script>alert(1)</script>'), torn: Buffer.from(`OggS${'x'.repeat(200)}`) })
    for (const name of ['html', 'torn']) {
      await (await named(page, `Play ${name}.ogg`))?.click()
      await page.waitForFunction((left) => document.querySelectorAll('.voice').length === left, {}, name === 'html' ? 1 : 0)
    }
    expect(await page.$$eval('.file', (all) => all.map((one) => one.textContent))).toEqual([
      expect.stringContaining('Download html.ogg'),
      expect.stringContaining('Download torn.ogg'),
    ])
  })
})
