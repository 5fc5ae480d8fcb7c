import { waiting, waitingElsewhere } from '../support/browser/approvalsData.ts'
import { answers } from '../support/browser/optionsData.ts'
import { ada, at, channel, connection, inbox, message, NOW, type Rows } from '../support/browser/previewData.ts'
import type { Picture } from './picture.ts'
import { storeConversation, storeFirst, storeInbox } from './storeData.ts'

const ADA = '#/conversation/tg%3A1'
const first: Rows = { profiles: inbox.profiles ?? [], connections: [connection()] }
const withState = (over: Parameters<typeof connection>[0]): Rows[] => [{ ...inbox, connections: [connection(over)] }, ada]

const markdown: Rows = {
  messages: [
    message(
      'md',
      'tg:1',
      '# Plan\n\nHere is **the plan** for _tomorrow_:\n\n1. Meet at [the station](https://station.example/meet)\n2. See https://example.org/map\n\n> That was the old plan\n\n| item | price |\n|---|---|\n| fare | 218.40 |\n\nRun `npm start` <b>now</b>.',
      at('14:04'),
    ),
  ],
}
const oneWay: Rows = {
  messages: [message('c1', 'ci', 'Build 4182 failed on main: 2 tests', at('13:40'), { channelType: 'webhook', read: 0 })],
}
const long: Rows = { messages: [message('lg', 'tg:1', 'The quick brown fox jumps over the lazy dog. '.repeat(70), at('14:00'))] }
const files: Rows = {
  messages: [
    message('f1', 'tg:1', 'See this', at('13:00'), {
      attachments: [{ id: 'a9', filename: 'the-way-from-the-station.png', mimeType: 'image/png', size: 70, kind: 'image' }],
    }),
    message('f2', 'tg:1', 'And these', at('14:00'), {
      attachments: [
        {
          id: 'a1',
          filename: 'Lisbon itinerary, the second version.pdf',
          mimeType: 'application/pdf',
          size: 214_000,
          kind: 'file',
        },
        { id: 'a3', filename: 'mail.html', mimeType: 'text/html', size: 2_140, kind: 'file', role: 'html' },
      ],
    }),
  ],
}
const pairing: Rows = {
  channels: [channel('tg', 'telegram', { name: 'trip-desk', status: { state: 'waiting_pairing' } })],
  steps: [{ profileId: 'default', channelId: 'tg', kind: 'pair', channelType: 'telegram', createdAt: NOW, dismissed: 0 }],
}

/** The popup in every state a reader may meet it in. Those of the README come first. */
export const popupPictures: Picture[] = [
  { name: 'popup-inbox', stage: { rows: [storeInbox] } },
  { name: 'popup-inbox-dark', stage: { rows: [storeInbox], dark: true } },
  { name: 'popup-conversation', stage: { rows: [storeInbox, storeConversation], hash: ADA } },
  { name: 'popup-conversation-dark', stage: { rows: [storeInbox, storeConversation], hash: ADA, dark: true } },
  { name: 'popup-first-run', stage: { rows: [storeFirst], answers } },
  { name: 'popup-first-run-dark', stage: { rows: [storeFirst], answers, dark: true } },
  {
    name: 'popup-guess',
    stage: { rows: [storeFirst], answers },
    act: (page) => page.locator('.first-box input').fill('ada@okafor.example'),
  },
  { name: 'popup-approval', stage: { rows: [inbox, waiting], hash: '#/approval/k7m4px2q' } },
  { name: 'popup-approval-dark', stage: { rows: [inbox, waiting], hash: '#/approval/t9v2kx4m', dark: true } },
  { name: 'popup-approval-strip', stage: { rows: [inbox, waiting] } },
  {
    name: 'popup-approval-elsewhere',
    stage: {
      rows: [inbox, { profiles: [{ id: 'c', name: 'community', relayUrl: '', createdAt: NOW, stopped: false }] }, waitingElsewhere],
    },
    act: (page) => page.locator('.profile-btn').click(),
  },
  { name: 'popup-compact', stage: { rows: [inbox, ada], settings: { density: 'compact' } } },
  { name: 'popup-loading', stage: { rows: [inbox], hang: true } },
  { name: 'popup-quiet', stage: { rows: [{ ...first, ...pairing }] } },
  {
    name: 'popup-questions',
    stage: {
      rows: [inbox, ada, { gaps: [{ profileId: 'default', id: 'g', at: NOW, count: 12, dismissed: 0 }] }],
      settings: { notifications: 'ask' },
    },
  },
  { name: 'popup-markdown', stage: { rows: [inbox, markdown], hash: ADA } },
  { name: 'popup-one-way', stage: { rows: [inbox, oneWay], hash: '#/conversation/ci' } },
  { name: 'popup-blocked', stage: { rows: withState({ state: 'blocked' }) } },
  {
    name: 'popup-unreached',
    stage: {
      rows: withState({
        state: 'reconnecting',
        since: NOW,
        retryAt: NOW + 24_000,
        reason: 'Relay did not respond within 15 s (GET /health) - check the relay address and your network',
      }),
    },
  },
  { name: 'popup-reconnecting', stage: { rows: withState({ state: 'reconnecting', since: NOW, retryAt: NOW + 4_000 }) } },
  { name: 'popup-offline', stage: { rows: withState({ state: 'reconnecting' }), offline: true } },
  { name: 'popup-full', stage: { rows: withState({ storageFull: true }) } },
  { name: 'popup-narrow', stage: { rows: [inbox, ada], width: 320 } },
  { name: 'popup-narrow-conversation', stage: { rows: [inbox, ada], width: 320, hash: ADA } },
  { name: 'popup-wide', stage: { rows: [inbox, ada], width: 1000, height: 700, hash: ADA } },
  {
    name: 'popup-search',
    stage: { rows: [inbox, ada] },
    act: async (page) => {
      await page.waitForSelector('a.row')
      await page.keyboard.press('/')
      await page.keyboard.type('hotel')
      await page.waitForSelector('mark')
    },
  },
  {
    name: 'popup-nothing-found',
    stage: { rows: [inbox, ada] },
    act: async (page) => {
      await page.waitForSelector('a.row')
      await page.keyboard.press('/')
      await page.keyboard.type('zebra')
      await page.waitForSelector('.blank')
    },
  },
  { name: 'popup-long', stage: { rows: [inbox, long], hash: ADA } },
  {
    name: 'popup-files',
    stage: { rows: [inbox, files], hash: ADA, answers: { 'inbox.fetchFile': 'the relay no longer has it' } },
  },
  { name: 'popup-polling', stage: { rows: withState({ polling: true, state: 'reconnecting' }) } },
  { name: 'popup-blocked-conversation', stage: { rows: withState({ state: 'blocked' }), hash: ADA } },
  {
    name: 'popup-reconnecting-conversation',
    stage: { rows: withState({ state: 'reconnecting', since: NOW, retryAt: NOW + 4_000 }), hash: ADA },
  },
  {
    name: 'popup-menu',
    stage: { rows: [inbox, ada], hash: ADA },
    act: (page) => page.locator('.topbar:has(.topbar-title) .menu-anchor button').click(),
  },
  {
    name: 'popup-keys',
    stage: { rows: [inbox, ada] },
    act: async (page) => {
      await page.waitForSelector('a.row')
      await page.keyboard.press('?')
    },
  },
]
