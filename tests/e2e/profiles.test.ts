import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/browser/axe.ts'
import { readStore } from '../support/browser/database.ts'
import { badge, badgeReads, openPopup, seeText } from '../support/browser/extension.ts'
import { ask, eventually, outside, startWorld, type World } from '../support/browser/world.ts'
import { type RelayProcess, startRelayProcess } from '../support/relayProcess.ts'

let world: World
let other: RelayProcess
let page: Page
let work = ''
const hooks: Record<string, string> = {}

beforeAll(async () => {
  ;[world, other] = await Promise.all([startWorld(), startRelayProcess()])
  page = await world.connected()
})
afterAll(async () => {
  await world.close()
  await other.close()
})

type Row = { profileId: string; content: string }
const contents = async (profileId: string) =>
  (await readStore<Row>(page, 'messages')).filter((row) => row.profileId === profileId).map(({ content }) => content)
const stateOf = async (profileId: string) =>
  (await readStore<{ profileId: string; state: string }>(page, 'connections')).find((row) => row.profileId === profileId)?.state
const isConnected = (profileId: string) =>
  eventually(page, async () => (await stateOf(profileId)) === 'connected' || (await stateOf(profileId)), `${profileId} to connect`)
async function press(on: Page, name: string): Promise<void> {
  await on.bringToFront()
  await on.locator(`::-p-aria([name="${name}"][role="button"])`).click()
}
const go = (hash: string) =>
  page.evaluate((place) => {
    location.hash = place
  }, hash)

async function addHook(profileId: string): Promise<void> {
  const made = await ask<{ webhookUrl: string }>(page, 'channels', 'addWebhook', { profileId, name: 'ci' })
  hooks[profileId] = outside(made.webhookUrl, world.relay)
}
const post = async (profileId: string, text: string) => {
  expect((await fetch(hooks[profileId] ?? '', { method: 'POST', body: text })).status).toBe(200)
  await eventually(page, async () => (await contents(profileId)).includes(text), `${text} to arrive`)
}
const shownIn = (popup: Page, name: string) =>
  popup.waitForFunction((wanted) => document.querySelector('.profile-name')?.textContent?.includes(wanted), { polling: 50 }, name)

describe('two profiles on two relays', () => {
  it('client:PRF1, PRF2, UIX2 a second one is made with a name and an address, gets its own key and session, and connects at once', async () => {
    await go('#/profiles')
    await seeText(page, '1 of 10')
    const [name, address] = await page.$$('[aria-labelledby="new-profile"] .field input')
    expect(await address?.evaluate((field) => (field as HTMLInputElement).value)).toBe('http://127.0.0.1:8787')
    await name?.type('Work Laptop')
    await seeText(page, 'It will be called work-laptop')
    await address?.evaluate((field) => (field as HTMLInputElement).select())
    await address?.type(other.url)
    await press(page, 'Create profile')
    await seeText(page, '2 of 10')
    await shownIn(page, 'work-laptop')
    const profiles = await readStore<{ id: string; name: string; relayUrl: string }>(page, 'profiles')
    work = profiles.find((profile) => profile.name === 'work-laptop')?.id ?? ''
    await isConnected(work)
    await isConnected('default')
    expect(new URL(page.url()).searchParams.get('profile')).toBe(work)
    const keys = await readStore<{ publicKey: { x: string } }>(page, 'identities')
    const sessions = await readStore<{ userId: string; origin: string }>(page, 'sessions')
    expect(new Set(keys.map(({ publicKey }) => publicKey.x)).size).toBe(2)
    expect(sessions.map(({ origin }) => origin).sort()).toEqual(['http://127.0.0.1:8787', other.url].sort())
    expect(await seriousFindings(page)).toEqual([])
  })

  it('client:PRF3, PRF4, INB2 both receive at once, nothing crosses, the badge counts both, and viewing one stops none', async () => {
    for (const id of ['default', work]) await addHook(id)
    await Promise.all([post('default', 'to home'), post(work, 'to work')])
    await badgeReads(page, '2')
    expect([await contents('default'), await contents(work)]).toEqual([['to home'], ['to work']])
    const popup = await openPopup(world.chromium)
    await shownIn(popup, 'work-laptop')
    await seeText(popup, 'to work')
    expect(await popup.evaluate(() => document.body.innerText)).not.toContain('to home')
    await post('default', 'home again')
    await popup.waitForFunction(
      () => document.querySelector('.profile-btn .count')?.textContent?.includes('2 unread in other profiles'),
      { polling: 50 },
    )
    await popup.close()
  })

  it('client:UIX1, UIX2, PRF3 the switcher names states and unread counts, works by keyboard, and each window keeps its own', async () => {
    const popup = await openPopup(world.chromium)
    await shownIn(popup, 'work-laptop')
    await popup.focus('.profile-btn')
    await popup.keyboard.press('Enter')
    await popup.waitForSelector('[role="menuitemradio"]:focus')
    const rows = await popup.$$eval('[role="menuitemradio"]', (all) => all.map((row) => `${row.ariaChecked} ${row.textContent}`))
    expect(rows).toEqual([
      expect.stringMatching(/^false HHome.*Connected.*2 unread$/),
      expect.stringMatching(/^true Wwork-laptop.*1 unread$/),
    ])
    expect(await popup.evaluate(() => document.activeElement?.ariaChecked)).toBe('true')
    expect(await seriousFindings(popup)).toEqual([])
    await popup.keyboard.press('ArrowUp')
    await popup.keyboard.press('Enter')
    await shownIn(popup, 'Home')
    await seeText(popup, 'home again')
    expect(await popup.evaluate(() => document.activeElement?.className)).toBe('profile-btn')
    expect(await popup.evaluate(() => document.body.innerText)).not.toContain('to work')
    // The page that was open before still shows the other, also after a reload; a new window shows what was chosen last.
    await page.reload()
    await shownIn(page, 'work-laptop')
    const fresh = await openPopup(world.chromium)
    await shownIn(fresh, 'Home')
    await fresh.close()
    expect([await stateOf('default'), await stateOf(work)]).toEqual(['connected', 'connected'])
    await popup.close()
  })

  it('client:PRF4 a link names its profile: the conversation of one is not shown in the other', async () => {
    const id = new URL(hooks[work] ?? '').pathname.split('/').at(-1) ?? ''
    const right = await openPopup(world.chromium, `?profile=${work}#/conversation/${encodeURIComponent(id)}`)
    await seeText(right, 'to work')
    const wrong = await openPopup(world.chromium, `?profile=default#/conversation/${encodeURIComponent(id)}`)
    await seeText(wrong, 'This conversation is not in this browser.')
    await Promise.all([right.close(), wrong.close()])
  })

  it('client:PRF3, SOC9 one is disconnected and connected again while the other goes on', async () => {
    await go('#/profiles')
    await press(page, 'Disconnect work-laptop')
    await eventually(page, async () => (await stateOf(work)) === 'stopped', 'work to stop')
    expect((await fetch(hooks[work] ?? '', { method: 'POST', body: 'while away' })).status).toBe(200)
    await post('default', 'meanwhile')
    expect(await contents(work)).not.toContain('while away')
    await press(page, 'Connect work-laptop')
    await eventually(page, async () => (await contents(work)).includes('while away'), 'what waited on the relay')
  })

  it('client:PRF1 a profile gets another name, which every page shows', async () => {
    const popup = await openPopup(world.chromium, `?profile=${work}`)
    await press(page, 'More: rename or delete work-laptop')
    await page.locator('[role="menuitem"]::-p-text(Rename)').click()
    await page.keyboard.type('Default')
    await page.keyboard.press('Enter')
    await seeText(page, 'There is a profile of this name already.')
    for (const _ of 'Default') await page.keyboard.press('Backspace')
    await page.keyboard.type('Day job')
    await page.keyboard.press('Enter')
    for (const one of [page, popup]) await shownIn(one, 'day-job')
    await popup.close()
  })
})

describe('one of two relays shows another key', () => {
  type Pin = { profileId: string; key: object }
  const pinOf = async (profileId: string) => (await readStore<Pin>(page, 'pins')).find((pin) => pin.profileId === profileId)?.key
  let pins: unknown[]

  it('client:PIN4, PRF3, INB2 that profile alone is blocked; its page names those that go on, and they do', async () => {
    pins = [await pinOf('default'), await pinOf(work)]
    const had = await contents(work)
    await other.kill()
    for (const name of readdirSync(other.dataDir)) rmSync(join(other.dataDir, name), { recursive: true })
    await other.start()
    await eventually(page, async () => (await stateOf(work)) === 'blocked' || (await stateOf(work)), 'work to be blocked')
    await badgeReads(page, '!')
    await go('#/profiles')
    await page.locator('.profile-card a::-p-text(See why)').click()
    await seeText(page, 'Other profiles keep working, each by a connection of its own: Home.')
    expect(await seriousFindings(page)).toEqual([])
    await post('default', 'while one is blocked')
    expect([await stateOf('default'), await stateOf(work)]).toEqual(['connected', 'blocked'])
    expect(await contents(work)).toEqual(had)
    const home = await openPopup(world.chromium, '?profile=default')
    await seeText(home, 'while one is blocked')
    expect(await home.$('.banner-fail')).toBeNull()
    await home.close()
  })

  it('client:PIN5, PRF4 trusting it changes the pin of that profile alone, and takes the ! away', async () => {
    await page.bringToFront()
    const typed = await page.$eval('.fp.changed', (print) => (print.textContent ?? '').slice(0, 8))
    await page.locator('.eight input').fill(typed)
    await press(page, 'Trust the new key')
    await isConnected(work)
    expect(await pinOf('default')).toEqual(pins[0])
    expect(await pinOf(work)).not.toEqual(pins[1])
    await eventually(page, async () => (await badge(page)) !== '!', 'the ! to go')
    await post(work, 'back at its address')
    await go('#/profiles')
  })
})

describe('deleting a profile', () => {
  const dialog = async () => {
    await press(page, 'More: rename or delete day-job')
    await page.locator('[role="menuitem"]::-p-text(Delete)').click()
    await page.waitForSelector('dialog[open]')
  }
  const confirmable = () => page.$eval('dialog[open] .btn-danger', (button) => !(button as HTMLButtonElement).disabled)
  const type = (text: string) => page.locator('dialog[open] .field input').fill(text)
  const confirm = () => page.locator('dialog[open] .btn-danger').click()

  it('client:PRF5 takes typing its name; with its relay away the relay’s part is refused, nothing is lost, and it goes on', async () => {
    await dialog()
    await type('day')
    expect(await confirmable()).toBe(false)
    await type('Day-Job')
    expect(await confirmable()).toBe(true)
    expect(await page.$eval('dialog[open]', (box) => (box as HTMLElement).innerText)).toContain('with its channel')
    expect(await seriousFindings(page)).toEqual([])
    await other.kill()
    await confirm()
    await page.waitForSelector('dialog[open] [role="alert"]')
    expect(await contents(work)).toContain('to work')
    await other.start()
    await page.locator('dialog[open] .dialog-actions .btn:first-child').click()
    await isConnected(work)
    await post(work, 'still here')
  })

  it('client:PRF5, PRF4 deletes what the relay keeps, then everything here; the other profile goes on, and windows show it', async () => {
    const popup = await openPopup(world.chromium, `?profile=${work}`)
    await shownIn(popup, 'day-job')
    await dialog()
    await type('day-job')
    await confirm()
    await page.waitForSelector('dialog', { hidden: true })
    for (const one of [page, popup]) await shownIn(one, 'Home')
    expect((await fetch(hooks[work] ?? '', { method: 'POST', body: 'too late' })).status).toBe(404)
    for (const store of ['profiles', 'identities', 'sessions', 'connections', 'messages', 'channels', 'vault'])
      expect(
        (await readStore<{ id?: string; profileId?: string }>(page, store)).filter((row) => (row.profileId ?? row.id) === work),
        store,
      ).toEqual([])
    await post('default', 'after')
    expect(await contents('default')).toEqual(expect.arrayContaining(['to home', 'after']))
    await badgeReads(page, String((await contents('default')).length))
    await popup.close()
  })

  it('client:PRF5, CRG1 deleting the last one starts afresh: another key, another session, connected', async () => {
    const before = await readStore<{ userId: string }>(page, 'sessions')
    await press(page, 'More: rename or delete Home')
    await page.locator('[role="menuitem"]::-p-text(Delete)').click()
    await page.waitForSelector('dialog[open]')
    await type('home')
    await page.locator('dialog[open] input[type="checkbox"]').click()
    await confirm()
    await page.waitForSelector('dialog', { hidden: true })
    await eventually(page, async () => (await readStore(page, 'sessions')).length === 1, 'a new session')
    await isConnected('default')
    expect(await readStore<{ userId: string }>(page, 'sessions')).not.toEqual(before)
    expect(await contents('default')).toEqual([])
    // The box was not ticked: the relay kept its part.
    expect((await fetch(hooks.default ?? '', { method: 'POST', body: 'to nobody' })).status).toBe(200)
    await badgeReads(page, '')
  })
})
