import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ElementHandle } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seeText } from '../support/browser/extension.ts'
import { ada, at, inbox, message } from '../support/browser/previewData.ts'
import { addFile } from '../support/browser/stageRows.ts'
import { called, callsOf, type OpenStage, openStage } from '../support/browser/uiPreview.ts'

const ADA = '#/conversation/tg%3A1'
const MIB = 1024 * 1024
/** One transparent pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
const image = { id: 'a1', filename: 'map.png', mimeType: 'image/png', size: 70, kind: 'image' } as const
const withFile = (file: object) => [
  inbox,
  { messages: [message('f', 'tg:1', 'See this', at('14:00'), { attachments: [file as never] })] },
]

let stage: OpenStage
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chaos-files-'))
  stage = await openStage()
})
afterAll(async () => {
  await stage.close()
  await rm(folder, { recursive: true, force: true })
})

describe('files that come in', () => {
  it('client:INB1, CAT1 and relay:ATT1 what the relay left out is named with its reason, whatever the sender calls it', async () => {
    const attachmentsOmitted = [
      { filename: 'big.zip', size: 6_000_000, reason: 'larger than 5 MiB' },
      { filename: '<img src=x>', size: 1, reason: 'more than 3 files' },
    ]
    const left = message('o', 'tg:1', 'See these', at('14:00'), { metadata: { chatId: 1, attachmentsOmitted } })
    const page = await stage.set({ rows: [inbox, { messages: [left] }], hash: ADA })
    await seeText(page, 'Left out: big.zip, larger than 5 MiB')
    await seeText(page, 'Left out: <img src=x>, more than 3 files')
    expect(await page.$('.msg img')).toBeNull()
  })

  it('client:CAT2 an image is shown from memory when the core has found it to be one', async () => {
    const page = await stage.set({ rows: withFile(image), hash: '', answers: { 'inbox.fetchFile': { preview: true } } })
    await addFile(page, { messageId: 'f', attachmentId: 'a1', base64: PNG, mimeType: 'image/png' })
    const open = await stage.open(ADA)
    const picture = await open.waitForSelector('.picture img')
    expect(await picture?.evaluate((element) => (element as HTMLImageElement).src)).toMatch(/^blob:chrome-extension:/)
    expect(await picture?.evaluate((element) => (element as HTMLImageElement).alt)).toBe('Image map.png')
  })

  it('client:CAT2 what only calls itself an image, and every SVG, is a download', async () => {
    const liar = await stage.set({ rows: withFile(image), answers: { 'inbox.fetchFile': { preview: false } } })
    await addFile(liar, { messageId: 'f', attachmentId: 'a1', base64: btoa('<svg onload=alert(1)>'), mimeType: 'image/png' })
    const open = await stage.open(ADA)
    await open.waitForSelector('.file')
    expect(await open.$('.picture img')).toBeNull()
    const svg = { ...image, filename: 'x.svg', mimeType: 'image/svg+xml' }
    const page = await stage.set({ rows: withFile(svg), hash: ADA, answers: { 'inbox.fetchFile': { preview: true } } })
    await page.waitForSelector('.file')
    expect(await page.$('.picture')).toBeNull()
    expect((await callsOf(page)).map(({ name }) => name)).not.toContain('inbox.fetchFile')
  })

  it('client:CAT4 a failing file says which and why, offers another try, and leaves the text', async () => {
    const reason = 'Attachment unavailable: map.png - the relay no longer has it'
    const page = await stage.set({ rows: withFile(image), hash: ADA, answers: { 'inbox.fetchFile': reason } })
    await seeText(page, reason)
    await seeText(page, 'See this')
    await page.locator('button::-p-text(Try again)').click()
    await called(page, 'inbox.fetchFile', 2)
  })
})

describe('files that go out', () => {
  const make = async (name: string, bytes: number): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, '')
    await truncate(path, bytes)
    return path
  }

  it('client:CAT6 at most 3 of 5 MiB: a refused file names its limit, the others stay and go', async () => {
    const page = await stage.set({ rows: [inbox, ada], hash: ADA })
    const picker = (await page.waitForSelector('input[type=file]')) as ElementHandle<HTMLInputElement>
    const files = [
      await make('a.pdf', 10),
      await make('huge.bin', 5 * MIB + 1),
      await make('b.unknown', 3),
      await make('c.png', 5),
      await make('d.txt', 1),
    ]
    await picker.uploadFile(...files)
    await seeText(page, 'huge.bin was not added: a file may have at most 5 MiB.')
    await seeText(page, 'd.txt was not added: at most 3 files go with one reply.')
    await page.focus('textarea')
    await page.keyboard.press('Enter')
    await called(page, 'inbox.send')
    const send = (await callsOf(page)).find(({ name }) => name === 'inbox.send')?.input as { attachments: object[] }
    expect(send.attachments).toEqual([
      { filename: 'a.pdf', mimeType: 'application/pdf', dataBase64: Buffer.alloc(10).toString('base64') },
      { filename: 'b.unknown', mimeType: 'application/octet-stream', dataBase64: Buffer.alloc(3).toString('base64') },
      { filename: 'c.png', mimeType: 'image/png', dataBase64: Buffer.alloc(5).toString('base64') },
    ])
  })

  it('client:CAT6 dropped files are taken too', async () => {
    const page = await stage.set({ rows: [inbox, ada], hash: ADA })
    await page.waitForSelector('textarea')
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(['hello'], 'note.txt'))
      for (const type of ['dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
    })
    await seeText(page, 'note.txt')
  })

  it('client:CAT7 in the popup under the button, attaching opens the conversation in a window of its own, draft and all', async () => {
    const page = await stage.set({ rows: [inbox, ada], hash: ADA })
    await page.waitForSelector('textarea')
    const popup = await stage.openActionPopup()
    await popup.waitForSelector('a.row')
    await popup.evaluate(() => {
      location.hash = '#/conversation/tg%3A1'
    })
    await popup.waitForSelector('textarea')
    await popup.type('textarea', 'with a file')
    const opened = stage.chromium.browser.waitForTarget((target) =>
      target.url().endsWith('popup.html?profile=default#/attach/tg%3A1'),
    )
    await popup.$eval('.composer .field .icon-btn', (button) => (button as HTMLElement).click())
    const own = await (await opened).asPage()
    await own.waitForFunction(() => document.querySelector('textarea')?.value === 'with a file')
    await own.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Attach a file')
  })
})
