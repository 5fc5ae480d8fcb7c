import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Frame, Page } from 'puppeteer'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { at, inbox, message } from '../support/browser/previewData.ts'
import { addFile } from '../support/browser/stageRows.ts'
import { called, callsOf, type OpenStage, openStage } from '../support/browser/uiPreview.ts'

const MAIL = '#/conversation/em%3A1'
const file = { id: 'h1', filename: 'message.html', mimeType: 'text/html', size: 900, kind: 'file', role: 'html' } as const

let stage: OpenStage
let tracker: Server
const seen: string[] = []
let remote: string
beforeAll(async () => {
  tracker = createServer((request, response) => {
    seen.push(request.url ?? '')
    response.end()
  })
  await new Promise<void>((resolve) => tracker.listen(0, '127.0.0.1', resolve))
  remote = `http://127.0.0.1:${(tracker.address() as AddressInfo).port}`
  stage = await openStage()
})
afterAll(async () => {
  await stage.close()
  tracker.close()
})
beforeEach(() => {
  seen.length = 0
})

const hostile =
  () => `<html><head><style>p { color: rgb(1, 2, 3) } @import "${remote}/import.css"; @font-face { font-family: x; src: url(${remote}/font) }</style>
<meta http-equiv="refresh" content="0;url=${remote}/refresh"><link rel="stylesheet" href="${remote}/link.css"><base href="${remote}/"></head>
<body background="${remote}/background" onload="parent.hacked=1"><p style="background:url(${remote}/style)">Dear Ada,</p>
<img src="${remote}/pixel.png"><img src="https://tracker.example/pixel.png"><script>parent.hacked = 1; fetch('${remote}/script')</script>
<table width="100%"><tr><td align="right">1</td></tr></table><iframe src="${remote}/frame"></iframe><object data="${remote}/object"></object><form action="${remote}/form"><input name="password"><button>Log in</button></form>
<a href="https://evil.example/login">your bank</a> <a href="javascript:parent.hacked=1">run</a> <svg onload="parent.hacked=1"></svg>
<a href="https://honest.example">https://honest.example</a></body></html>`

async function open(settings: object = {}): Promise<{ page: Page; mail: Frame }> {
  const email = message('mh', 'em:1', 'Dear Ada,', at('12:18'), {
    channelType: 'email',
    from: 'Jonas Weber',
    attachments: [file],
    metadata: { senderAddress: 'jonas@weber.example' },
  })
  const answers = { 'inbox.fetchFile': { preview: false } }
  const first = await stage.set({ rows: [inbox, { messages: [email] }], answers, settings })
  await addFile(first, {
    messageId: 'mh',
    attachmentId: 'h1',
    base64: Buffer.from(hostile()).toString('base64'),
    mimeType: 'text/html',
  })
  const page = await stage.open(MAIL)
  await page.locator('button::-p-text(Show original email)').click()
  return { page, mail: await innermost(page) }
}

/** The frame the email itself is in: in the sandboxed page, in the dialog. */
async function innermost(page: Page): Promise<Frame> {
  const outer = await (await page.waitForSelector('.mail-frame'))?.contentFrame()
  const inner = await (await outer?.waitForSelector('iframe'))?.contentFrame()
  if (!inner) throw new Error('no email')
  await inner.waitForSelector('p')
  return inner
}

/** All that an email may load is there or refused, and what it would do after that has had its turn. */
async function loaded(mail: Frame): Promise<void> {
  await mail.waitForFunction(() => document.readyState === 'complete')
  await mail.parentFrame()?.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
}

it('client:CAT3 an email is shown in its own style, sanitised, in a frame that runs no script and loads nothing', async () => {
  const { page, mail } = await open()
  expect(await mail.$eval('p', (paragraph) => getComputedStyle(paragraph).color)).toBe('rgb(1, 2, 3)')
  expect(await mail.$eval('table', (table) => table.getAttribute('width'))).toBe('100%')
  expect(await mail.$$eval('script, iframe, object, form, input, button, link, base, svg', (bad) => bad.length)).toBe(0)
  const outer = mail.parentFrame()
  expect(await outer?.$eval('iframe', (frame) => frame.getAttribute('sandbox'))).toBe('allow-popups allow-popups-to-escape-sandbox')
  expect(await outer?.evaluate(() => location.origin + self.origin)).toContain('null')
  expect(await page.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBeUndefined()
  await loaded(mail)
  // The server that must not be asked is there to be asked.
  await fetch(`${remote}/control`)
  expect(seen).toEqual(['/control'])
})

it('client:CAT3 every link shows its target and opens outside', async () => {
  const { mail } = await open()
  expect(
    await mail.$$eval('a', (links) =>
      links.map((link) => [link.textContent, link.getAttribute('target'), link.getAttribute('rel')]),
    ),
  ).toEqual([
    ['your bank (evil.example)', '_blank', 'noreferrer noopener'],
    ['https://honest.example', '_blank', 'noreferrer noopener'],
  ])
})

it('client:CAT3 images load after asking, https only, and nothing else does', async () => {
  const { page } = await open()
  await page.evaluate(() => document.querySelector('dialog')?.textContent)
  await page.locator('button::-p-text(Show images)').click()
  const asked = page.waitForRequest('https://tracker.example/pixel.png')
  const shown = await innermost(page)
  await asked
  await loaded(shown)
  await fetch(`${remote}/control`)
  expect(seen).toEqual(['/control'])
})

it('client:CAT3 a sender whose images always load is remembered, and asked no more', async () => {
  const { page } = await open()
  await page.locator('button::-p-text(Always for this sender)').click()
  await called(page, 'settings.set')
  expect((await callsOf(page)).at(-1)).toEqual({
    name: 'settings.set',
    input: { profileId: 'default', change: { imagesFrom: ['jonas@weber.example'] } },
  })
  const trusted = await open({ imagesFrom: ['jonas@weber.example'] })
  expect(await trusted.page.$('::-p-text(Images are not loaded)')).toBeNull()
})
