import type { Page } from 'puppeteer'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seriousFindings } from '../support/browser/axe.ts'
import { seeText } from '../support/browser/extension.ts'
import { ada, at, inbox, NOW } from '../support/browser/previewData.ts'
import { addRows } from '../support/browser/stageRows.ts'
import { called, callsOf, type OpenStage, openStage } from '../support/browser/uiPreview.ts'

let stage: OpenStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const of = (conversationId: string) => ({ profileId: 'default', conversationId })
const asOf = (conversationId: string, messageAt: number, unread: number) => ({
  ...of(conversationId),
  soFar: { messageAt, unread },
})
const ops = asOf('sl:1', at('13:52'), 3)
const jonas = asOf('em:1', at('12:18'), 0)
const marks = [
  { ...of('dc:2'), pinnedAt: NOW },
  { ...of('sl:1'), archived: ops.soFar },
  { ...of('em:1'), snoozed: { ...jonas.soFar, until: at('09:00', -1) } },
  { ...of('tg:1'), mutedUntil: NOW + 3_600_000 },
]
const names = (page: Page) => page.$$eval('.row-name', (all) => all.map((name) => name.textContent))
const focusedIn = (page: Page, text: string) =>
  page.waitForFunction((wanted) => document.activeElement?.textContent?.includes(wanted), {}, text)
const last = async (page: Page) => (await callsOf(page)).at(-1)
/** The first row that says so has the keyboard. */
async function to(page: Page, text: string): Promise<void> {
  await page.waitForSelector('a.row')
  await page.evaluate((wanted) => {
    const row = [...document.querySelectorAll<HTMLElement>('.row')].find((one) => one.textContent?.includes(wanted))
    row?.focus()
  }, text)
  await focusedIn(page, text)
}

it('client:MRK1, MRK3, MRK4, SNZ1 pinned ones stand on top, what is away is under its filter, and each sign has words', async () => {
  const page = await stage.set({ rows: [inbox, ada, { marks }] })
  await page.waitForSelector('a.row')
  const shown = await names(page)
  expect(shown[0]).toBe('Sanne de Koning')
  expect(shown).not.toContain('#ops-oncall')
  expect(shown).not.toContain('Jonas Weber')
  const words = (text: string) =>
    page.evaluate(
      (wanted) => [...document.querySelectorAll('.row')].find((row) => row.textContent?.includes(wanted))?.textContent,
      text,
    )
  expect(await words('Sanne')).toContain('Pinned')
  expect(await words('Ada')).toContain('Muted')
  // Three of the archived one are not counted: two of Ada's and the build's one are.
  expect(await page.$eval('.chip:nth-of-type(2)', (chip) => chip.textContent)).toBe('Unread3')
  await page.locator('button[aria-label="More filters"]').click()
  await page.locator('[role=menuitemcheckbox]::-p-text(Archived)').click()
  await page.waitForFunction(() => document.querySelectorAll('.row').length === 1)
  expect(await names(page)).toEqual(['#ops-oncall'])
  await page.locator('button[aria-label="More filters"]').click()
  await page.locator('[role=menuitemcheckbox]::-p-text(Snoozed)').click()
  await page.waitForFunction(() => document.querySelector('.row-name')?.textContent === 'Jonas Weber')
  expect(await words('Jonas')).toContain('Snoozed until')
  expect(await page.$eval('.row-until time', (time) => time.getAttribute('datetime'))).toBe('2025-12-02T09:00:00.000Z')
  expect(await seriousFindings(page)).toEqual([])
  // Nothing is hidden from a search.
  await page.locator('.chip::-p-text(Snoozed)').click()
  await page.keyboard.press('/')
  await page.keyboard.type('snapshots')
  await page.waitForFunction(() => document.querySelector('.row')?.getAttribute('href') === '#/conversation/sl%3A1/m-ops')
})

it('client:MRK5 single letters mark the conversation that has the keyboard; what was done is said and the next row takes over', async () => {
  const page = await stage.set({ rows: [inbox, ada, { marks }] })
  await to(page, 'Sanne de Koning')
  await page.keyboard.press('p')
  await called(page, 'inbox.mark')
  expect(await last(page)).toEqual({ name: 'inbox.mark', input: { ...of('dc:2'), change: { pinned: false } } })
  await seeText(page, 'No longer pinned')
  await to(page, 'Ada Okafor')
  await page.keyboard.press('u')
  await called(page, 'inbox.markRead')
  expect(await last(page)).toEqual({ name: 'inbox.markRead', input: of('tg:1') })
  await page.keyboard.press('e')
  await called(page, 'inbox.mark', 2)
  expect(await last(page)).toEqual({ name: 'inbox.mark', input: { ...of('tg:1'), change: { archived: true } } })
  await seeText(page, 'Archived')
  // The row that came after it.
  await focusedIn(page, 'Build 4182')
  const off = await stage.set({ rows: [inbox, ada], settings: { shortcuts: false } })
  await to(off, 'Ada Okafor')
  for (const key of ['u', 'p', 'e', 's', 'm'] as const) await off.keyboard.press(key)
  expect((await callsOf(off)).filter(({ name }) => /mark/i.test(name))).toEqual([])
  expect(await off.$('[role=menu]')).toBeNull()
})

it('client:MRK4, MRK5, SNZ3 S and M open their times, by keyboard alone; Escape gives the row back', async () => {
  const page = await stage.set({ rows: [inbox, ada] })
  await to(page, 'Ada Okafor')
  await page.keyboard.press('s')
  await page.waitForSelector('[role=menu] [role=menuitem]:focus')
  // 14:10 on a Monday: it is three hours, the evening, tomorrow, and next Monday.
  expect(await page.$$eval('[role=menuitem]', (items) => items.map((item) => item.firstChild?.textContent))).toEqual([
    ...['In three hours', 'This evening', 'Tomorrow', 'Next Monday', 'Choose a time'],
  ])
  expect(await seriousFindings(page)).toEqual([])
  await page.keyboard.press('Escape')
  await focusedIn(page, 'Ada Okafor')
  await page.keyboard.press('s')
  await page.waitForSelector('[role=menuitem]:focus')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await called(page, 'inbox.mark')
  expect(await last(page)).toEqual({ name: 'inbox.mark', input: { ...of('tg:1'), change: { snoozedUntil: at('18:00') } } })
  await to(page, 'Build 4182')
  await page.keyboard.press('m')
  await page.waitForSelector('[role=menuitem]:focus')
  await page.keyboard.press('Enter')
  await called(page, 'inbox.mark', 2)
  expect(await last(page)).toEqual({ name: 'inbox.mark', input: { ...of('ci'), change: { mutedUntil: NOW + 3_600_000 } } })
})

it('client:SNZ3 a time of one’s own has to be still to come', async () => {
  const page = await stage.set({ rows: [inbox, ada] })
  await to(page, 'Ada Okafor')
  await page.keyboard.press('s')
  await page.locator('[role=menuitem]::-p-text(Choose a time)').click()
  await page.waitForSelector('dialog[open] input')
  expect(await page.$eval('dialog input', (input) => input.value)).toBe('2025-12-02T09:00')
  const choose = (value: string) =>
    page.$eval(
      'dialog input',
      (input, wanted) => {
        input.value = wanted
        input.dispatchEvent(new Event('input', { bubbles: true }))
      },
      value,
    )
  for (const past of ['2025-12-01T14:10', '']) {
    await choose(past)
    await seeText(page, 'Choose a time that is still to come.')
    expect(await page.$eval('dialog .btn-primary', (button) => (button as HTMLButtonElement).disabled)).toBe(true)
  }
  await choose('2025-12-24T08:30')
  await page.waitForSelector('dialog .btn-primary:not([disabled])')
  expect(await seriousFindings(page)).toEqual([])
  await page.click('dialog .btn-primary')
  await called(page, 'inbox.mark')
  const until = Date.UTC(2025, 11, 24, 8, 30)
  expect(await last(page)).toEqual({ name: 'inbox.mark', input: { ...of('tg:1'), change: { snoozedUntil: until } } })
  await page.waitForSelector('dialog', { hidden: true })
})

it('client:MRK5 the menu opens by the right button, by the button on a row, and in the conversation', async () => {
  const page = await stage.set({ rows: [inbox, ada, { marks }] })
  await page.waitForSelector('a.row')
  await page.locator('.row::-p-text(Ada Okafor)').click({ button: 'right' })
  await page.locator('[role=menuitem]::-p-text(Unmute)').click()
  await called(page, 'inbox.mark')
  expect(await last(page)).toEqual({ name: 'inbox.mark', input: { ...of('tg:1'), change: { mutedUntil: 0 } } })
  await page.hover('.row::-p-text(Ada Okafor)')
  await page.locator('button[aria-label^="Ada Okafor:"]').click()
  await page.locator('[role=menuitem]::-p-text(Pin)').click()
  await called(page, 'inbox.mark', 2)
  expect(await last(page)).toEqual({ name: 'inbox.mark', input: { ...of('tg:1'), change: { pinned: true } } })
  await page.locator('.row::-p-text(Ada Okafor)').click()
  await page.locator('button[aria-label="More: pin, snooze, mute, delete"]').click()
  await page.locator('[role=menuitem]::-p-text(Archive)').click()
  await called(page, 'inbox.mark', 3)
  expect(await last(page)).toEqual({ name: 'inbox.mark', input: { ...of('tg:1'), change: { archived: true } } })
  // Archived here, one is back in the list.
  await page.waitForFunction(() => location.hash === '' || location.hash === '#/')
})

it('client:MRK2 what is marked elsewhere leaves the list at once and comes back with a message', async () => {
  const page = await stage.set({ rows: [inbox, ada] })
  await to(page, '#ops-oncall')
  const told = () =>
    page.evaluate(() => {
      const changes = new BroadcastChannel('chaos-changes')
      for (const topic of ['marks', 'messages']) changes.postMessage({ topic, profileId: 'default' })
    })
  await addRows(page, { marks: [{ ...of('sl:1'), archived: ops.soFar }] })
  await told()
  await page.waitForFunction(() => ![...document.querySelectorAll('.row')].some((row) => row.textContent?.includes('#ops-oncall')))
  const row = inbox.conversations?.find(({ id }) => id === 'sl:1')
  if (!row) throw new Error('no conversation')
  await addRows(page, { conversations: [{ ...row, lastAt: NOW, lastMessageAt: NOW, unread: 4 }] })
  await told()
  await page.waitForFunction(() => document.querySelector('.row-name')?.textContent === '#ops-oncall')
})

it('client:TKO4 trying again asks for the same, and what came true meanwhile ends the question', async () => {
  const known = (takenOver: string[]) =>
    (inbox.channels as { id: string; config: object }[]).map((row) => ({ ...row, config: { ...row.config, takenOver } }))
  const answers = { 'channels.takeOver': 'The relay did not answer.' }
  const page = await stage.set({ rows: [{ ...inbox, channels: known([]) }, ada], answers, hash: '#/conversation/tg%3A1' })
  await page.locator('button[aria-label="More: pin, snooze, mute, delete"]').click()
  await page.locator('[role=menuitem]::-p-text(Take over from agents)').click()
  await seeText(page, 'The relay did not answer.')
  await page.locator('dialog[open] .dialog-actions .btn:last-child').click()
  await called(page, 'channels.takeOver', 2)
  const input = { profileId: 'default', channelId: 'tg', conversation: '1', on: true }
  expect((await callsOf(page)).filter(({ name }) => name === 'channels.takeOver')).toEqual(
    [1, 2].map(() => ({ name: 'channels.takeOver', input })),
  )
  await addRows(page, { channels: known(['1']) })
  await page.evaluate(() => new BroadcastChannel('chaos-changes').postMessage({ topic: 'channels', profileId: 'default' }))
  await page.waitForSelector('.taken-over')
  expect(await page.$('dialog[open]')).toBeNull()
})

it('client:OBS1 an observed channel has no reply box, says why, and lets one answer again', async () => {
  const page = await stage.set({ rows: [inbox, ada], settings: { observedChannels: ['tg', 'dc'] }, hash: '#/conversation/tg%3A1' })
  await seeText(page, 'You only observe trip-desk.')
  expect(await page.$('textarea')).toBeNull()
  expect(await seriousFindings(page)).toEqual([])
  await page.locator('button::-p-text(Switch replies on)').click()
  await called(page, 'settings.set')
  expect(await last(page)).toEqual({
    name: 'settings.set',
    input: { profileId: 'default', change: { observedChannels: ['dc'] } },
  })
})
