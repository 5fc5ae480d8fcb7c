import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../scripts/setup/paths.mjs'
import { type FakeDiscord, startFakeDiscord } from '../fakes/discord/fake.ts'
import { readStore } from '../support/browser/database.ts'
import { openOptions, openPopup, seeText } from '../support/browser/extension.ts'
import { eventually, startWorld, type World } from '../support/browser/world.ts'

const photo = readFileSync(join(root, 'public', 'icon', '48.png'))

let world: World
let discord: FakeDiscord
let ada: ReturnType<FakeDiscord['user']>
let popup: Page

beforeAll(async () => {
  discord = await startFakeDiscord()
  discord.bot.messageContent = false
  world = await startWorld({ env: { CHAOS_DISCORD_API_ROOT: discord.apiRoot } })
  ada = discord.user('ada')
})
afterAll(async () => {
  await world.close()
  await discord.close()
})

const answer = async (text: string) => {
  await popup.locator('textarea').fill(text)
  await popup.locator('textarea').click()
  await popup.keyboard.press('Enter')
}
const channelState = async (page: Page) =>
  (await readStore<{ config: { status: { state: string } } }>(page, 'channels'))[0]?.config.status.state

describe('Discord from end to end', () => {
  it('client:CON3, WIZ2, WIZ6 and relay:DC1, DC4 a pasted token becomes a bot with an invite link and a code, and a missing intent is named', async () => {
    const options = await world.connected()
    await options.locator('button[aria-label="How to connect Discord"]').click()
    await seeText(options, 'Message Content Intent')
    await options.locator('.paste-box input').fill(discord.bot.token)
    await seeText(options, 'Looks like a Discord token')
    await options.keyboard.press('Enter')
    await options.waitForSelector('.pair-code output')
    await seeText(options, 'Add the bot with this link, then send it the code in a direct message.')
    const link = await options.$eval('a.btn-primary', (anchor) => (anchor as HTMLAnchorElement).href)
    expect(new URL(link).searchParams.get('client_id')).toBe(discord.bot.application.id)
    await seeText(options, 'Switch on Message Content Intent in the developer portal')
    // The step stays to be done after the page was closed.
    await options.close()
    const again = await openOptions(world.chromium)
    const code =
      (await again.waitForSelector('.pair-code output').then((output) => output?.evaluate((node) => node.textContent))) ?? ''
    ada.send(code)
    await seeText(again, 'Paired.')
    expect((await discord.nextSent()).content).toMatch(/^You are paired/)
    await again.close()
  })

  it('client:CHN1 and relay:DC4, CH11 the token is replaced on the card; the intent switched on meanwhile is there', async () => {
    const options = await openOptions(world.chromium)
    discord.bot.messageContent = true
    const token = discord.renewToken()
    await eventually(
      options,
      async () => ((await channelState(options)) === 'auth_failed' ? true : channelState(options)),
      'the sign-in to fail',
    )
    await seeText(options, 'Press Reset Token in the developer portal')
    await options.locator('button::-p-text(Paste new token)').click()
    await options.waitForSelector('.token-box input')
    await options.locator('.token-box input').fill(token)
    await options.keyboard.press('Enter')
    await eventually(
      options,
      async () => ((await channelState(options)) === 'ok' ? true : channelState(options)),
      'the channel to work',
    )
    await options.close()
  })

  it('relay:DC5, ATT6 and client:CAT1, CAT2 a picture with a text is shown in the popup', async () => {
    ada.sendFile({ filename: 'view.png', bytes: photo, contentType: 'image/png', content: 'The view from *here*' })
    popup = await openPopup(world.chromium)
    await seeText(popup, 'The view from')
    await popup.locator('a.row').click()
    const image = await popup.waitForSelector('.picture img')
    const natural = await image?.evaluate(async (element) => {
      await (element as HTMLImageElement).decode()
      return (element as HTMLImageElement).naturalWidth
    })
    expect(natural).toBe(48)
  })

  it('relay:DC8 and client:CRP3, CRP6 the popup’s answer reaches the chat, typing before it and ticks behind it', async () => {
    await seeText(popup, 'Replying to')
    await answer('It is **lovely**, and `1 < 2`')
    expect(await discord.bot.typing.next()).toEqual({ channelId: ada.direct().id })
    expect(await discord.nextSent()).toMatchObject({
      channelId: ada.direct().id,
      content: 'It is **lovely**, and `1 < 2`',
      replyTo: ada.direct().messages.find(({ content }) => content.startsWith('The view'))?.id,
      allowedMentions: { parse: [], replied_user: false },
    })
    await popup.waitForSelector('.own .is-sent')
  })

  it('relay:TPS1 and client:TPS2 that somebody writes is seen in their conversation, until what they wrote is there', async () => {
    ada.startTyping()
    await seeText(popup, 'Typing…')
    expect(await popup.$eval('.conversation .topbar [role=status]', (said) => said.textContent)).toBe('Typing…')
    ada.send('and one more thing')
    await seeText(popup, 'and one more thing')
    await popup.waitForFunction(() => !document.body.innerText.includes('Typing…'))
  })

  it('relay:DC5 what is written in a server is a conversation of its own, and answered there', async () => {
    const { channel } = discord.guild('Team')
    ada.send('who is in?', { channel })
    await popup.goto(popup.url().replace(/#.*$/, '#/'))
    await seeText(popup, 'who is in?')
    await popup.locator('a.row').click()
    await seeText(popup, 'Replying to')
    await answer('I am')
    expect(await discord.nextSent()).toMatchObject({ channelId: channel.id, content: 'I am' })
  })
})
