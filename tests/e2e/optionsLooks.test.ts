import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decided, waiting, waitingElsewhere } from '../support/browser/approvalsData.ts'
import { seriousFindings } from '../support/browser/axe.ts'
import { seeText } from '../support/browser/extension.ts'
import { onAll } from '../support/browser/onAll.ts'
import {
  answers,
  blockedKeys,
  channelsOfAllKinds,
  discordSteps,
  home,
  keys,
  manyProfiles,
  pairStep,
  slackPairing,
} from '../support/browser/optionsData.ts'
import { channel, connection, NOW } from '../support/browser/previewData.ts'
import { addRows } from '../support/browser/stageRows.ts'
import { callsOf, type OpenStage, openStage, type Stage } from '../support/browser/uiPreview.ts'

let stage: OpenStage
beforeAll(async () => {
  stage = await openStage({ oneTab: true })
})
afterAll(() => stage.close())

async function open(hash: string, on: Partial<Stage> = {}, width = 1280): Promise<Page> {
  const page = await stage.set({ rows: [home], answers, ...on, options: hash, width, height: 900 })
  await page.waitForSelector('main h1')
  return page
}

const full = { rows: [home, channelsOfAllKinds, pairStep] }
const blocked = { rows: [home, blockedKeys, { connections: [connection({ state: 'blocked' })] }] }
const press = (page: Page, name: string) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click()
/** What sticks out of the card it is on, told by its class and words. What a scroller or a cut text hides does not count. */
const outsideTheirCard = (all: Element[]): string[] =>
  all
    .filter((element) => {
      const card = element.closest('.card')
      const { right, width } = element.getBoundingClientRect()
      const cut = element.parentElement?.closest('.card *:is(.truncate, .truncate *, .sr, .switch, pre)') ?? element.closest('.sr')
      return card !== null && !cut && width > 1 && right > card.getBoundingClientRect().right + 0.5
    })
    .map((element) => `${element.className}: ${element.textContent?.slice(0, 40)}`)
const focused = () => document.activeElement?.textContent ?? ''

describe('every page, wide and narrow, light and dark', () => {
  const places: [name: string, hash: string, on: Partial<Stage>, ready: string][] = [
    ['channels', '#/channels', full, '.pair-code'],
    ['Discord', '#/channels/how/discord', { rows: [home, discordSteps] }, '.pair-code'],
    ['Slack', '#/channels/how/slack', { rows: [home, slackPairing] }, '.pair-code'],
    ['no channels', '#/channels', {}, '.blank'],
    ['profiles', '#/profiles', { rows: [home, manyProfiles, waitingElsewhere] }, '.profile-card:nth-child(3)'],
    ['approvals', '#/approvals', { rows: [home, waiting, decided] }, '.decisions li:nth-child(7)'],
    ['connection', '#/connection', full, '.pairs code'],
    [
      'reconnecting',
      '#/connection',
      { rows: [home, { connections: [connection({ state: 'reconnecting', retryAt: NOW + 8_000 })] }] },
      '.pairs code',
    ],
    ['blocked', '#/security', blocked, '.fp.changed'],
    ['blocked connection', '#/connection', blocked, '.status-fail'],
    ['security', '#/security', { rows: [home, keys] }, '.compare'],
    ['identity lost', '#/security', { rows: [home, { connections: [connection({ state: 'identity_lost' })] }] }, '.banner'],
    ['notifications', '#/notifications', full, '.chip-choice'],
    ['status', '#/status', full, '.fp'],
    ['about', '#/about', full, '.chip-choice'],
  ]
  for (const [name, hash, on, ready] of places)
    for (const [width, dark] of [
      [1400, false],
      [360, true],
    ] as const)
      it(`client:UIX1 ${name} at ${width} px, ${dark ? 'dark' : 'light'}: no serious finding, nothing beside the page`, async () => {
        const page = await open(hash, { ...on, dark }, width)
        await page.waitForSelector(ready)
        if (name === 'channels' || name === 'Discord') {
          await page.$$eval('.channel-end [aria-expanded="false"]', (buttons) => {
            for (const button of buttons) (button as HTMLElement).click()
          })
          await page.waitForFunction(
            (all) => document.querySelectorAll('.channel-more').length === all,
            {},
            name === 'channels' ? 6 : 2,
          )
          if (name === 'channels') await page.locator('.chip-kind').click()
        }
        if (name === 'security') await page.locator('.compare [aria-expanded="false"]').click()
        if (name === 'approvals') {
          await page.locator('.decisions li:first-child summary').click()
          await page.waitForSelector('.answers li:nth-child(3)')
        }
        if (name === 'profiles') {
          await page.locator('[aria-labelledby="import"] .chip-choice:last-child input').click()
          await page.waitForSelector('[aria-labelledby="import"] textarea')
          await page.$$eval('.profile-btn', (buttons) => {
            for (const button of buttons) if (button.checkVisibility()) (button as HTMLElement).click()
          })
          await page.waitForSelector('.profile-menu')
        }
        expect(await seriousFindings(page)).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
        expect(await onAll(page, '.card *', outsideTheirCard)).toEqual([])
      })
})

describe('finding one’s way', () => {
  it('client:UIX1 another page is announced by its heading and its title', async () => {
    const page = await open('#/channels')
    await page.locator('.side a[href="#/about"]').click()
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1')
    expect(await page.evaluate(focused)).toBe('About')
    expect(await page.title()).toBe('About - Chaos Relay')
    expect(await page.$eval('.side [aria-current]', (link) => link.textContent)).toContain('About')
  })

  it('client:STO4 About tells where messages go, who reads them, and leads to where things are deleted', async () => {
    const page = await open('#/about')
    const told = await page.$eval('section[aria-labelledby="privacy"]', (part) => (part as HTMLElement).innerText)
    expect(told).toContain('your relay (relay.okafor.example)')
    expect(told).toContain('Whoever runs the relay')
    expect(told).toContain('no telemetry')
    const links = await page.$$eval('section[aria-labelledby="privacy"] a', (all) => all.map((link) => link.getAttribute('href')))
    expect(links).toEqual(['#/security', '#/diagnostics'])
    await page.locator('section[aria-labelledby="privacy"] a').click()
    await page.waitForFunction(() => document.activeElement?.textContent === 'Security')
  })

  it('client:UIX1 the narrow menu opens, closes with Escape where it came from, and leads on', async () => {
    const page = await open('#/channels', {}, 400)
    await press(page, 'Settings menu, Channels')
    await page.waitForSelector('#menu:not([hidden])')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Escape')
    await page.waitForSelector('#menu', { hidden: true })
    expect(await page.evaluate(focused)).toBe('Channels')
    await page.keyboard.press('Enter')
    for (const _ of [1, 2, 3]) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1')
    expect(await page.$eval('#menu', (menu) => (menu as HTMLElement).hidden)).toBe(true)
  })

  it('client:UIX1 the first Tab offers to skip the navigation', async () => {
    const page = await open('#/channels')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(focused)).toBe('Skip to the page')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(focused)).toBe('Channels')
  })
})

describe('states', () => {
  it('client:UIX3 without channels the page names the next action', async () => {
    const page = await open('#/channels')
    await seeText(page, 'No channels yet')
    await seeText(page, 'Paste a bot token or add a webhook above.')
  })

  it('client:CHN1 a refused switch goes back and says why', async () => {
    const page = await open('#/channels', { ...full, answers: { ...answers, 'channels.change': 'The relay is full.' } })
    const toggle = '::-p-aria([name="ci: on"])'
    await page.locator(toggle).click()
    await seeText(page, 'Not saved: The relay is full.')
    expect(await page.$eval(toggle, (box) => (box as HTMLInputElement).checked)).toBe(true)
    const sent = (await callsOf(page)).filter(({ name }) => name === 'channels.change')
    expect(sent).toEqual([
      { name: 'channels.change', input: { profileId: 'default', channelId: 'ci-5b21', change: { enabled: false } } },
    ])
  })

  it('client:CHN1 words that are refused stay in their field; the same words are not sent at all', async () => {
    const page = await open('#/channels', { ...full, answers: { ...answers, 'channels.change': 'This name is taken.' } })
    await page.locator('button[aria-label="Details of ci"]').click()
    const isFocused = (name: string) =>
      page.waitForFunction((wanted) => document.activeElement?.getAttribute('aria-label') === wanted, {}, name)
    await press(page, 'Change Name of ci')
    await isFocused('Name')
    await page.keyboard.press('Enter')
    await isFocused('Change Name of ci')
    expect((await callsOf(page)).filter(({ name }) => name === 'channels.change')).toEqual([])
    await page.keyboard.press('Enter')
    await isFocused('Name')
    await page.keyboard.type('2')
    await page.keyboard.press('Enter')
    await seeText(page, 'Not saved: This name is taken.')
    expect(await page.$eval('input[aria-label="Name"]', (field) => (field as HTMLInputElement).value)).toBe('ci2')
    await page.keyboard.press('Escape')
    await page.waitForSelector('input[aria-label="Name"]', { hidden: true })
  })

  it('client:WIZ6 after five wrong guesses the code is gone and a new one is the next step', async () => {
    const killed = channel('tg2', 'telegram', {
      status: { state: 'waiting_pairing' },
      metadata: { botUsername: 'okafor_home_bot', pairingExpiresAt: new Date(NOW + 500_000).toISOString() },
    })
    const fresh = { pairingCode: '9QH2VZ4T', expiresAt: new Date(NOW + 900_000).toISOString() }
    const page = await open('#/channels', {
      rows: [home, pairStep, { channels: [killed] }],
      answers: { ...answers, 'channels.newPairingCode': fresh },
    })
    await seeText(page, 'Five wrong codes were sent')
    await press(page, 'New code')
    await page.waitForSelector('.pair-code output')
    expect(await page.$eval('.pair-code output', (output) => output.textContent)).toBe('9QH2VZ4T')
  })

  it('client:WIZ6 the end of a code is announced a minute and ten seconds before', async () => {
    const page = await open('#/channels', full)
    await page.waitForSelector('[role=timer]')
    for (const [left, said] of [
      [59_000, 'one more minute'],
      [9_000, 'ten more seconds'],
    ] as const) {
      await page.evaluate(
        (time) => {
          Date.now = () => time
        },
        NOW + 761_000 - left,
      )
      await page.waitForFunction(
        (wanted) => [...document.querySelectorAll('[role=status]')].some((region) => region.textContent?.includes(wanted)),
        {},
        said,
      )
    }
  })

  it('client:WIZ4 an address that waits can be sent its link again', async () => {
    const step = { profileId: 'default', channelId: 'em', kind: 'verify', channelType: 'email', createdAt: NOW, dismissed: 0 }
    const expiresAt = new Date(NOW).toISOString()
    const page = await open('#/channels', {
      rows: [home, channelsOfAllKinds, { steps: [step] }],
      answers: { ...answers, 'channels.resendVerification': { ok: true, expiresAt } },
    })
    await seeText(page, 'Press Confirm on the page behind the link we sent to office@okafor.example.')
    await page.locator('.wizard .btn').click()
    await seeText(page, 'Sent. Older links no longer work.')
  })

  it('client:SOC3, SOC13 the connection says why it does not work and when it tries again', async () => {
    const reason = 'Relay did not respond within 15 s (POST /ws/ticket) - check the relay address and your network'
    const state = connection({ state: 'reconnecting', retryAt: NOW + 8_000, reason })
    const page = await open('#/connection', { rows: [home, { connections: [state] }] })
    await seeText(page, 'Reconnecting in 8 s')
    await seeText(page, reason)
    await press(page, 'Try now')
    expect((await callsOf(page)).at(-1)).toEqual({ name: 'connection.reconnect', input: { profileId: 'default' } })
    await addRows(page, { connections: [{ ...state, polling: true }] })
    await page.evaluate(() => new BroadcastChannel('chaos-changes').postMessage({ topic: 'connection', profileId: 'default' }))
    await seeText(page, 'WebSocket blocked. Messages still arrive, up to a minute late.', 1_000)
  })

  it('client:STA2 a relay that cannot be asked makes one line unavailable, not the page', async () => {
    const away = { ...answers['connection.details'], relay: { ok: false, reason: 'nobody answers' } }
    const page = await open('#/connection', { answers: { 'connection.details': away } })
    await seeText(page, 'unavailable: nobody answers')
    await seeText(page, 'Message 1204')
    await seeText(page, '7c1e 04d9 b23f')
  })

  it('client:INB3, INB4 each choice is sent alone, and taken back when it cannot be stored', async () => {
    const page = await open('#/notifications', { rows: full.rows, settings: { mutedChannels: ['sl'] } })
    await page.locator('label::-p-text(Dark)').click()
    expect((await callsOf(page)).at(-1)).toEqual({
      name: 'settings.set',
      input: { profileId: 'default', change: { theme: 'dark' } },
    })
    await page.locator('::-p-aria([name="Notifications from ci"])').click()
    expect((await callsOf(page)).at(-1)).toEqual({
      name: 'settings.set',
      input: { profileId: 'default', change: { mutedChannels: ['sl', 'ci-5b21'] } },
    })
    const refused = await open('#/notifications', { answers: { ...answers, 'settings.set': 'The disk is full.' } })
    await refused.locator('::-p-aria([name="Show what the message says"])').click()
    await seeText(refused, 'Not saved: The disk is full.')
    expect(await refused.$eval('::-p-aria([name="Show what the message says"])', (box) => (box as HTMLInputElement).checked)).toBe(
      false,
    )
  })
})

describe('places inside the channels page', () => {
  it('client:WIZ1 a link to a how-to opens it', async () => {
    const page = await open('#/channels/how/telegram')
    await seeText(page, 'send /newbot and choose a name')
    expect(await page.$eval('.how a', (link) => (link as HTMLAnchorElement).href)).toBe('https://t.me/BotFather')
  })

  it('client:WIZ5 a link to a webhook just added shows its address and example', async () => {
    const page = await open('#/channels/added/ci-5b21', { rows: [home, channelsOfAllKinds] })
    await seeText(page, 'Webhook made: ci')
    await seeText(page, "curl 'https://relay.okafor.example/webhook/ci-5b21?token=")
  })
})
