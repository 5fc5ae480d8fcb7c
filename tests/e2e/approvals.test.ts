import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page, WebWorker } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AgentDesk, startAgentDesk } from '../support/browser/agentDesk.ts'
import { seriousFindings } from '../support/browser/axe.ts'
import type { Chromium } from '../support/browser/chromium.ts'
import { readStore } from '../support/browser/database.ts'
import { catchDownload, openOptions, openPopup, seeText, stopWorker } from '../support/browser/extension.ts'
import { ask, eventually } from '../support/browser/world.ts'
import { runExample } from '../support/example.ts'

declare const chrome: {
  notifications: { getAll(): Promise<Record<string, boolean>>; onButtonClicked: { dispatch(id: string, button: number): void } }
}

let profile: string
let desk: AgentDesk
let again: { chromium: Chromium; page: Page } | undefined
beforeAll(async () => {
  profile = await mkdtemp(join(tmpdir(), 'chaos-profile-'))
  desk = await startAgentDesk({ browser: { profile } })
  await desk.mode('writes')
})
afterAll(async () => {
  delete process.env.CHAOS_ATTACH_WORKER
  await again?.chromium.close()
  await desk.close()
  await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
})

/** Also in a window that is not in front. */
const press = (on: Page, name: string) =>
  on.evaluate((text) => {
    const found = [...document.querySelectorAll<HTMLElement>('a, button')].find((one) => one.textContent?.includes(text))
    if (!found) throw new Error(`no ${text}`)
    found.click()
  }, name)
/** Each presses its button at the same moment, before any window can have been told what came of the other. */
async function pressTogether(...all: [Page, string][]): Promise<void> {
  for (const [page, text] of all)
    await page.evaluate((wanted) => {
      const found = [...document.querySelectorAll('button')].find((button) => button.textContent?.includes(wanted))
      if (!found) throw new Error(`no ${wanted}`)
      new BroadcastChannel('together').onmessage = () => found.click()
    }, text)
  await desk.page.evaluate(() => new BroadcastChannel('together').postMessage('now'))
}
async function review(on: Page): Promise<void> {
  await seeText(on, 'needs your yes')
  await press(on, 'needs your yes')
  await seeText(on, 'Exact arguments')
}
const focused = (on: Page) => on.evaluate(() => document.activeElement?.textContent ?? '')
/** Presses Tab until this has the focus. */
async function tabTo(on: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await on.keyboard.press('Tab')
    if ((await focused(on)).includes(name)) return
  }
  throw new Error(`the keyboard does not reach ${name}`)
}

describe('approvals in the popup', () => {
  it('client:APR13, UIX1, UIX2 and relay:APV1-APV4 a request is found, read and allowed by keyboard, and the agent may act once', async () => {
    const popup = await openPopup(desk.chromium)
    await seeText(popup, 'Can you also clean up')
    const id = await desk.asked({
      args: { path: '/tmp/x', note: '<img src=x onerror=alert(1)>', reversed: 'a\u202eb', count: '5' },
    })
    await seeText(popup, 'trip-desk needs your yes')
    await tabTo(popup, 'trip-desk needs your yes')
    await popup.keyboard.press('Enter')
    await seeText(popup, 'trip-desk wants to run files.delete')
    expect(await focused(popup)).toBe('Approval needed')
    await popup.keyboard.press('Escape')
    await popup.waitForFunction(() => document.activeElement?.classList.contains('approval-strip'))
    await popup.keyboard.press('Enter')
    await seeText(popup, 'Because ada wrote at')
    await popup.keyboard.press('Enter')
    const shown = await popup.$$eval('.args dd', (all) => all.map((one) => one.textContent))
    expect(shown).toEqual(['/tmp/x', '<img src=x onerror=alert(1)>', 'a\\u202eb', '"5"'])
    await seeText(popup, `yes ${id}`)
    expect(await seriousFindings(popup)).toEqual([])
    const waiting = desk.outcome(id)
    await tabTo(popup, 'Allow once')
    await popup.keyboard.press('Enter')
    expect(await waiting).toEqual({ state: 'allowed', decidedBy: 'popup' })
    await seeText(popup, 'Allowed in the popup, not used yet')
    expect(await focused(popup)).toBe('Back to inbox')
    const args = { path: '/tmp/x', note: '<img src=x onerror=alert(1)>', reversed: 'a\u202eb', count: '5' }
    expect((await desk.use(id)).json).toMatchObject({ code: 'approval_mismatch' })
    expect((await desk.use(id, { args })).json).toMatchObject({ state: 'used' })
    await seeText(popup, 'Allowed in the popup, and used')
    expect((await desk.use(id, { args })).json).toMatchObject({ code: 'approval_used' })
    await popup.keyboard.press('Enter')
    await popup.waitForSelector('a.row')
    expect(await popup.$('.approval-strip')).toBeNull()
    await popup.close()
  })

  it('client:APR13 two windows show the same request: the first decision counts and the other is told', async () => {
    const [one, two] = [await openPopup(desk.chromium), await openPopup(desk.chromium)]
    const id = await desk.asked()
    for (const window of [one, two]) await review(window)
    const waiting = desk.outcome(id)
    await pressTogether([one, 'Deny'], [two, 'Allow once'])
    const { state, decidedBy, reason } = await waiting
    expect(decidedBy).toBe('popup')
    const words = state === 'denied' ? 'Refused in the popup' : 'Allowed in the popup'
    for (const window of [one, two]) await seeText(window, words)
    if (state === 'denied')
      expect(reason).toBe('The user refused this files.delete over the popup. Do not retry; ask what to do instead.')
    desk.ada.send(`yes ${id}`)
    expect((await desk.telegram.nextSent()).text).toContain(`Approval [${id}] was decided before`)
    for (const window of [one, two]) await window.close()
  })

  it('client:APR7, APR8, APR15 a yes in the chat is seen in the popup, counts as read, and is no reason to notify', async () => {
    const popup = await openPopup(desk.chromium)
    const id = await desk.asked()
    await review(popup)
    await stopWorker(desk.page)
    desk.ada.send('Yes.')
    await seeText(popup, 'Allowed over Telegram')
    expect(await desk.outcome(id)).toMatchObject({ state: 'allowed', decidedBy: 'telegram' })
    const answer = (await readStore<{ content: string; approvalId?: string; read: number }>(popup, 'messages')).find(
      ({ content }) => content === 'Yes.',
    )
    expect(answer).toMatchObject({ approvalId: id, read: 1 })
    await popup.close()
  })
})

describe('examples/agent', () => {
  it('client:APR2, APR8, APR11, APR14, APR15 asks in the chat, acts after a yes, leaves it after a no, and reads unasked', async () => {
    const files = { STATE_FILE: join(profile, 'agent.json'), NOTES_FILE: join(profile, 'notes.txt') }
    const agent = runExample('agent/agent.mjs', [], { RELAY_URL: desk.relay.url, RELAY_TOKEN: desk.apiKey, ...files })
    await agent.line(/^listening$/)
    const hears = async () => (await desk.telegram.nextSent()).text
    desk.ada.send('note milk')
    expect(await hears()).toMatch(/^Approval needed \[\w+\]: the agent wants to run notes.add: text: "milk". Reply/)
    desk.ada.send('Yes')
    expect(await hears()).toBe('Noted: milk')
    desk.ada.send('note bread')
    expect(await hears()).toContain('notes.add: text: "bread"')
    desk.ada.send('no')
    const [, reason] = await agent.line(/^refused: (.*)$/)
    expect(reason).toBe('The user refused this notes.add over Telegram. Do not retry; ask what to do instead.')
    expect(await hears()).toBe('I left it as it was. What should I do instead?')
    desk.ada.send('notes')
    expect(await hears()).toBe('milk')
    expect(await readFile(files.NOTES_FILE, 'utf8')).toBe('milk\n')
    expect((await agent.kill('SIGTERM')).stderr).toBe('')
  })
})

describe('approvals in the options', () => {
  it('client:APR13, APR14, APR15, UIX1, UIX2 show a request whole, refuse it, list what became of it and give it as a file', async () => {
    const options = await openOptions(desk.chromium, '#/approvals')
    await seeText(options, 'Nothing waits')
    const args = { path: '/tmp/x', note: 'word '.repeat(200).trim() }
    const id = await desk.asked({ args })
    await seeText(options, 'trip-desk wants to run files.delete')
    expect(await options.$$eval('.args dd', (all) => all.map((one) => one.textContent))).toEqual(Object.values(args))
    expect(await options.$eval('.side .nav [aria-current]', (link) => link.textContent)).toBe('Approvals11 needs attention')
    expect(await seriousFindings(options)).toEqual([])
    const waiting = desk.outcome(id)
    await press(options, 'Deny')
    const reason = 'The user refused this files.delete over the options page. Do not retry; ask what to do instead.'
    expect(await waiting).toEqual({ state: 'denied', decidedBy: 'options', reason })
    await seeText(options, 'Refused on the options page')
    await options.waitForFunction(() => document.activeElement?.id === 'waiting')
    await options.locator('.decisions summary::-p-text(on the options page)').click()
    await seeText(options, `Request ${id}`)
    await options.waitForSelector('.decision-more a')
    const link = await options.$eval('.decision-more a', (one) => (one as HTMLAnchorElement).href)
    expect(link).toMatch(/\/popup\.html\?profile=default#\/conversation\/telegram_[\w-]+%3A\d+\/[\w-]+$/)
    await options.locator('.decisions-outcomes ::-p-text(Allowed)').click()
    await options.waitForFunction(
      (hidden) => !document.querySelector('.decisions')?.textContent?.includes(hidden),
      {},
      'on the options page',
    )
    await options.locator('.decisions-outcomes ::-p-text(Refused)').click()
    await seeText(options, 'Refused on the options page')
    expect(await seriousFindings(options)).toEqual([])
    const file = await catchDownload(options)
    await press(options, 'Export as JSON')
    await options.waitForFunction(() => 'caught' in globalThis)
    const { approvals, answers } = JSON.parse(await file()) as { approvals: { id: string }[]; answers: object[] }
    expect(approvals.find((one) => one.id === id)).toMatchObject({
      action: 'files.delete',
      args,
      state: 'denied',
      by: 'options',
      reason,
    })
    expect(answers).toContainEqual(expect.objectContaining({ outcome: 'allowed', text: 'Yes.' }))
    await options.close()
  })

  it('client:APR1, APR16 to ask less is confirmed first; from then on nothing is asked, and it is listed why', async () => {
    const options = await openOptions(desk.chromium, '#/approvals')
    const chosen = (name: string) =>
      options.waitForFunction((text) => document.querySelector('.mode-row:has(:checked)')?.textContent?.includes(text), {}, name)
    const choose = (name: string) => options.locator(`.mode-row ::-p-text(${name})`).click()
    const answer = (place: string) => options.locator(`dialog[open] .dialog-actions .btn:${place}-child`).click()
    await chosen('Before an agent changes anything')
    await choose('Never')
    await seeText(options, 'Stop asking?')
    await answer('first')
    await chosen('Before an agent changes anything')
    const asked = await desk.asked()
    await choose('Never')
    await seeText(options, 'Stop asking?')
    await answer('last')
    await chosen('Never')
    expect(await desk.outcome(await desk.ask())).toEqual({ state: 'allowed', decidedBy: 'mode', reason: 'Approvals are off.' })
    await seeText(options, 'Allowed without asking')
    await options.waitForSelector('.approval-card')
    // What was asked before stays a question.
    await press(options, 'Allow once')
    expect(await desk.outcome(asked)).toMatchObject({ state: 'allowed', decidedBy: 'options' })
    await seeText(options, 'Agents act without asking, so nothing waits here.')
    await press(options, 'Choose what is asked')
    await options.waitForFunction(() => document.activeElement?.matches('.mode-row input'))
    await choose('Before every action')
    await chosen('Before every action')
    await desk.asked({ kind: 'read' })
    await options.close()
  })
})

describe('approvals after a power cut', () => {
  it('client:APR12, APR15 a yes that came while the browser was off counts; what ran out meanwhile does not', async () => {
    const [id, late] = [await desk.asked({ action: 'mail.send' }), await desk.asked({ timeoutMs: 1_500 })]
    await desk.chromium.kill()
    desk.ada.send(`yes ${id}`)
    expect(await desk.outcome(late)).toMatchObject({ state: 'denied', decidedBy: 'timeout' })
    desk.ada.send(`yes ${late}`)
    process.env.CHAOS_ATTACH_WORKER = '1'
    again = await desk.again(profile)
    expect(await desk.outcome(id)).toMatchObject({ state: 'allowed', decidedBy: 'telegram' })
    await desk.stands(again.page, late, 'denied')
    expect((await desk.telegram.nextSent()).text).toContain(`Approval [${late}] expired`)
    expect((await desk.use(late)).status).toBe(410)
  })

  it('client:APR13 a notification allows, refuses, or opens what is too long for it', async () => {
    const { chromium, page } = again as NonNullable<typeof again>
    await ask(page, 'settings', 'set', { profileId: 'default', change: { notifications: 'on', notificationContent: true } })
    const worker = (await (await chromium.browser.waitForTarget((one) => one.type() === 'service_worker')).worker()) as WebWorker
    const notices = () => worker.evaluate(async () => Object.keys(await chrome.notifications.getAll()))
    const shown = (id: string, there: boolean) =>
      eventually(
        page,
        async () => (await notices()).some((one) => one.includes(id)) === there || notices(),
        `${id} in sight: ${there}`,
      )
    const pressed = async (id: string, button: number) => {
      await shown(id, true)
      const notice = (await notices()).find((one) => one.includes(id)) ?? ''
      await worker.evaluate((one, which) => chrome.notifications.onButtonClicked.dispatch(one, which), notice, button)
    }
    const [one, two, long] = [await desk.asked(), await desk.asked(), await desk.asked({ args: { text: 'word '.repeat(99) } })]
    await pressed(one, 0)
    expect(await desk.outcome(one)).toEqual({ state: 'allowed', decidedBy: 'notification' })
    await pressed(two, 1)
    const reason = 'The user refused this files.delete over a notification. Do not retry; ask what to do instead.'
    expect(await desk.outcome(two)).toEqual({ state: 'denied', decidedBy: 'notification', reason })
    await pressed(long, 0)
    const opened = await chromium.browser.waitForTarget((target) => target.url().includes(`#/approval/${long}`))
    await seeText((await opened.asPage()) as Page, 'Exact arguments')
    expect((await desk.call('GET', `/approvals/${long}`)).json).toEqual({ state: 'pending' })
    for (const id of [one, two, long]) await shown(id, false)
  })
})
