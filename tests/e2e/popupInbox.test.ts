import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/browser/axe.ts'
import { popupUrl, seeText } from '../support/browser/extension.ts'
import { ada, at, connection, inbox, message, NOW } from '../support/browser/previewData.ts'
import { addRows } from '../support/browser/stageRows.ts'
import { callsOf, type OpenStage, openStage } from '../support/browser/uiPreview.ts'

let stage: OpenStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const focused = () => document.activeElement?.textContent ?? ''

describe('the list', () => {
  it('client:INB1, UIX2 shows each conversation with channel, name, newest words, time and what is unread', async () => {
    const page = await stage.set({ rows: [inbox, ada] })
    await page.waitForSelector('a.row')
    const row = await page.$eval('.row', (element) => (element as HTMLElement).innerText)
    expect(row).toContain('Telegram')
    expect(row).toContain('Ada Okafor')
    expect(row).toContain('Can you also move the hotel to Friday?')
    expect(row).toContain('2 unread')
    const failed = await page.$eval('.row .is-fail', (element) => (element as HTMLElement).innerText)
    expect(failed).toContain('Not sent: Tomás blocked the bot')
    await seeText(page, '0.9 ships on Thursday with…')
  })

  it('client:UIX2 follows a change of another context within a second', async () => {
    const page = await stage.set({ rows: [inbox, ada] })
    await page.waitForSelector('a.row')
    const [first] = inbox.conversations ?? []
    if (!first) throw new Error('no conversation')
    await addRows(page, { conversations: [{ ...first, id: 'tg:9', title: 'Nadia Petrova', lastAt: NOW, unread: 1 }] })
    await page.evaluate(() =>
      new BroadcastChannel('chaos-changes').postMessage({ topic: 'messages', profileId: 'default', conversationId: 'tg:9' }),
    )
    await seeText(page, 'Nadia Petrova', 1_000)
  })

  it('client:SRC4 is narrowed to unread, not sent, one channel or files; each filter that is on has a chip that takes it off', async () => {
    const page = await stage.set({ rows: [inbox, ada] })
    await page.waitForSelector('a.row')
    await page.locator('.chip::-p-text(Unread)').click()
    await page.waitForFunction(() => document.querySelectorAll('.row').length === 3)
    await page.locator('.chip::-p-text(Not sent)').click()
    await page.waitForFunction(() => document.querySelectorAll('.row').length === 2)
    expect(await page.$$eval('.row-name', (names) => names.map((name) => name.textContent))).toEqual(['Ada Okafor', 'Tomás Rivera'])
    await page.locator('.chip::-p-text(All)').click()
    await page.locator('button[aria-label="More filters"]').click()
    await page.locator('[role=menuitemradio]::-p-text(Slack, work)').click()
    await page.waitForFunction(() => document.querySelectorAll('.row').length === 2)
    expect(await page.$eval('.filters .chip:first-child', (chip) => chip.textContent)).toContain('Slack, work')
    // By keyboard: out of the menu comes the list of files, and the chip takes it off again.
    await page.locator('.chip::-p-text(Slack, work)').click()
    await page.focus('button[aria-label="More filters"]')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'menuitemradio')
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelector('.row')?.getAttribute('href')?.split('/').length === 4)
    expect(await page.$eval('.row-preview', (line) => line.textContent)).toContain('Lisbon itinerary.pdf')
    await page.locator('.chip::-p-text(With files)').click()
    await page.waitForFunction(() => document.querySelectorAll('.row').length > 5)
  })

  it('client:SRC1, SRC2 searches every stored message while typing, however it is written, and says how many it looked through', async () => {
    const page = await stage.set({ rows: [inbox, ada] })
    await page.waitForSelector('a.row')
    await page.keyboard.press('/')
    await page.keyboard.type('SNÄPshots')
    await page.waitForFunction(() => document.querySelectorAll('.row').length === 1)
    expect(await page.$eval('.row mark', (mark) => mark.textContent)).toBe('snapshots')
    expect(await page.$eval('.row', (row) => row.getAttribute('href'))).toBe('#/conversation/sl%3A1/m-ops')
    await page.keyboard.type('zzz')
    await seeText(page, 'Nothing for “SNÄPshotszzz”')
    // Four of theirs and seven of ours.
    await seeText(page, 'Searched 11 messages.')
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.querySelectorAll('.row').length > 5)
  })

  it('client:SRC3, SRC4 a search is narrowed by what is typed, by what is chosen, and by the chips above', async () => {
    const page = await stage.set({ rows: [inbox, ada] })
    await page.waitForSelector('a.row')
    await page.keyboard.press('/')
    await page.keyboard.type('the')
    await page.waitForFunction(() => document.querySelectorAll('.row').length > 2)
    await page.locator('button[aria-label="Narrow the search"]').click()
    await page.locator('[role=menuitem]::-p-text(In a channel)').click()
    await page.waitForFunction(() => document.activeElement?.matches('input[type=search]'))
    await page.keyboard.type('slack')
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.row')].every((row) => row.getAttribute('href')?.startsWith('#/conversation/sl%3A')),
    )
    expect(await page.$eval('input', (box) => box.value)).toBe('the in:slack')
    await page.locator('.chip::-p-text(Not sent)').click()
    await seeText(page, 'Nothing for “the in:slack”')
    await page.keyboard.press('/')
    await page.keyboard.type(' is:late')
    await seeText(page, 'Not a filter - is:late')
    expect(await seriousFindings(page)).toEqual([])
  })

  it('client:INB3, UIX1 a search result, theirs or ours, opens the conversation there, marked and with the keyboard', async () => {
    const page = await stage.set({ rows: [inbox, ada] })
    await page.waitForSelector('a.row')
    await page.keyboard.press('/')
    await page.keyboard.type('map hotel')
    await page.waitForFunction(
      () => document.querySelector('.row .row-preview')?.textContent === 'You: Here is the map to the hotel.',
    )
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.matches('[data-spot]') && document.querySelector('.own.marked'))
    expect(await page.evaluate(focused)).toContain('Here is the map to the hotel.')
    expect(await page.evaluate(() => location.hash)).toBe('#/conversation/tg%3A1/ours/r2')
  })

  it('client:UIX1 works by keyboard: J and K move, Enter opens, Escape comes back to the row it came from', async () => {
    const page = await stage.set({ rows: [inbox, ada] })
    await page.waitForSelector('a.row')
    await page.keyboard.press('j')
    expect(await page.evaluate(focused)).toContain('Ada Okafor')
    await page.keyboard.press('j')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('k')
    expect(await page.evaluate(focused)).toContain('#ops-oncall')
    expect(await page.$$eval('.row[tabindex="0"]', (rows) => rows.length)).toBe(1)
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-thread]')
    await page.keyboard.press('r')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.activeElement?.textContent?.includes('#ops-oncall'))
  })

  it('client:UIX1 reaches the last of 2,000 conversations by keyboard', async () => {
    const [first] = inbox.conversations ?? []
    if (!first) throw new Error('no conversation')
    const many = Array.from({ length: 2_000 }, (_, n) => ({
      ...first,
      id: `tg:n${n}`,
      title: `Person ${n}`,
      lastAt: at('09:00') - n,
    }))
    const page = await stage.set({ rows: [{ ...inbox, conversations: many }] })
    await page.waitForSelector('a.row')
    expect(await page.$$eval('.row', (rows) => rows.length)).toBeLessThan(60)
    await page.keyboard.press('j')
    await page.keyboard.press('End')
    await page.waitForFunction(() => document.activeElement?.textContent?.includes('Person 1999'))
  })

  it('lists the keys, and single letters can be switched off', async () => {
    const page = await stage.set({ rows: [inbox, ada] })
    await page.waitForSelector('a.row')
    await page.keyboard.press('?')
    await page.waitForSelector('dialog[open]')
    await page.locator('dialog [role=switch]').click()
    expect((await callsOf(page)).at(-1)).toEqual({
      name: 'settings.set',
      input: { profileId: 'default', change: { shortcuts: false } },
    })
    const off = await stage.set({ rows: [inbox, ada], settings: { shortcuts: false } })
    await off.waitForSelector('a.row')
    await off.keyboard.press('j')
    expect(await off.evaluate(() => document.activeElement?.tagName)).toBe('BODY')
  })

  it('client:INB4 asks about notifications once, on the first run', async () => {
    const page = await stage.set({ rows: [inbox, ada], settings: { notifications: 'ask' } })
    await page.locator('button::-p-text(Show notifications)').click()
    expect((await callsOf(page)).at(-1)).toEqual({
      name: 'settings.set',
      input: { profileId: 'default', change: { notifications: 'on' } },
    })
    const asked = await stage.set({ rows: [inbox, ada], settings: { notifications: 'off' } })
    await asked.waitForSelector('a.row')
    expect(await asked.$('::-p-text(Show a notification)')).toBeNull()
  })

  it('client:CDD6 says which gap the relay left, until the reader has taken note', async () => {
    const gaps = [{ profileId: 'default', id: 'g1', at: NOW, count: 12, dismissed: 0 }]
    const page = await stage.set({ rows: [inbox, ada, { gaps }] })
    await seeText(page, '12 messages were removed by the relay before they reached you.')
    await page.locator('button::-p-text(Got it)').click()
    expect((await callsOf(page)).at(-1)).toEqual({ name: 'chores.dismissGap', input: { profileId: 'default', id: 'g1' } })
  })

  it('client:UIX3 begins with the paste box, which says live what it takes the text for', async () => {
    const page = await stage.set({ rows: [{ profiles: inbox.profiles ?? [], connections: [connection()] }] })
    await seeText(page, 'Add your first channel')
    await page.locator('.first-box input').fill('webhook ci')
    await seeText(page, 'A webhook named “ci”')
    expect(await seriousFindings(page)).toEqual([])
  })

  for (const dark of [false, true])
    it(`client:UIX1 has no serious accessibility finding, ${dark ? 'dark' : 'light'}`, async () => {
      const page = await stage.set({ rows: [inbox, ada], dark, settings: { notifications: 'ask' } })
      await page.waitForSelector('a.row')
      expect(await seriousFindings(page)).toEqual([])
    })

  it('shows placeholders only when reading takes longer than 150 ms', async () => {
    const page = await stage.set({ rows: [inbox], hang: true })
    await page.waitForSelector('[aria-busy=true] .skeleton')
    expect(page.url()).toBe(popupUrl())
  })
})

it('client:PRF4 shows nothing of another profile', async () => {
  const [first] = inbox.conversations ?? []
  if (!first) throw new Error('no conversation')
  const other = { ...first, profileId: 'work', id: 'tg:other', title: 'Someone else', lastAt: NOW }
  const page = await stage.set({
    rows: [
      inbox,
      { conversations: [other], messages: [{ ...message('mo', 'tg:other', 'a secret elsewhere', NOW), profileId: 'work' }] },
    ],
  })
  await page.waitForSelector('a.row')
  expect(await page.$('::-p-text(Someone else)')).toBeNull()
  await page.keyboard.press('/')
  await page.keyboard.type('secret elsewhere')
  await seeText(page, 'Nothing for “secret elsewhere”')
})
