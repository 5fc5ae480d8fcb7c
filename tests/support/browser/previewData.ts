import type { ChannelConfig } from '#protocol/channel.ts'
import type { Attachment, ChannelType } from '#protocol/message.ts'
import type { AnswerRow, ApprovalRow } from '../../../lib/approvals/model.ts'
import type { Conversation, Draft, InboxMessage, Mark, Reply, Scheduled } from '../../../lib/inbox/model.ts'
import type { Connection } from '../../../lib/relay/state.ts'

/** The day of the pictures: a Monday, 14:10 UTC. */
export const NOW = Date.UTC(2025, 11, 1, 14, 10)
const DAY = 86_400_000
const PROFILE = 'default'

export type Rows = {
  profiles?: object[]
  identities?: object[]
  pins?: object[]
  sessions?: object[]
  settings?: object[]
  connections?: Connection[]
  channels?: object[]
  conversations?: Conversation[]
  messages?: InboxMessage[]
  replies?: Reply[]
  drafts?: Draft[]
  marks?: Mark[]
  scheduled?: Scheduled[]
  gaps?: object[]
  steps?: object[]
  approvals?: ApprovalRow[]
  answers?: AnswerRow[]
}

/** 14:07 on the day `ago` days before. */
export function at(clock: string, ago = 0): number {
  const [hours = '0', minutes = '0'] = clock.split(':')
  return Math.floor(NOW / DAY) * DAY - ago * DAY + Number(hours) * 3_600_000 + Number(minutes) * 60_000
}

export function connection(over: Partial<Connection> = {}): Connection {
  return { profileId: PROFILE, state: 'connected', since: at('13:20'), ...over }
}

export function channel(id: string, type: ChannelType, over: Partial<ChannelConfig> = {}) {
  const config: ChannelConfig = {
    id,
    type,
    agentId: '',
    direction: 'bidirectional',
    enabled: true,
    createdAt: '2025-11-01T08:00:00.000Z',
    status: { state: 'ok' },
    metadata: {},
    ...over,
  }
  return { profileId: PROFILE, id, config, seenAt: NOW, order: 0 }
}

export function message(
  id: string,
  conversationId: string,
  text: string,
  when: number,
  over: Partial<InboxMessage> = {},
): InboxMessage {
  return {
    profileId: PROFILE,
    id,
    seq: when / 1000,
    epoch: 'e',
    conversationId,
    channelId: conversationId.split(':')[0] ?? conversationId,
    channelType: 'telegram',
    from: 'Ada Okafor',
    content: text,
    at: when,
    attachments: [],
    metadata: {},
    read: 1,
    storedAt: when,
    ...over,
  }
}

export function reply(id: string, conversationId: string, text: string, when: number, over: Partial<Reply> = {}): Reply {
  return {
    clientId: id,
    profileId: PROFILE,
    conversationId,
    channelId: conversationId.split(':')[0] ?? conversationId,
    channelType: 'telegram',
    content: text,
    metadata: {},
    attachments: [],
    createdAt: when,
    updatedAt: when,
    state: 'sent',
    ...over,
  } as Reply
}

/** A reply to Ada that goes out later. */
export function scheduled(id: string, text: string, sendAt: number, over: Partial<Scheduled> = {}): Scheduled {
  return {
    ...{ profileId: PROFILE, conversationId: 'tg:1', id, channelId: 'tg', channelType: 'telegram' },
    ...{ content: text, metadata: {}, attachments: [], createdAt: NOW, sendAt },
    ...over,
  }
}

type Talk = { id: string; type: ChannelType; title: string; when: number; text: string; over?: Partial<Conversation> }

export function talk({ id, type, title, when, text, over }: Talk): Conversation {
  return {
    profileId: PROFILE,
    id,
    channelId: id.split(':')[0] ?? id,
    channelType: type,
    title,
    lastAt: when,
    lastPreview: text,
    lastHasFile: false,
    unread: 0,
    lastMessageId: `last-${id}`,
    lastMessageAt: when,
    lastMetadata: {},
    ...over,
  }
}

const FAILED = { state: 'failed', reason: 'Tomás blocked the bot', code: 'provider_rejected' } as const

const channels = [
  channel('tg', 'telegram', { name: 'trip-desk', agentId: 'trip-desk' }),
  channel('sl', 'slack', { name: 'work' }),
  channel('ci', 'webhook', { name: 'ci', direction: 'inbound' }),
  channel('up', 'webhook', { name: 'uptime' }),
  channel('em', 'email', { name: 'office' }),
  channel('dc', 'discord', { name: 'guild' }),
]

/** The list of the design's picture. */
export const inbox: Rows = {
  profiles: [{ id: PROFILE, name: 'Home', relayUrl: 'http://127.0.0.1:8787', createdAt: NOW, stopped: false }],
  connections: [connection()],
  channels,
  conversations: [
    talk({
      id: 'tg:1',
      type: 'telegram',
      title: 'Ada Okafor',
      when: at('14:07'),
      text: 'Can you also move the hotel to Friday?',
      over: { unread: 2 },
    }),
    talk({
      id: 'sl:1',
      type: 'slack',
      title: '#ops-oncall',
      when: at('13:52'),
      text: 'Marta: relay-2 disk is at 91 %',
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
      id: 'dc:1',
      type: 'discord',
      title: 'Priya Raman',
      when: at('11:30'),
      text: 'Merged. Thanks for the quick review',
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
    talk({ id: 'sl:2', type: 'slack', title: '#release-notes', when: at('16:20', 3), text: 'Who writes them?' }),
    talk({
      id: 'em:2',
      type: 'email',
      title: 'Lena Fischer',
      when: at('15:02', 3),
      text: 'See you at the station at nine',
      over: { lastReplyId: 'r-lena' },
    }),
    talk({ id: 'up', type: 'webhook', title: 'uptime', when: at('09:00', 4), text: 'relay.okafor.example is back after 41 s' }),
    talk({ id: 'dc:2', type: 'discord', title: 'Sanne de Koning', when: at('08:15', 4), text: 'The new token works, thank you!' }),
  ],
  replies: [
    reply('r-priya', 'dc:1', 'Merged. Thanks for the quick review', at('11:30'), { channelType: 'discord' }),
    reply('r-tomas', 'tg:2', 'Are you there?', at('10:04'), FAILED),
    reply('r-lena', 'em:2', 'See you at the station at nine', at('15:02', 3), { channelType: 'email' }),
  ],
  drafts: [{ profileId: PROFILE, conversationId: 'sl:2', text: '0.9 ships on Thursday with…', updatedAt: NOW }],
  messages: [
    message('m-ops', 'sl:1', 'relay-2 disk is at 91 %, please move the old snapshots', at('13:52'), {
      from: 'Marta',
      channelType: 'slack',
    }),
    message('m-jonas', 'em:1', 'Invoice 2024-118, signed copy. The hotel is on page two.', at('12:18'), {
      from: 'Jonas Weber',
      channelType: 'email',
    }),
  ],
}

const pdf: Attachment = { id: 'a1', filename: 'Lisbon itinerary.pdf', mimeType: 'application/pdf', size: 214_000, kind: 'file' }
const CODE = 'The check prints this. Is it fine?\n\n```\nfare   ok     218.40 EUR\nhotel  moved  Thu → Fri\n```'

/** The conversation of the design's picture. */
export const ada: Rows = {
  messages: [message('m1', 'tg:1', '', at('09:12', 1), { attachments: [pdf] }), message('m2', 'tg:1', CODE, at('14:02'))],
  replies: [
    reply('r1', 'tg:1', 'Yes, that is the agreed price.', at('14:03'), { platformMessageId: '88231' }),
    reply('r2', 'tg:1', 'Here is the map to the hotel.', at('14:05'), {
      state: 'failed',
      reason: 'Telegram is not reachable',
      code: 'provider_unreachable',
    }),
    reply('r3', 'tg:1', 'Asking the hotel now.', at('14:09'), { state: 'queued' }),
    reply('r4', 'tg:1', 'They answer within the hour.', at('14:09') + 10_000, { state: 'sending' }),
  ],
}
