import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/browser/axe.ts'
import { seeText } from '../support/browser/extension.ts'
import { ada, at, inbox, message, reply } from '../support/browser/previewData.ts'
import { addRows } from '../support/browser/stageRows.ts'
import { called, callsOf, type OpenStage, openStage } from '../support/browser/uiPreview.ts'

const ADA = '#/conversation/tg%3A1'
let stage: OpenStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const said = (page: Page) => page.$$eval('.bubble .words', (all) => all.map((words) => words.textContent?.trim()))
const sends = async (page: Page) => (await callsOf(page)).filter(({ name }) => name === 'inbox.send')

describe('messages', () => {
  it('client:INB1, CDD12 stand in order under their days, with time', async () => {
    const page = await stage.set({ rows: [inbox, ada], hash: ADA })
    await seeText(page, 'They answer within the hour.')
    expect(await page.$$eval('.day', (days) => days.map((day) => day.textContent))).toEqual(['Yesterday', 'Today'])
    expect((await said(page)).slice(1)).toEqual([
      'Yes, that is the agreed price.',
      'Here is the map to the hotel.',
      'Asking the hotel now.',
      'They answer within the hour.',
    ])
    expect(await page.$eval('.msg.own time', (time) => time.getAttribute('datetime'))).toBe('2025-12-01T14:03:00.000Z')
  })

  it('client:INB1 long content folds at 2,000 characters and opens in full', async () => {
    const long = `${'word '.repeat(1_000)}the end`
    const page = await stage.set({ rows: [inbox, { messages: [message('l', 'tg:1', long, at('14:00'))] }], hash: ADA })
    await page.waitForSelector('.fold')
    expect((await said(page))[0]?.length).toBeLessThanOrEqual(2_001)
    await page.locator('.fold').click()
    await seeText(page, 'the end')
  })

  it('client:ARC8 show hostile Markdown as words, and links with their target', async () => {
    const hostile = [
      '<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>',
      '![pixel](https://tracker.example/p.png)',
      '[bank](https://evil.example/login) [run](javascript:globalThis.hacked=1) <a href="https://raw.example">raw</a>',
      '<svg/onload=globalThis.hacked=1> <iframe src="https://evil.example"></iframe> <b style="position:fixed">b</b>',
      '[![badge](https://img.example/b.svg)](https://evil.example/nested)',
      '[data](data:text/html,<script>alert(1)</script>) [file](file:///etc/passwd) [ext](chrome-extension://abc/x.html)',
    ].join('\n\n')
    const page = await stage.set({ rows: [inbox, { messages: [message('h', 'tg:1', hostile, at('14:00'))] }], hash: ADA })
    await seeText(page, '<script>')
    expect(await page.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBeUndefined()
    expect(await page.$$eval('.words :is(img, script, svg, iframe, b, style, form, input)', (bad) => bad.length)).toBe(0)
    expect(await page.$$eval('.words [style], .words [onerror], .words [onload]', (bad) => bad.length)).toBe(0)
    const links = await page.$$eval('.words a', (all) =>
      all.map((link) => [
        (link as HTMLAnchorElement).href,
        link.textContent,
        link.getAttribute('target'),
        link.getAttribute('rel'),
      ]),
    )
    expect(links).toEqual([
      ['https://tracker.example/p.png', 'pixel tracker.example', '_blank', 'noreferrer noopener'],
      ['https://evil.example/login', 'bank evil.example', '_blank', 'noreferrer noopener'],
      ['https://evil.example/nested', 'badge evil.example', '_blank', 'noreferrer noopener'],
    ])
  })

  it('Markdown that is meant well keeps its shape', async () => {
    const text =
      '# Plan\n\n3. third\n4. fourth\n\n```js\nconst a = 1\n```\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\nline one\nline two **bold** ~~gone~~'
    const page = await stage.set({ rows: [inbox, { messages: [message('w', 'tg:1', text, at('14:00'))] }], hash: ADA })
    await seeText(page, 'Plan')
    expect(await page.$eval('.words ol', (list) => (list as HTMLOListElement).start)).toBe(3)
    expect(await page.$eval('.words .code', (code) => code.textContent)).toBe('const a = 1\n')
    expect(await page.$$eval('.words :is(h1, td, br, strong, del)', (found) => found.map(({ tagName }) => tagName))).toEqual([
      'H1',
      'TD',
      'TD',
      'BR',
      'STRONG',
      'DEL',
    ])
  })

  it('client:CRP3 ticks say how far a reply got, and Retry sends a failed one anew', async () => {
    const page = await stage.set({ rows: [inbox, ada], hash: ADA })
    await seeText(page, 'Not sent: Telegram is not reachable.')
    expect(await page.$$eval('.tick', (ticks) => ticks.map((tick) => [tick.textContent, tick.getAttribute('title')]))).toEqual([
      ['Sent', 'Sent: Telegram took it, id 88231'],
      ['Stored on the relay', 'Stored: safe on the relay, not yet handed over'],
      ['Queued', 'Queued: kept in this browser, not yet on the relay'],
    ])
    await page.locator('button::-p-text(Retry)').click()
    expect((await callsOf(page)).at(-1)).toEqual({ name: 'inbox.retry', input: { clientId: 'r2' } })
  })

  it('relay:REP9 a reply that may have arrived twice says so under its ticks', async () => {
    const doubtful = reply('twice', 'tg:1', 'Once, I hope', at('14:10'), { state: 'sent', doubt: 'It may have arrived twice.' })
    const page = await stage.set({ rows: [inbox, { replies: [doubtful] }], hash: ADA })
    await seeText(page, 'Once, I hope')
    expect(await page.$$eval('.meta-doubt', (lines) => lines.map((line) => line.textContent))).toEqual([
      'It may have arrived twice.',
    ])
  })

  it('client:INB5 marks a conversation read once its newest message is on the screen, and draws a line above what is new', async () => {
    const unread = [
      message('u1', 'tg:1', 'First new', at('14:06'), { read: 0 }),
      message('u2', 'tg:1', 'Second new', at('14:07'), { read: 0 }),
    ]
    const page = await stage.set({ rows: [inbox, ada, { messages: unread }], hash: ADA })
    await seeText(page, '2 new messages')
    await called(page, 'inbox.markRead')
  })

  it('client:CDD10 a conversation whose messages were removed says why it is empty', async () => {
    const page = await stage.set({ rows: [inbox], hash: '#/conversation/ci' })
    await seeText(page, 'The messages that were here were removed to make room.')
  })

  it('names the speakers where several write', async () => {
    const group = ['Marta', 'Marta', 'Jun'].map((from, n) =>
      message(`g${n}`, 'sl:1', `text ${n}`, at('13:50') + n, { from, channelType: 'slack' }),
    )
    const page = await stage.set({ rows: [inbox, { messages: group }], hash: '#/conversation/sl%3A1' })
    await seeText(page, 'text 2')
    const named = await page.$$eval('.speaker', (names) => names.map((name) => name.textContent))
    expect(named).toEqual(['Marta', 'Jun', 'Marta'])
  })

  it('client:CRP4 an inbound-only channel has no reply box, says why, and offers to switch direction', async () => {
    const page = await stage.set({
      rows: [inbox, { messages: [message('c', 'ci', 'Build failed', at('13:40'), { channelType: 'webhook' })] }],
      hash: '#/conversation/ci',
    })
    await seeText(page, 'ci is one-way: messages only come in.')
    expect(await page.$('textarea')).toBeNull()
    await page.locator('button::-p-text(Switch replies on)').click()
    expect((await callsOf(page)).at(-1)).toEqual({
      name: 'channels.change',
      input: { profileId: 'default', channelId: 'ci', change: { direction: 'bidirectional' } },
    })
  })

  for (const dark of [false, true])
    it(`client:UIX1 have no serious accessibility finding, ${dark ? 'dark' : 'light'}`, async () => {
      const page = await stage.set({ rows: [inbox, ada], hash: ADA, dark })
      await seeText(page, 'Asking the hotel now.')
      expect(await seriousFindings(page)).toEqual([])
    })
})

describe('the reply box', () => {
  it('always says who gets the answer and by which way', async () => {
    const page = await stage.set({ rows: [inbox, ada], hash: ADA })
    await seeText(page, 'Replying to Ada Okafor via Telegram')
    await page.waitForSelector('textarea[aria-label="Reply to Ada Okafor via Telegram"]')
  })

  it('client:CRP1, CRP6 Enter sends, Shift+Enter breaks the line, and typing is told once', async () => {
    const page = await stage.set({ rows: [inbox, ada], hash: ADA })
    await page.locator('textarea').click()
    await page.keyboard.type('one')
    await page.keyboard.down('Shift')
    await page.keyboard.press('Enter')
    await page.keyboard.up('Shift')
    await page.keyboard.type('two')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelector('textarea')?.value === '')
    const [send] = await sends(page)
    expect(send?.input).toEqual({ profileId: 'default', conversationId: 'tg:1', content: 'one\ntwo', attachments: [] })
    expect((await callsOf(page)).filter(({ name }) => name === 'inbox.typing')).toHaveLength(1)
  })

  it('the Enter that ends a composition sends nothing', async () => {
    const page = await stage.set({ rows: [inbox, ada], hash: ADA })
    await page.locator('textarea').fill('にほん')
    await page.evaluate(() => {
      for (const extra of [{ isComposing: true }, { keyCode: 229 }])
        document
          .querySelector('textarea')
          ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...extra }))
    })
    expect(await sends(page)).toEqual([])
    expect(await page.$eval('textarea', (box) => box.value)).toBe('にほん')
  })

  it('client:HTE3 a refused reply stays in the box, with the reason beside it', async () => {
    const page = await stage.set({ rows: [inbox, ada], hash: ADA, answers: { 'inbox.send': 'The relay is busy.' } })
    await page.locator('textarea').fill('keep me')
    await page.keyboard.press('Enter')
    await seeText(page, 'Not sent. The relay is busy.')
    expect(await page.$eval('textarea', (box) => box.value)).toBe('keep me')
  })

  it('client:CRP5 a draft survives a popup that closes between two key presses, for each conversation its own', async () => {
    const page = await stage.set({
      rows: [inbox, ada],
      hash: ADA,
      answers: { 'inbox.saveDraft': 'The extension is still starting.' },
    })
    await page.locator('textarea').click()
    await page.keyboard.type('half a sent')
    await page.goto('about:blank')
    const again = await stage.open(ADA)
    await again.waitForFunction(() => document.querySelector('textarea')?.value === 'half a sent')
    const other = await stage.open('#/conversation/dc%3A1')
    await other.waitForSelector('textarea')
    expect(await other.$eval('textarea', (box) => box.value)).toBe('')
  })

  it('client:CRP5 a draft of the database comes back, and one left behind is handed over', async () => {
    const page = await stage.set({ rows: [inbox, ada], hash: '#/conversation/sl%3A2' })
    await page.waitForFunction(() => document.querySelector('textarea')?.value === '0.9 ships on Thursday with…')
    await page.evaluate(() => localStorage.setItem('chaos-draft:["default","tg:1"]', 'left behind'))
    await page.reload()
    await page.waitForFunction(() => localStorage.getItem('chaos-draft:["default","tg:1"]') === null)
    expect(await callsOf(page)).toContainEqual({
      name: 'inbox.saveDraft',
      input: { profileId: 'default', conversationId: 'tg:1', text: 'left behind' },
    })
  })

  it('client:CRP5 what was sent just before the popup closed does not come back as a draft', async () => {
    const page = await stage.set({ rows: [inbox, ada], hash: ADA })
    await page.waitForSelector('textarea')
    await page.evaluate(() => localStorage.setItem('chaos-draft:["default","tg:1"]', 'They answer within the hour.'))
    const again = await stage.open(ADA)
    await again.waitForSelector('textarea')
    expect(await again.$eval('textarea', (box) => box.value)).toBe('')
  })

  it('client:CRP5 counts bytes near the limit and refuses more than 65,536', async () => {
    const page = await stage.set({ rows: [inbox, ada], hash: ADA })
    const fill = (text: string, times: number) =>
      page.$eval(
        'textarea',
        (box, words, count) => {
          box.value = words.repeat(count)
          box.dispatchEvent(new Event('input', { bubbles: true }))
        },
        text,
        times,
      )
    await page.waitForSelector('textarea')
    await fill('é', 32_000)
    await seeText(page, '1,536 bytes left')
    await fill('é', 32_769)
    await seeText(page, '2 bytes too long')
    await page.focus('textarea')
    await page.keyboard.press('Enter')
    expect(await sends(page)).toEqual([])
  })

  it('a new reply of ours is followed even when the reader had scrolled up', async () => {
    const old = Array.from({ length: 60 }, (_, n) => message(`o${n}`, 'tg:1', `old ${n}`, at('10:00') + n * 1000))
    const page = await stage.set({ rows: [inbox, { messages: old }], hash: ADA })
    await seeText(page, 'old 59')
    await page.$eval('[data-thread]', (thread) => thread.scrollTo(0, 0))
    await page.waitForSelector('.to-end')
    await addRows(page, { replies: [reply('mine', 'tg:1', 'my newest', at('14:10'))] })
    await page.evaluate(() =>
      new BroadcastChannel('chaos-changes').postMessage({ topic: 'replies', profileId: 'default', conversationId: 'tg:1' }),
    )
    await seeText(page, 'my newest', 2_000)
    await page.waitForFunction(() => document.querySelector('.to-end') === null)
  })
})
