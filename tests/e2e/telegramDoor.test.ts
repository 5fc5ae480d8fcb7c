import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../scripts/setup/paths.mjs'
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/fake.ts'
import { readStore } from '../support/browser/database.ts'
import { openPopup, seeText } from '../support/browser/extension.ts'
import { eventually, startWorld, type World } from '../support/browser/world.ts'

const photo = readFileSync(join(root, 'public', 'icon', '48.png'))

let world: World
let telegram: FakeTelegram
let ada: ReturnType<FakeTelegram['user']>
let popup: Page

beforeAll(async () => {
  telegram = await startFakeTelegram()
  world = await startWorld({ env: { CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot } })
  ada = telegram.user('Ada', 'ada')
})
afterAll(async () => {
  await world.close()
  await telegram.close()
})

const answer = async (text: string) => {
  await popup.locator('textarea').fill(text)
  await popup.locator('textarea').click()
  await popup.keyboard.press('Enter')
}
const lastReply = async () =>
  (await readStore<{ state: string; reason?: string; createdAt: number }>(popup, 'replies')).sort(
    (a, b) => b.createdAt - a.createdAt,
  )[0]

describe('Telegram from end to end', () => {
  it('client:CON2, WIZ1, WIZ6 and relay:PAIR2, PAIR3 a pasted token becomes a bot, paired by its code', async () => {
    const options = await world.connected()
    await options.locator('.paste-box input').fill(telegram.bot.token)
    await seeText(options, 'Looks like a Telegram token')
    await options.keyboard.press('Enter')
    await options.waitForSelector('.pair-code output')
    const code = (await options.$eval('.pair-code output', (output) => output.textContent)) ?? ''
    ada.send(`/start ${code}`)
    await seeText(options, 'Paired.')
    expect((await telegram.nextSent()).text).toMatch(/^You are paired/)
    await options.close()
  })

  it('relay:TG7 and client:CAT1, CAT2 a photo with a caption is shown in the popup', async () => {
    ada.sendPhoto({ bytes: photo, caption: 'The view from *here*' })
    popup = await openPopup(world.chromium)
    await seeText(popup, 'The view from here')
    await popup.locator('a.row').click()
    const image = await popup.waitForSelector('.picture img')
    const natural = await image?.evaluate(async (element) => {
      await (element as HTMLImageElement).decode()
      return (element as HTMLImageElement).naturalWidth
    })
    expect(natural).toBe(48)
    expect(await image?.evaluate((element) => (element as HTMLImageElement).src.startsWith('blob:chrome-extension://'))).toBe(true)
  })

  it('relay:TG9, TG11 and client:CRP3 the popup’s answer reaches the chat rendered, and its ticks say so', async () => {
    await seeText(popup, 'Replying to')
    await answer('It is **lovely**, and `1 < 2`')
    const sent = await telegram.nextSent()
    expect(sent).toMatchObject({
      source: 'It is <b>lovely</b>, and <code>1 &lt; 2</code>',
      text: 'It is lovely, and 1 < 2',
      parseMode: 'HTML',
    })
    await popup.waitForSelector('.own .is-sent')
  })

  it('relay:TG8 and client:EDT1 what somebody corrects is corrected in the open conversation', async () => {
    const sent = ada.send('See you at five')
    await seeText(popup, 'See you at five')
    ada.edit(sent, 'See you at six')
    await seeText(popup, 'See you at six')
    expect(await popup.$eval('.thread', (thread) => thread.textContent)).not.toContain('See you at five')
    await popup.locator('.bubble .meta button').click()
    await seeText(popup, 'See you at five')
  })

  it('relay:TG10 a long answer arrives in parts, none over 4096 characters and none missing', async () => {
    const words = Array.from({ length: 1_500 }, (_, index) => `word${index}`).join(' ')
    await answer(words)
    const parts: string[] = []
    while (!parts.join(' ').includes('word1499')) parts.push(String((await telegram.nextSent()).text))
    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(4096)
    expect(parts.join(' ').split(/\s+/)).toEqual(words.split(' '))
  })

  it('relay:TG9 what Telegram cannot parse is sent as plain text', async () => {
    telegram.faults.next('sendMessage', {
      kind: 'refuse',
      code: 400,
      description: "Bad Request: can't parse entities: byte offset 3",
    })
    await answer('**odd**')
    const sent = await telegram.nextSent()
    expect(sent.parseMode).toBeUndefined()
    expect(sent.source).toBe('odd')
  })

  it('relay:REP8 and client:CRP3 a person who blocked the bot is a failure with its reason, and Retry sends it anew', async () => {
    telegram.faults.next('sendMessage', { kind: 'refuse', code: 403, description: 'Forbidden: bot was blocked by the user' })
    await answer('are you there?')
    await eventually(popup, async () => ((await lastReply())?.state === 'failed' ? true : lastReply()), 'the reply to fail')
    expect((await lastReply())?.reason).toMatch(/blocked/)
    await popup.locator('button::-p-text(Retry)').click()
    expect((await telegram.nextSent()).text).toBe('are you there?')
    await eventually(
      popup,
      async () => ((await lastReply())?.state === 'sent' ? true : lastReply()),
      'the retried reply to be sent',
    )
  })
})
