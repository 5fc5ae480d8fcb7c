import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HTTPRequest, Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostileHtml, hostileMails, hostileMarkdown } from '../fixtures/hostile/html.ts'
import { onAll } from '../support/browser/onAll.ts'
import { at, inbox, message, type Rows, talk } from '../support/browser/previewData.ts'
import { addFile, merge } from '../support/browser/stageRows.ts'
import { type OpenStage, openStage } from '../support/browser/uiPreview.ts'

/** As many as one page shows without scrolling. */
const PER_PAGE = 24

/** What hostile content could make happen. All of it must stay empty. */
type Happened = { ran: string[]; asked: string[]; went: string[] }

let stage: OpenStage
let canary: Server
let remote: string
let asked: string[]
beforeAll(async () => {
  asked = []
  canary = createServer((request, response) => {
    asked.push(`canary ${request.url}`)
    response.end()
  })
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
  remote = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`
  stage = await openStage()
})
afterAll(async () => {
  await stage.close()
  canary.close()
})

/** Notes scripts that ran, requests that left, and pages that went elsewhere, in all frames. */
function watch(page: Page): Happened {
  const happened: Happened = { ran: [], asked, went: [] }
  page.on('console', (line) => {
    if (line.text() === 'hostile ran') happened.ran.push(line.location().url ?? '')
  })
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => happened.ran.push(dialog.message())))
  // What is asked of the canary it tells itself: the page's policies stop such requests at several places, with several names.
  const left = (request: HTTPRequest): void => {
    const blocked = request.failure()?.errorText.startsWith('net::ERR_BLOCKED_BY_') ?? false
    if (!blocked && !/^(?:chrome-extension:|blob:|data:|about:)/.test(request.url()) && !request.url().startsWith(remote))
      happened.asked.push(request.url())
  }
  page.on('requestfinished', left)
  page.on('requestfailed', left)
  page.on('framenavigated', (frame) => {
    if (!/^(?:chrome-extension:.*\/(?:popup|mail)\.html|about:(?:blank|srcdoc)$)/.test(frame.url())) happened.went.push(frame.url())
  })
  return happened
}

/** A popup so tall that it renders all messages of the conversation at once. */
async function openTall(page: Page, hash: string, messages: number): Promise<void> {
  await stage.open(hash)
  await page.evaluate(() => document.documentElement.style.setProperty('--popup-height', '20000px'))
  await page.waitForFunction((count) => document.querySelectorAll('.thread .msg').length === count, {}, messages)
}

/** Opens every mail of the conversation as it was written, waits until each is there to its last frame, and closes them. How many there were. */
async function openAllMails(page: Page): Promise<number> {
  const buttons = await page.$$('::-p-xpath(//button[contains(., "Show original email")])')
  for (const button of buttons) await button.evaluate((element) => (element as HTMLElement).click())
  await page.waitForFunction(
    (count) => document.querySelectorAll('dialog[open] .mail-frame').length === count,
    { polling: 20 },
    buttons.length,
  )
  // Not by handles: those cost more than what is looked at.
  const inner = () => page.frames().filter((frame) => frame.url() === 'about:srcdoc')
  await expect.poll(() => inner().length).toBe(buttons.length)
  for (const frame of inner()) await expect.poll(() => frame.evaluate(() => document.readyState)).toBe('complete')
  await page.$$eval('dialog.mail[open]', (dialogs) => {
    for (const dialog of dialogs) (dialog as HTMLDialogElement).close()
  })
  await page.waitForFunction(() => document.querySelector('dialog.mail') === null, { polling: 20 })
  return buttons.length
}

const pages = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / PER_PAGE) }, (_, page) => all.slice(page * PER_PAGE, (page + 1) * PER_PAGE))
const nothing = { ran: [], asked: [], went: [] }

describe('hostile content, rendered in Chromium', () => {
  it('client:ARC8, CAT3 hundreds of hostile messages run no script, ask for nothing and go nowhere', async () => {
    const cases = [...hostileMarkdown({ remote }), ...hostileHtml({ remote })]
    expect(cases.length).toBeGreaterThan(500)
    const rows: Rows[] = pages(cases).map((texts, page) => ({
      conversations: [talk({ id: `tg:${100 + page}`, type: 'telegram', title: 'Eve', when: at('12:00'), text: 'hostile' })],
      messages: texts.map((text, index) => message(`h${page}-${index}`, `tg:${100 + page}`, text, at('12:00') + index * 60_000)),
    }))
    const page = await stage.set({ rows: [inbox, merge(rows)], height: 20_000 })
    const happened = watch(page)
    for (const [index, texts] of pages(cases).entries()) {
      await openTall(page, `#/conversation/tg%3A${100 + index}`, texts.length)
      // What a hand that passes over the page, a key and a focus could set off.
      await onAll(page, '.thread .msg *', (all) => {
        for (const element of all)
          for (const type of ['mouseover', 'pointerenter', 'focus', 'animationstart', 'toggle', 'load', 'error'])
            element.dispatchEvent(new Event(type, { bubbles: true }))
      })
      expect(
        await onAll(page, '.thread .words', (all) =>
          all.flatMap((one) =>
            [...one.querySelectorAll('*')].flatMap((element) => [
              ...(/^(?:script|style|iframe|object|embed|form|input|button|svg|math|link|meta|base|img|video|audio)$/i.test(
                element.tagName,
              )
                ? [element.outerHTML]
                : []),
              ...[...element.attributes]
                .filter(({ name, value }) => /^on|^style$/.test(name) || /^\s*(?:javascript|data|vbscript):/i.test(value))
                .map(({ name, value }) => `${name}=${value}`),
            ]),
          ),
        ),
      ).toEqual([])
    }
    await page.waitForNetworkIdle({ idleTime: 200 })
    expect(happened).toEqual(nothing)
  })

  it('client:CAT3 hundreds of hostile emails run no script, ask for nothing before "Show images", and go nowhere', async () => {
    const cases = hostileMails({ remote })
    const rows: Rows[] = pages(cases).map((texts, page) => ({
      conversations: [talk({ id: `em:${100 + page}`, type: 'email', title: 'Eve', when: at('12:00'), text: 'hostile' })],
      messages: texts.map((_, index) =>
        message(`m${page}-${index}`, `em:${100 + page}`, 'a mail', at('12:00') + index * 60_000, {
          channelType: 'email',
          attachments: [{ id: 'h', filename: 'message.html', mimeType: 'text/html', size: 900, kind: 'file', role: 'html' }],
          metadata: { senderAddress: 'eve@evil.example' },
        }),
      ),
    }))
    const page = await stage.set({ rows: [inbox, merge(rows)], height: 20_000, answers: { 'inbox.fetchFile': { preview: false } } })
    for (const [n, texts] of pages(cases).entries())
      for (const [index, html] of texts.entries())
        await addFile(page, {
          messageId: `m${n}-${index}`,
          attachmentId: 'h',
          base64: Buffer.from(html).toString('base64'),
          mimeType: 'text/html',
        })
    const happened = watch(page)
    for (const [index, texts] of pages(cases).entries()) {
      await openTall(page, `#/conversation/em%3A${100 + index}`, texts.length)
      expect(await openAllMails(page)).toBe(texts.length)
    }
    await page.waitForNetworkIdle({ idleTime: 200 })
    expect(happened).toEqual(nothing)
  })

  it('client:CAT3 what this test watches for would be seen', async () => {
    const page = await stage.set({ rows: [inbox] })
    const happened = watch(page)
    asked.length = 0
    await page.goto(`${remote}/control`)
    await page.setContent(`<img src="${remote}/pixel"><script>console.debug('hostile ran')</script>`)
    await page.waitForNetworkIdle({ idleTime: 100 })
    expect(happened.ran).toHaveLength(1)
    expect(happened.asked).toEqual(expect.arrayContaining(['canary /control', 'canary /pixel']))
    expect(happened.went).toContain(`${remote}/control`)
  })
})
