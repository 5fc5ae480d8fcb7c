import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/browser/axe.ts'
import { type Chromium, launchChromium } from '../support/browser/chromium.ts'
import { readStore } from '../support/browser/database.ts'
import { openOptions, seeText } from '../support/browser/extension.ts'
import { addWebhook, ask, connectionIs, eventually, outside, startWorld, type World } from '../support/browser/world.ts'

declare const chrome: { storage?: { local: { get(): Promise<object> }; session: { get(): Promise<object> } } }

let world: World
let second: Chromium
let page: Page
let other: Page
let words: string[]
let hook: string

beforeAll(async () => {
  world = await startWorld()
  second = await launchChromium({ relayPort: world.relay.port, width: 420 })
  page = await world.connected()
})
afterAll(async () => {
  await second?.close()
  await world.close()
})

async function press(on: Page, name: string): Promise<void> {
  await on.bringToFront()
  await on.locator(`::-p-aria([name="${name}"][role="button"])`).click()
}
const go = (on: Page, hash: string) =>
  on.evaluate((place) => {
    location.hash = place
  }, hash)
const shown = () => page.$$eval('.phrase .mono', (all) => all.map((word) => word.textContent ?? ''))
const userIds = async (on: Page) => (await readStore<{ userId: string }>(on, 'sessions')).map(({ userId }) => userId)
const contents = async (on: Page) => (await readStore<{ content: string }>(on, 'messages')).map(({ content }) => content)
const fill = (on: Page, text: string) => on.locator('[aria-labelledby="import"] textarea').fill(text)
const find = (on: Page) => press(on, 'Find the identity')

/** Types the three words asked for; `wrong` makes the last one another. */
async function answer(wrong = false): Promise<void> {
  await page.waitForSelector('.asked')
  const places = await page.$$eval('.asked .label', (all) => all.map((label) => Number(/\d+/.exec(label.textContent ?? '')?.[0])))
  for (const [index, place] of places.entries()) {
    const field = (await page.$$('.asked input'))[index]
    await field?.evaluate((input) => (input as HTMLInputElement).select())
    await field?.type(wrong && index === 2 ? 'zebra' : (words[place - 1] ?? '').toUpperCase())
  }
  await page.keyboard.press('Enter')
}

/** Everything the extension keeps or shows, as text. */
async function everything(): Promise<string> {
  const stores = ['profiles', 'identities', 'sessions', 'settings', 'channels', 'drafts', 'quarantine', 'vault']
  const rows = await Promise.all(stores.map((store) => readStore(page, store)))
  const rest = await page.evaluate(async () => [
    document.documentElement.outerHTML,
    [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value),
    { ...localStorage },
    { ...sessionStorage },
    await chrome.storage?.local.get(),
    await chrome.storage?.session.get(),
  ])
  return JSON.stringify([rows, rest])
}

describe('a recovery phrase', () => {
  it('client:PHR1, PHR3, UIX1 is shown once, and three of its words are asked before anything is made', async () => {
    await go(page, '#/profiles')
    await page.locator('[aria-labelledby="new-profile"] .field input').fill('paper')
    await page.locator('[aria-labelledby="new-profile"] .option-line:nth-of-type(2) input').click()
    await press(page, 'Create profile')
    await page.waitForSelector('.phrase')
    const twelve = await shown()
    expect(twelve).toHaveLength(12)
    await page.locator('dialog[open] .chip-choice:last-child input').click()
    await page.waitForFunction(() => document.querySelectorAll('.phrase li').length === 24)
    expect((await shown()).slice(0, 12)).not.toEqual(twelve)
    await page.locator('dialog[open] .chip-choice:first-child input').click()
    await page.waitForFunction(() => document.querySelectorAll('.phrase li').length === 12)
    words = await shown()
    expect(words).not.toEqual(twelve)
    expect(await seriousFindings(page)).toEqual([])
    await press(page, 'I wrote them down')
    await answer(true)
    await page.waitForSelector('.asked .field.err')
    await seeText(page, 'Not as shown:')
    expect(await readStore(page, 'profiles')).toHaveLength(1)
    expect(await seriousFindings(page)).toEqual([])
    await press(page, 'Back to the words')
    await page.waitForSelector('.phrase')
    expect(await shown()).toEqual(words)
    await press(page, 'I wrote them down')
    await answer()
    await page.waitForSelector('dialog', { hidden: true })
    await seeText(page, 'Key with recovery phrase')
  })

  it('client:PHR1, PHR4, IDN2 nothing of it is kept or left in the page; its key cannot leave and is marked', async () => {
    const profiles = await readStore<{ id: string; name: string }>(page, 'profiles')
    const id = profiles.find(({ name }) => name === 'paper')?.id ?? ''
    await eventually(page, async () => (await userIds(page)).length === 2, 'its session')
    const text = await everything()
    expect(text).not.toContain(words.slice(0, 3).join(' '))
    for (const word of words.filter((one) => one.length > 6)) expect(text.includes(`"${word}"`), word).toBe(false)
    await go(page, '#/security')
    await seeText(page, 'Backed up by phrase')
    expect(await page.$('[aria-labelledby="export"]')).toBeNull()
    const made = await ask<{ webhookUrl: string }>(page, 'channels', 'addWebhook', { profileId: id, name: 'ci' })
    hook = outside(made.webhookUrl, world.relay)
    expect((await fetch(hook, { method: 'POST', body: 'before the loss' })).status).toBe(200)
    await eventually(page, async () => (await contents(page)).includes('before the loss'), 'the message')
  })

  it('client:PHR6 in another browser a wrong word is named with the one meant, a wrong order is said, and nothing changes', async () => {
    other = await openOptions(second, '#/profiles')
    await connectionIs(other, 'connected')
    const before = await userIds(other)
    await other.bringToFront()
    await other.locator('[aria-labelledby="import"] .chip-choice:last-child input').click()
    await fill(other, words.slice(0, 11).join(' '))
    await find(other)
    await seeText(other, 'There are 11 words.')
    const swapped = [words[1], words[0], ...words.slice(2)]
    await fill(other, swapped.join(' '))
    await find(other)
    // One order in sixteen fits by chance: then it is another key, and the dialog asks.
    const outcome = await other.waitForSelector('.phrase-trouble, dialog[open]')
    if (await outcome?.evaluate((element) => element.tagName === 'DIALOG')) await press(other, 'Cancel')
    else await seeText(other, 'All words are on the list, but they do not belong together.')
    await fill(
      other,
      words
        .with(4, `${words[4]}q`)
        .map((word, index) => `${index + 1}. ${word}`)
        .join('\n'),
    )
    await find(other)
    await seeText(other, `Word 5, “${words[4]}q”, is not one of the list.`)
    expect(await seriousFindings(other)).toEqual([])
    expect(await userIds(other)).toEqual(before)
    await other.locator(`.phrase-trouble .btn::-p-text(${words[4]})`).click()
    await other.waitForSelector('.phrase-trouble', { hidden: true })
    expect(await other.$eval('[aria-labelledby="import"] textarea', (field) => (field as HTMLTextAreaElement).value)).toContain(
      `5. ${words[4]}\n6. `,
    )
  })

  it('client:PHR5 the words make the same user on the same relay, with what the relay kept, in a profile of its own', async () => {
    const paper = (await readStore<{ profileId: string; userId: string }>(page, 'sessions')).find(
      ({ profileId }) => profileId !== 'default',
    )?.userId
    const before = await userIds(other)
    await find(other)
    await other.waitForSelector('dialog[open]')
    expect(await seriousFindings(other)).toEqual([])
    await other.locator('dialog[open] .option-line:nth-of-type(1) input').click()
    await other.locator('dialog[open] .field input').fill('found again')
    await other.locator('dialog[open] .dialog-actions .btn:last-child').click()
    await seeText(other, 'found-again')
    await eventually(other, async () => (await userIds(other)).includes(paper ?? '') || (await userIds(other)), 'the same user')
    expect(await userIds(other)).toEqual(expect.arrayContaining([...before, paper]))
    await eventually(other, async () => (await contents(other)).includes('before the loss'), 'what the relay kept')
    expect((await fetch(hook, { method: 'POST', body: 'after it' })).status).toBe(200)
    for (const one of [page, other]) await eventually(one, async () => (await contents(one)).includes('after it'), 'a new message')
  })

  it('client:PHR6, IDN7 the words of a key that is here already are refused', async () => {
    await other.locator('[aria-labelledby="import"] .chip-choice:last-child input').click()
    await fill(other, words.join(' '))
    await find(other)
    await seeText(other, 'A profile of this browser already uses this identity.')
  })

  it('client:PHR4, IDN6 a profile moves from a key without backup to one of a phrase, with its channels', async () => {
    await go(page, '#/security')
    const home = await openOptions(world.chromium, '?profile=default#/security')
    const { url } = await addWebhook(home, 'home')
    const was = (await readStore<{ profileId: string; userId: string }>(home, 'sessions')).find(
      (one) => one.profileId === 'default',
    )
    await page.close()
    page = home
    await press(page, 'Move to a key with backup')
    await page.waitForSelector('dialog[open] [type="radio"]:checked')
    await page.locator('dialog[open] .dialog-actions .btn:last-child').click()
    await page.waitForSelector('.phrase')
    words = await shown()
    await press(page, 'I wrote them down')
    await answer()
    await seeText(page, 'Backed up by phrase')
    const now = async () =>
      (await readStore<{ profileId: string; userId: string }>(page, 'sessions')).find((one) => one.profileId === 'default')
    await eventually(page, async () => ![undefined, was?.userId].includes((await now())?.userId), 'another user')
    await eventually(
      page,
      async () => (await fetch(outside(url, world.relay), { method: 'POST', body: 'moved' })).ok,
      'its webhook',
    )
    await eventually(page, async () => (await contents(page)).includes('moved'), 'its message')
  })
})
