import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashToken } from '../../server/auth/secrets.ts'
import type { Store } from '../../server/store/port.ts'
import type { ChannelRecord } from '../../server/store/records.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'

/** The moment at which the seeded relay stands. */
export const ADMIN_NOW = Date.parse('2026-03-01T14:08:00.000Z')
const MINUTE = 60_000
const ago = (minutes: number) => ADMIN_NOW - minutes * MINUTE

export const SEEDED = {
  home: { userId: '3f1c9a52-5d0e-4c0b-9a7e-1f2b3c4d5e6f', token: 'chaos_home' },
  office: { userId: 'b7e04d18-88aa-4d6f-8f11-0a9b8c7d6e5f', token: 'chaos_office' },
  spare: { userId: '0c5d77e1-2b3c-4d5e-8f90-a1b2c3d4e5f6', token: 'chaos_spare' },
}

/** A data directory with the store of a relay in use: three sessions, channels in every mood, an afternoon of messages, replies that wait and that failed. */
export async function seedRelay(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'chaos-admin-'))
  const store = await openSqliteStore({ path: join(dataDir, 'relay.db') })
  await seedSessions(store)
  for (const channel of CHANNELS) await store.channels.insert(channel)
  for (const [id, minutes, rejected] of ACTIVITY)
    await store.channels.setPosition(
      id,
      'activity',
      JSON.stringify({ lastInboundAt: ago(minutes), ...(rejected > 0 && { rejected }) }),
    )
  for (const [minutes, id, channelType, from, content] of MESSAGES)
    await store.inbox.append({
      id: `message-${minutes}`,
      userId: id === 'shop' ? SEEDED.office.userId : SEEDED.home.userId,
      channelId: id,
      channelType,
      from,
      content,
      metadata: {},
      now: ago(minutes),
    })
  const head = (await store.inbox.state(SEEDED.home.userId)).head
  await store.inbox.ack(SEEDED.home.userId, head)
  await seedReplies(store)
  await store.close()
  return dataDir
}

async function seedSessions(store: Store): Promise<void> {
  const key = (letter: string) => ({ kty: 'EC' as const, crv: 'P-256' as const, x: letter.repeat(43), y: letter.repeat(43) })
  const all = [
    { ...SEEDED.spare, publicKey: undefined, now: ago(60 * 24 * 70) },
    { ...SEEDED.office, publicKey: key('B'), now: ago(60 * 24 * 12) },
    { ...SEEDED.home, publicKey: key('A'), now: ago(60 * 24 * 28) },
  ]
  for (const { userId, token, publicKey, now } of all)
    await store.sessions.create({
      userId,
      ...(publicKey && { publicKey }),
      signedBefore: publicKey !== undefined,
      epoch: 'epoch',
      tokenHash: hashToken(token),
      sealedToken: 'sealed',
      now,
    })
}

async function seedReplies(store: Store): Promise<void> {
  const of = { userId: SEEDED.home.userId, channelId: 'telegram-family', channelType: 'telegram' as const, metadata: {}, files: [] }
  const enqueue = (responseId: string, target: string) =>
    store.replies.enqueue({ ...of, responseId, target, content: 'words', state: 'queued', now: ago(9) })
  await enqueue('reply-1', 'a')
  await enqueue('reply-2', 'b')
  await enqueue('reply-3', 'c')
  await store.replies.claimDue(ago(9), 10)
  const busy = 'Telegram asked to wait (429).'
  await store.replies.release('reply-1', { attempts: 4, dueAt: ADMIN_NOW + 2 * MINUTE, reason: busy }, ago(2))
  await store.replies.settle('reply-2', { state: 'failed', reason: 'The person blocked the bot.' }, ago(120))
  await store.replies.settle('reply-3', { state: 'failed', reason: 'The chat no longer exists.' }, ago(60 * 26))
}

function channel(given: Pick<ChannelRecord, 'id' | 'type'> & Partial<ChannelRecord>): ChannelRecord {
  return {
    userId: SEEDED.home.userId,
    revision: 1,
    agentId: '',
    direction: 'bidirectional',
    enabled: true,
    createdAt: ago(60 * 24 * 20),
    metadata: {},
    platform: {},
    secrets: {},
    status: { state: 'ok' },
    ...given,
  }
}

const CHANNELS: ChannelRecord[] = [
  channel({
    id: 'telegram-family',
    type: 'telegram',
    agentId: 'trip-desk',
    metadata: { allowedUsers: ['91840217', '77120034'] },
    platform: { botUsername: 'okafor_family_bot' },
  }),
  channel({
    id: 'slack-work',
    type: 'slack',
    name: 'Okafor workspace',
    status: { state: 'auth_failed', detail: 'Slack revoked the app token. Make a new one and register the app again.' },
  }),
  channel({
    id: 'email-invoices',
    type: 'email',
    name: 'invoices',
    metadata: { allowedSenders: ['office@okafor.example'] },
    platform: { inboundAddress: 'invoices-x7f3k2m9qa@in.okafor.example', userEmail: 'office@okafor.example', verified: true },
  }),
  channel({ id: 'ci', type: 'webhook', name: 'ci', direction: 'inbound' }),
  channel({ id: 'shop', type: 'webhook', name: 'shop', userId: SEEDED.office.userId }),
  channel({
    id: 'discord-maintainers',
    type: 'discord',
    name: 'Maintainers',
    userId: SEEDED.office.userId,
    status: { state: 'waiting_pairing', detail: 'Send the bot its code.' },
  }),
]

/** Where, how many minutes ago the last message came, how many were refused. */
const ACTIVITY: [string, number, number][] = [
  ['telegram-family', 1, 0],
  ['email-invoices', 150, 12],
  ['ci', 28, 0],
  ['shop', 16, 0],
]

/** How many minutes ago, where, from whom, what. */
const MESSAGES: [number, string, ChannelRecord['type'], string, string][] = [
  [231, 'shop', 'webhook', 'shop', 'Order 5190: 3 items, Porto'],
  [150, 'email-invoices', 'email', 'jonas@weber.example', 'Subject: Invoice 2024-118\n\nPlease find the signed copy attached.'],
  [110, 'telegram-family', 'telegram', 'ada', 'Are we still on for Thursday?'],
  [96, 'shop', 'webhook', 'shop', 'Order 5191: 1 item, Leiria'],
  [28, 'ci', 'webhook', 'GitHub', 'Build 4182 failed on main: 2 tests'],
  [16, 'shop', 'webhook', 'uptime', 'relay-2: disk is at 91 %'],
  [1, 'telegram-family', 'telegram', 'ada', 'Can you move it to Friday? The train at 9:40 is full, but the later one has seats.'],
]
