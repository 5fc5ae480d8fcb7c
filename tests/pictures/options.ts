import { decided, waiting } from '../support/browser/approvalsData.ts'
import {
  answers,
  blockedKeys,
  channelsOfAllKinds,
  discordSteps,
  home,
  keys,
  pairStep,
  safetyNumberShown,
  slackPairing,
} from '../support/browser/optionsData.ts'
import { at, connection, message, NOW, type Rows, reply, talk } from '../support/browser/previewData.ts'
import type { Picture } from './picture.ts'
import { storeBlocked, storeChannels } from './storeData.ts'

const wide = { answers, width: 1280, height: 900 }
const store = { ...wide, rows: [storeChannels], height: 1060 }
const all = { ...wide, rows: [home, channelsOfAllKinds, pairStep] }
const verify: Rows = {
  steps: [{ profileId: 'default', channelId: 'em', kind: 'verify', channelType: 'email', createdAt: NOW, dismissed: 0 }],
}
const reason = 'Relay did not respond within 15 s (POST /ws/ticket) - check the relay address and your network'
const reconnecting: Rows = { connections: [connection({ state: 'reconnecting', retryAt: NOW + 8_000, reason })] }

const said = 'Are you there? I tried to call you twice.'
const firstMessage: Rows = {
  conversations: [
    talk({ id: 'tg:1', type: 'telegram', title: 'Ada Okafor', when: at('14:05'), text: said, over: { lastMessageId: 'm1' } }),
  ],
  messages: [message('m1', 'tg:1', said, at('14:05'))],
}
const firstAnswer: Rows = { replies: [reply('r1', 'tg:1', 'Now I am. Call me again.', at('14:08'))] }

const unfoldManifest: Picture['act'] = async (page) => {
  await page.locator('.manifest summary').click()
}

const withLink = {
  ...answers,
  'connection.deviceLink': { url: 'https://relay.okafor.example/app#link=q7Xb3nV0aLm9TzKc2WfR5yHd8GpE1sJu', expiresInSeconds: 600 },
}
const makeLink: Picture['act'] = async (page) => {
  await page.locator('[aria-labelledby="device-page"] button').click()
  await page.waitForSelector('.device-link')
}

const differs: Rows = { settings: [{ key: 'safety:default', value: { number: safetyNumberShown, verdict: 'differ', at: NOW } }] }
const compare: Picture['act'] = async (page) => {
  await page.locator('.compare textarea').fill(safetyNumberShown)
  await page.locator('.compare [aria-expanded="false"]').click()
  await page.waitForSelector('.compare .qr')
}

const notConfirmed = { failure: { code: 'not_confirmed', message: 'Confirm it first.' } }
const strict: Rows = { settings: [{ key: 'approvals:default', value: 'all' }] }
const unfoldDecision: Picture['act'] = async (page) => {
  await page.locator('.decisions li:first-child summary').click()
  await page.waitForSelector('.answers li:nth-child(3)')
}

const unfold: Picture['act'] = async (page) => {
  await page.waitForSelector('.channel-end')
  await page.$$eval('.channel-end [aria-expanded="false"]', (buttons) => {
    for (const button of buttons) (button as HTMLElement).click()
  })
  await page.waitForSelector('.channel-more')
}

/** The options page in every state a reader may meet it in. Those of the documents come first. */
export const optionsPictures: Picture[] = [
  { name: 'options-channels', stage: store, options: '#/channels' },
  { name: 'options-channels-dark', stage: { ...store, dark: true }, options: '#/channels' },
  { name: 'options-connection', stage: { ...store, height: 1180 }, options: '#/connection' },
  { name: 'options-blocked', stage: { ...wide, rows: [storeBlocked, blockedKeys] }, options: '#/security' },
  { name: 'options-empty', stage: { ...wide, rows: [home] }, options: '#/channels' },
  { name: 'options-start', stage: { ...wide, rows: [home] }, options: '#/start' },
  {
    name: 'options-start-answer',
    stage: { ...wide, rows: [home, channelsOfAllKinds, firstMessage], height: 760 },
    options: '#/start',
  },
  {
    name: 'options-start-done',
    stage: { ...wide, rows: [home, channelsOfAllKinds, firstMessage, firstAnswer], height: 980, dark: true },
    options: '#/start',
  },
  {
    name: 'options-start-360',
    stage: { ...wide, rows: [home, reconnecting], width: 360, height: 1100, dark: true },
    options: '#/start',
  },
  { name: 'options-how', stage: { ...wide, rows: [home] }, options: '#/channels/how/telegram' },
  { name: 'options-how-discord', stage: { ...wide, rows: [home] }, options: '#/channels/how/discord' },
  { name: 'options-discord', stage: { ...wide, rows: [home, discordSteps] }, options: '#/channels' },
  {
    name: 'options-discord-360',
    stage: { ...wide, rows: [home, discordSteps], width: 360, height: 2600, dark: true },
    options: '#/channels',
    act: unfold,
  },
  {
    name: 'options-slack-how',
    stage: { ...wide, rows: [home], height: 1300 },
    options: '#/channels/how/slack',
    act: unfoldManifest,
  },
  {
    name: 'options-slack-how-320',
    stage: { ...wide, rows: [home], width: 320, height: 1900, dark: true },
    options: '#/channels/how/slack',
    act: unfoldManifest,
  },
  { name: 'options-slack-pair', stage: { ...wide, rows: [home, slackPairing] }, options: '#/channels' },
  { name: 'options-slack-pair-360', stage: { ...wide, rows: [home, slackPairing], width: 360, dark: true }, options: '#/channels' },
  { name: 'options-email', stage: { ...wide, rows: [home, channelsOfAllKinds, verify] }, options: '#/channels' },
  { name: 'options-webhook', stage: { ...wide, rows: [home, channelsOfAllKinds] }, options: '#/channels/added/ci-5b21' },
  { name: 'options-unfolded', stage: { ...all, height: 2900 }, options: '#/channels', act: unfold },
  { name: 'options-unfolded-360', stage: { ...all, width: 360, height: 3600, dark: true }, options: '#/channels', act: unfold },
  { name: 'options-channels-860', stage: { ...all, width: 860 }, options: '#/channels' },
  { name: 'options-channels-400', stage: { ...all, width: 400 }, options: '#/channels' },
  { name: 'options-reconnecting', stage: { ...wide, rows: [home, reconnecting], height: 1300 }, options: '#/connection' },
  {
    name: 'options-device-link',
    stage: { ...wide, rows: [home], answers: withLink, height: 1400 },
    options: '#/connection',
    act: makeLink,
  },
  {
    name: 'options-device-link-360',
    stage: { ...wide, rows: [home], answers: withLink, width: 360, height: 2200, dark: true },
    options: '#/connection',
    act: makeLink,
  },
  { name: 'options-connection-400', stage: { ...store, width: 400, height: 1800 }, options: '#/connection' },
  {
    name: 'options-blocked-400',
    stage: { ...wide, rows: [storeBlocked, blockedKeys], width: 400, height: 1500, dark: true },
    options: '#/security',
  },
  { name: 'options-security', stage: { ...wide, rows: [storeChannels, keys], height: 1300 }, options: '#/security' },
  {
    name: 'options-security-dark',
    stage: { ...wide, rows: [home, keys, differs], height: 1300, dark: true },
    options: '#/security',
  },
  {
    name: 'options-security-360',
    stage: { ...wide, rows: [home, keys], width: 360, height: 2600 },
    options: '#/security',
    act: compare,
  },
  {
    name: 'options-approvals',
    stage: { ...wide, rows: [home, waiting, decided], height: 2300 },
    options: '#/approvals',
    act: unfoldDecision,
  },
  {
    name: 'options-approvals-360',
    stage: { ...wide, rows: [home, waiting, decided], width: 360, height: 3200, dark: true },
    options: '#/approvals',
    act: unfoldDecision,
  },
  { name: 'options-approvals-empty', stage: { ...wide, rows: [home] }, options: '#/approvals' },
  {
    name: 'options-approvals-weaker',
    stage: { ...wide, rows: [home, strict], answers: { ...answers, 'approvals.setMode': notConfirmed } },
    options: '#/approvals',
    act: (page) => page.locator('.mode-row:last-child input').click(),
  },
  { name: 'options-identity-lost', stage: store, options: '#/security' },
  { name: 'options-notifications', stage: all, options: '#/notifications' },
  { name: 'options-notifications-360', stage: { ...all, width: 360, height: 1300, dark: true }, options: '#/notifications' },
  { name: 'options-about', stage: { ...all, height: 1100 }, options: '#/about' },
]
