import type { Attachment } from '#protocol/message.ts'
import { at, channel, connection, message, NOW, type Rows, reply, talk } from '../support/browser/previewData.ts'

/** What the pictures in the documents show: one afternoon, and only channels that this relay offers. */

const iso = (time: number) => new Date(time).toISOString()
const failed = { state: 'failed', reason: 'Tomás blocked the bot', code: 'provider_rejected' } as const
const pdf: Attachment = { id: 'a1', filename: 'Lisbon itinerary.pdf', mimeType: 'application/pdf', size: 214_000, kind: 'file' }
const code = 'The check prints this. Is it fine?\n\n```\nfare  2 × 109.20  218.40 EUR\n```'
const question = 'Can you move it to Friday?'

const home: Rows = {
  profiles: [{ id: 'default', name: 'Home', relayUrl: 'https://relay.okafor.example', createdAt: at('08:00', 28), stopped: false }],
  connections: [connection()],
}
const channels = [
  channel('tg', 'telegram', {
    agentId: 'trip-desk',
    status: { state: 'ok', lastInboundAt: iso(at('14:07')) },
    metadata: { botUsername: 'okafor_family_bot', allowedUsers: ['Ada Okafor', 'Tomás Rivera', 'Priya Raman'] },
  }),
  channel('em', 'email', {
    name: 'invoices',
    status: { state: 'ok', lastInboundAt: iso(at('12:18')) },
    metadata: { inboundAddress: 'invoices-x7f3k2m9qa@in.okafor.example', userEmail: 'office@okafor.example' },
  }),
  channel('ci', 'webhook', {
    name: 'ci',
    direction: 'inbound',
    webhookUrl: 'https://relay.okafor.example/webhook/ci-5b21?token=wh_3f9a0c77b1e24d5f',
  }),
  channel('up', 'webhook', { name: 'uptime', webhookUrl: 'https://relay.okafor.example/webhook/up-77c0?token=wh_90b1' }),
].map((one, order) => ({ ...one, order: order + 1 }))

const pairing = {
  ...channel('tg2', 'telegram', {
    status: { state: 'waiting_pairing' },
    metadata: {
      botUsername: 'okafor_home_bot',
      pairingCode: 'K7M4PX2Q',
      pairingExpiresAt: iso(NOW + 761_000),
      allowedUsers: [],
    },
  }),
  order: 5,
}

const reading = { type: 'telegram', when: at('14:07'), text: question } as const

/** The inbox, a minute after Ada wrote. */
export const storeInbox: Rows = {
  ...home,
  channels,
  conversations: [
    talk({ id: 'tg:1', title: 'Ada Okafor', ...reading, over: { unread: 2 } }),
    talk({
      id: 'up',
      type: 'webhook',
      title: 'uptime',
      when: at('13:52'),
      text: 'relay-2: disk is at 91 %',
      over: { unread: 3 },
    }),
    talk({
      id: 'ci',
      type: 'webhook',
      title: 'ci',
      when: at('13:40'),
      text: 'Build 4182 failed on main: 2 tests',
      over: { unread: 1 },
    }),
    talk({
      id: 'em:1',
      type: 'email',
      title: 'Jonas Weber',
      when: at('12:18'),
      text: 'Invoice 2024-118, signed copy',
      over: { lastHasFile: true },
    }),
    talk({
      id: 'tg:3',
      type: 'telegram',
      title: 'Priya Raman',
      when: at('11:30'),
      text: 'The gate code is 4471. See you at six!',
      over: { lastReplyId: 'r-priya' },
    }),
    talk({
      id: 'tg:2',
      type: 'telegram',
      title: 'Tomás Rivera',
      when: at('10:04'),
      text: 'Are you there?',
      over: { lastReplyId: 'r-tomas' },
    }),
    talk({ id: 'em:3', type: 'email', title: 'Sanne de Koning', when: at('16:20', 3), text: 'Which week suits you?' }),
    talk({ id: 'em:2', type: 'email', title: 'Lena Fischer', when: at('15:02', 3), text: 'See you at the station at nine' }),
    talk({ id: 'tg:4', type: 'telegram', title: 'Malik Haddad', when: at('09:00', 4), text: 'Thank you, it works!' }),
  ],
  replies: [
    reply('r-priya', 'tg:3', 'The gate code is 4471. See you at six!', at('11:30')),
    reply('r-tomas', 'tg:2', 'Are you there?', at('10:04'), failed),
  ],
  drafts: [{ profileId: 'default', conversationId: 'em:3', text: 'The second one, if the train…', updatedAt: NOW }],
}

/** The conversation with Ada, with replies in every state. */
export const storeConversation: Rows = {
  messages: [
    message('m1', 'tg:1', '', at('14:01'), { attachments: [pdf] }),
    message('m2', 'tg:1', code, at('14:02')),
    message('m3', 'tg:1', question, at('14:07')),
  ],
  replies: [
    reply('r1', 'tg:1', 'Yes, that is the agreed price.', at('14:03'), { platformMessageId: '88231' }),
    reply('r2', 'tg:1', 'Here is the map to the hotel.', at('14:05'), {
      state: 'failed',
      reason: 'Telegram is not reachable',
      code: 'provider_unreachable',
    }),
    reply('r3', 'tg:1', 'Asking them now.', at('14:09'), { state: 'queued' }),
    reply('r4', 'tg:1', 'They answer within the hour.', at('14:09') + 10_000, { state: 'sending' }),
  ],
}

/** The first minute: a relay, no channel. */
export const storeFirst: Rows = home

/** Four channels that work and one that waits for its code. */
export const storeChannels: Rows = {
  ...home,
  channels: [...channels, pairing],
  steps: [{ profileId: 'default', channelId: 'tg2', kind: 'pair', channelType: 'telegram', createdAt: at('14:07'), dismissed: 0 }],
}

export const storeBlocked: Rows = { ...home, connections: [connection({ state: 'blocked' })] }
