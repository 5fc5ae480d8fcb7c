import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../scripts/setup/paths.mjs'
import { type FakeSlack, startFakeSlack } from '../fakes/slack/fake.ts'
import { seriousFindings } from '../support/browser/axe.ts'
import { readStore } from '../support/browser/database.ts'
import { openPopup, seeText } from '../support/browser/extension.ts'
import { pasteInto } from '../support/browser/pasteBox.ts'
import { eventually, startWorld, type World } from '../support/browser/world.ts'

const photo = readFileSync(join(root, 'public', 'icon', '48.png'))

let world: World
let slack: FakeSlack
let ada: ReturnType<FakeSlack['user']>
let options: Page
let popup: Page

beforeAll(async () => {
  slack = await startFakeSlack()
  world = await startWorld({ env: { CHAOS_SLACK_API_ROOT: slack.apiRoot } })
  ada = slack.user('Ada')
  options = await world.connected()
})
afterAll(async () => {
  await world.close()
  await slack.close()
})

const press = (name: string) => options.locator(`::-p-aria([name="${name}"][role="button"])`).click()
const boxValue = () => options.$eval('.paste-box input', (box) => (box as HTMLInputElement).value)
const shownCode = () => options.$eval('.pair-code output', (output) => output.textContent ?? '')
const answer = async (text: string) => {
  await popup.locator('textarea').fill(text)
  await popup.locator('textarea').click()
  await popup.keyboard.press('Enter')
}
const newestReply = async () =>
  (await readStore<{ state: string; reason?: string; createdAt: number }>(popup, 'replies')).sort(
    (a, b) => b.createdAt - a.createdAt,
  )[0]

describe('Slack from end to end', () => {
  it('client:WIZ3, UIX1 the how-to comes before the box: a link that fills in the app, the manifest to copy, both tokens', async () => {
    await press('How to connect Slack')
    await seeText(options, 'Socket Mode and everything else is filled in')
    await seeText(options, 'connections:write')
    const link = await options.$eval('.how-steps a', (a) => (a as HTMLAnchorElement).href)
    expect(JSON.parse(new URL(link).searchParams.get('manifest_json') ?? '').settings.socket_mode_enabled).toBe(true)
    await options.locator('.manifest summary').click()
    await options.waitForSelector('.manifest[open] textarea')
    expect(await seriousFindings(options)).toEqual([])
    const copied = options.evaluate(
      () =>
        new Promise<string>((resolve) => {
          navigator.clipboard.writeText = async (text) => resolve(text)
        }),
    )
    await press('Copy the app manifest')
    expect(JSON.parse(await copied).oauth_config.scopes.bot).toContain('im:history')
  })

  it('client:CON4, CON8 the tokens may be pasted one after the other; neither stays on the screen', async () => {
    await pasteInto(options, slack.app.appToken)
    await seeText(options, 'That is the app-level token. Paste the bot token (xoxb-…) too')
    await pasteInto(options, slack.app.botToken)
    await seeText(options, 'Looks like both Slack tokens.')
    const shown = await boxValue()
    expect(shown).toMatch(/^xapp-\S+ xoxb-\S+$/)
    for (const token of [slack.app.appToken, slack.app.botToken]) expect(await options.content()).not.toContain(token)
  })

  it('relay:SL1 and client:WIZ8 what Slack refuses stays beside the input, which keeps its value', async () => {
    slack.app.appRefused = 'invalid_auth'
    await press('Add Slack channel')
    await seeText(options, 'Slack does not know this app-level token')
    expect(await boxValue()).toMatch(/^xapp-/)
    slack.app.appRefused = undefined
  })

  it('client:WIZ3, WIZ6 and relay:PAIR2, PAIR3, PAIR5 the app is paired by its code, a new one replaces it', async () => {
    await press('Add Slack channel')
    await options.waitForSelector('.pair-code output')
    await seeText(options, 'Send this code to @adabot in a direct message within 15 minutes.')
    const open = await options.$eval('.wizard-actions a', (a) => [a.textContent, (a as HTMLAnchorElement).href])
    expect(open).toEqual(['Open in Slack', `https://slack.com/app_redirect?app=${slack.app.appId}&team=${slack.app.teamId}`])
    const first = await shownCode()
    await press('New code')
    await options.waitForFunction((old) => document.querySelector('.pair-code output')?.textContent !== old, {}, first)
    ada.send(first)
    expect((await slack.nextSent()).text).toMatch(/^That code is not right/)
    ada.send(await shownCode())
    expect((await slack.nextSent()).text).toMatch(/^You are paired/)
    await seeText(options, 'Paired.')
    expect(await boxValue()).toBe('')
  })

  it('relay:SL4, CUR11 and client:CAT1, CAT2 a message with a picture is shown in the popup, with its sender’s name', async () => {
    ada.send('The view from <https://x.example/here|here>', {
      files: [{ bytes: photo, name: 'view.png', mimetype: 'image/png' }],
    })
    popup = await openPopup(world.chromium)
    await seeText(popup, 'The view from here')
    await seeText(popup, 'Ada')
    await popup.locator('a.row').click()
    const image = await popup.waitForSelector('.picture img')
    const natural = await image?.evaluate(async (element) => {
      await (element as HTMLImageElement).decode()
      return (element as HTMLImageElement).naturalWidth
    })
    expect(natural).toBe(48)
  })

  it('relay:SL5 and client:CRP3 the popup’s answer reaches Slack as mrkdwn, and its ticks say so', async () => {
    await answer('It is **lovely**, and `1 < 2` <!channel>')
    expect(await slack.nextSent()).toMatchObject({
      channel: ada.direct.id,
      source: 'It is *lovely*, and `1 &lt; 2` &lt;!channel&gt;',
      broadcasts: [],
    })
    await popup.waitForSelector('.own .is-sent')
  })

  it('relay:SL4, SL5 and client:CRP1 a mention in a channel is answered in a thread under it', async () => {
    const room = slack.channel()
    const asked = ada.send(`<@${slack.app.botUserId}> what about the office?`, { in: room })
    await popup.close()
    popup = await openPopup(world.chromium)
    await seeText(popup, 'what about the office?')
    await popup.locator('a.row ::-p-text(what about the office?)').click()
    await popup.waitForSelector('textarea')
    await answer('It has a view too.')
    expect(await slack.nextSent()).toMatchObject({ channel: room.id, threadTs: asked.ts, text: 'It has a view too.' })
  })

  it('relay:REP8 and client:CRP3 an archived channel is a failure with its reason, and Retry sends it anew', async () => {
    slack.faults.next('chat.postMessage', { kind: 'error', error: 'is_archived' })
    await answer('are you there?')
    await eventually(popup, async () => ((await newestReply())?.state === 'failed' ? true : newestReply()), 'the reply to fail')
    expect((await newestReply())?.reason).toBe('This channel is archived.')
    await popup.locator('button::-p-text(Retry)').click()
    expect((await slack.nextSent()).text).toBe('are you there?')
  })

  it('relay:CH11 and client:CHN1 an uninstalled app says so on its card, and the new bot token alone mends it', async () => {
    await options.bringToFront()
    slack.emit({ type: 'app_uninstalled' })
    const botToken = slack.renewToken()
    await seeText(options, 'Slack does not accept the bot token any more.')
    await press('Paste new token')
    await options.waitForSelector('.token-box input')
    await options.locator('.token-box input').fill(botToken)
    await options.keyboard.press('Enter')
    await options.waitForFunction(() => !document.querySelector('.token-box'))
    await options.waitForFunction(() => !document.body.textContent?.includes('Slack does not accept'))
    ada.send('back again')
    const contents = async () => (await readStore<{ content: string }>(options, 'messages')).map(({ content }) => content)
    await eventually(options, async () => ((await contents()).includes('back again') ? true : contents()), 'the message to arrive')
  })
})
