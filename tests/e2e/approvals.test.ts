import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AgentDesk, startAgentDesk } from '../support/browser/agentDesk.ts'
import { seriousFindings } from '../support/browser/axe.ts'
import { readStore } from '../support/browser/database.ts'
import { openPopup, seeText, stopWorker } from '../support/browser/extension.ts'

let desk: AgentDesk
beforeAll(async () => {
  desk = await startAgentDesk()
  await desk.mode('writes')
})
afterAll(() => desk.close())

/** Also in a window that is not in front. */
const press = (on: Page, name: string) =>
  on.evaluate((text) => {
    const found = [...document.querySelectorAll<HTMLElement>('a, button')].find((one) => one.textContent?.includes(text))
    if (!found) throw new Error(`no ${text}`)
    found.click()
  }, name)
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
    await seeText(popup, 'Because ada wrote at')
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
    await Promise.all([press(one, 'Deny'), press(two, 'Allow once')])
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
