import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/fake.ts'
import { readStore } from '../support/browser/database.ts'
import { openOptions, seeText } from '../support/browser/extension.ts'
import { pasteInto } from '../support/browser/pasteBox.ts'
import { ask, eventually, startWorld, type World } from '../support/browser/world.ts'

let world: World
let telegram: FakeTelegram
let page: Page

beforeAll(async () => {
  telegram = await startFakeTelegram()
  // Nothing listens where Discord should be.
  world = await startWorld({ env: { CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot, CHAOS_DISCORD_API_ROOT: 'http://127.0.0.1:9' } })
  page = await world.connected()
})
afterAll(async () => {
  await world.close()
  await telegram.close()
})

const paste = (text: string) => pasteInto(page, text)
const press = (name: string) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click()
const boxValue = () => page.$eval('.paste-box input', (box) => (box as HTMLInputElement).value)
/** The row of a new channel can be there before the answer that empties the box. */
const boxEmptied = () => page.waitForFunction(() => document.querySelector<HTMLInputElement>('.paste-box input')?.value === '')
const channels = () => readStore<{ id: string; config: { direction: string; name?: string; enabled: boolean } }>(page, 'channels')
const details = async (name: string) => {
  const closed = await page.$(`button[aria-label="Details of ${name}"][aria-expanded="false"]`)
  await closed?.click()
}

describe('a webhook', () => {
  it('client:CON1, WIZ5 is added by its name, shows its address and example, and a test message travels the whole way', async () => {
    await page.locator('.paste-box input').fill('webhook ci')
    await seeText(page, 'A webhook named “ci”.')
    await page.keyboard.press('Enter')
    await seeText(page, 'Webhook made: ci')
    await page.waitForFunction(() => document.activeElement?.textContent === 'Webhook')
    const shown = await page.$eval('.wizard', (card) => (card as HTMLElement).innerText)
    expect(shown).toContain('http://127.0.0.1:8787/webhook/')
    expect(shown).toContain("curl 'http://127.0.0.1:8787/webhook/")
    expect(shown).toContain('One-way unless you switch replies on. Senders read them at http://127.0.0.1:8787/responses/')
    await press('Send a test message')
    await seeText(page, 'Arrived after')
    const messages = await readStore<{ content: string }>(page, 'messages')
    expect(messages.map(({ content }) => content)).toEqual(['This is a test message. Your webhook works.'])
    expect(await boxValue()).toBe('')
    await page.locator('.wizard-head button').click()
    await page.waitForSelector('.wizard', { hidden: true })
  })

  it('client:CHN1 is renamed in place and switched to two-way, each time sending only what changed', async () => {
    await details('ci')
    await press('Change Name of ci')
    await page.locator('input[aria-label="Name"]').fill('builds')
    await page.keyboard.press('Enter')
    await page.waitForSelector('button[aria-label="Details of builds"]')
    await page.locator('label.switch::-p-text(Replies on)').click()
    await eventually(page, async () => (await channels())[0]?.config.direction === 'bidirectional', 'two-way')
    expect((await channels())[0]?.config).toMatchObject({ name: 'builds', direction: 'bidirectional', enabled: true })
    expect(await page.$('.channel .tag::-p-text(One-way)')).toBeNull()
  })

  it('client:CHN2 asks before it is removed, says what stops, starts on Cancel, and is gone afterwards', async () => {
    await details('builds')
    await press('Remove channel')
    await page.waitForSelector('dialog[open]')
    const asked = await page.$eval('dialog', (dialog) => dialog.innerText)
    expect(asked).toContain('Remove “builds”?')
    expect(asked).toContain('Its address stops working at once')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel')
    await page.keyboard.press('Escape')
    await page.waitForSelector('dialog', { hidden: true })
    expect(await channels()).toHaveLength(1)
    await press('Remove channel')
    await page.locator('dialog .btn-danger').click()
    await seeText(page, 'No channels yet')
    expect(await channels()).toEqual([])
    expect(await page.$('::-p-text(is gone from the relay)')).toBeNull()
  })

  it('client:CHN2 one removed elsewhere leaves the list with a note', async () => {
    for (const name of ['stays', 'goes']) await ask(page, 'channels', 'addWebhook', { profileId: 'default', name })
    await page.waitForSelector('button[aria-label="Details of goes"]')
    const other = await openOptions(world.chromium)
    const gone = (await channels()).find(({ config }) => config.name === 'goes')
    await ask(other, 'channels', 'remove', { profileId: 'default', channelId: gone?.id })
    await other.close()
    await seeText(page, '“goes” is gone from the relay')
    await press('Dismiss')
    expect(await page.$('::-p-text(is gone from the relay)')).toBeNull()
  })
})

describe('a Telegram bot', () => {
  it('client:CON8, WIZ1 a pasted token is hidden, a refused one stays in the box with the reason beside it', async () => {
    const wrong = '7204518893:AAHq7examplexexamplexexamplexxQ4'
    await paste(`  "${wrong}"\n`)
    await seeText(page, 'Looks like a Telegram token')
    expect(await boxValue()).toContain('7204518893:AAH••••••••••xQ4')
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain(wrong)
    await press('Add Telegram channel')
    await seeText(page, 'Telegram does not know this token')
    expect(await boxValue()).toContain('AAH••••••••••xQ4')
    await press('Clear')
    expect(await boxValue()).toBe('')
  })

  it('client:WIZ1, WIZ6, WIZ8 shows the code to send, and turns done by itself when it was sent', async () => {
    await paste(telegram.bot.token)
    await press('Add Telegram channel')
    await page.waitForSelector('.pair-code output')
    await boxEmptied()
    const code = (await page.$eval('.pair-code output', (output) => output.textContent)) ?? ''
    expect(code).toMatch(/^[0-9A-Z]{8}$/)
    const link = await page.$eval('.wizard a.btn-primary', (anchor) => (anchor as HTMLAnchorElement).href)
    expect(link).toBe(`https://t.me/ada_relay_bot?start=${code}`)
    expect(await page.$('svg.qr')).not.toBeNull()
    expect(await page.$eval('[role=timer]', (timer) => timer.textContent)).toMatch(/^1[45]:\d\d left$/)
    telegram.user('Ada').send(code)
    await seeText(page, 'Paired. What you send to @ada_relay_bot arrives here.')
    await seeText(page, 'All done')
    await press('Done')
    await page.waitForSelector('.wizard', { hidden: true })
  })

  it('client:WIZ6, relay:PAIR5 another person can be paired with a new code, and the old one stays', async () => {
    await details('@ada_relay_bot')
    await press('Pair another person')
    await page.waitForSelector('.pair-code output')
    const code = (await page.$eval('.pair-code output', (output) => output.textContent)) ?? ''
    telegram.user('Tomás').send(code)
    await seeText(page, 'Paired. What you send to')
    await press('Done')
    await page.waitForFunction(() => document.querySelectorAll('.tag-edit').length === 2)
  })

  it('client:CHN1 allowed users are taken away one by one', async () => {
    await page.locator('.tag-edit .tag-x').click()
    await page.waitForFunction(() => document.querySelectorAll('.tag-edit').length === 1)
    const allowed = async () => {
      await ask(page, 'channels', 'refresh', { profileId: 'default' })
      const stored = await readStore<{ config: { metadata: { allowedUsers?: string[] } } }>(page, 'channels')
      return stored.flatMap(({ config }) => config.metadata.allowedUsers ?? []).length
    }
    await eventually(page, async () => (await allowed()) === 1, 'the relay to agree')
    expect(await page.$$eval('.tag-edit', (tags) => tags.length)).toBe(1)
  })

  it('client:WIZ7 closing a wizard keeps its step in the list until it is dismissed', async () => {
    const second = telegram.addBot('okafor_home_bot')
    await paste(second.token)
    await press('Add Telegram channel')
    await page.waitForSelector('.pair-code output')
    await boxEmptied()
    await press('Close. The step stays in this list')
    await seeText(page, '1 step left')
    await press('Continue')
    await page.waitForSelector('.pair-code output')
    await press('Close. The step stays in this list')
    await press('Forget this step')
    await page.waitForFunction(() => !document.querySelector('#finish'))
  })
})

it('client:CON7 what is not understood is not sent, and the sentence says what to try', async () => {
  await page.locator('.paste-box input').fill('webhookfoo')
  await page.keyboard.press('Enter')
  await seeText(page, "Couldn't tell what that is. Try: telegram <token>")
  expect(await boxValue()).toBe('webhookfoo')
  await press('Clear')
})

it('client:CON4 half of a Slack pair asks for the other half, and is not sent', async () => {
  await paste('xapp-1-A0123456789-abcdefghij')
  await seeText(page, 'That is the app-level token. Paste the bot token (xoxb-…) too')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.querySelector('.hint-fail')?.textContent?.includes('app-level token'))
  await press('Clear')
})

it('client:CON3 a Discord token is recognised, and what Discord says about it stands beside the box, which keeps it', async () => {
  await paste('MTAxMjM0NTY3ODkwMTIzNDU2.Gx3k_a.ex4mple-ex4mple_ex4mple')
  await seeText(page, 'Looks like a Discord token.')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.querySelector('.hint-fail')?.textContent?.includes('Discord registration failed'))
  expect(await boxValue()).toContain('MTA')
  await press('Clear')
})
