import type { NewMessage, NewReply, Store } from '../../../server/store/port.ts'
import type { ChannelRecord } from '../../../server/store/records.ts'

/** One fresh, empty store of an engine. */
export type OpenedStore = {
  store: Store
  /** Closes the store and opens the same data again; absent for engines that keep nothing. */
  restart?: () => Promise<Store>
  close(): Promise<void>
}

/** `durable`: what is committed survives a restart. */
export type StoreEngine = { name: string; durable: boolean; open(): Promise<OpenedStore> }

/** Closes and opens the store again where the engine is durable. */
export async function restart(opened: OpenedStore): Promise<void> {
  if (opened.restart) opened.store = await opened.restart()
}

/** A moment all tests start from. */
export const T0 = Date.parse('2026-03-01T12:00:00.000Z')
export const DAY = 24 * 60 * 60_000

let counter = 0
/** A fresh name, ascending like the relay's own ids. */
export const fresh = (prefix: string) => `${prefix}-${String(++counter).padStart(6, '0')}`

export async function addSession(store: Store, given: Partial<Parameters<Store['sessions']['create']>[0]> = {}): Promise<string> {
  const userId = given.userId ?? fresh('user')
  await store.sessions.create({
    userId,
    signedBefore: false,
    epoch: fresh('epoch'),
    tokenHash: fresh('hash'),
    sealedToken: 'sealed',
    now: T0,
    ...given,
  })
  return userId
}

export function newMessage(userId: string, given: Partial<NewMessage> = {}): NewMessage {
  return {
    id: fresh('m'),
    userId,
    channelId: 'hook',
    channelType: 'webhook',
    from: 'webhook',
    content: 'hello',
    metadata: { channelDirection: 'inbound' },
    now: T0,
    ...given,
  }
}

export function newReply(userId: string, given: Partial<NewReply> = {}): NewReply {
  return {
    responseId: fresh('r'),
    userId,
    channelId: 'chat',
    channelType: 'telegram',
    content: 'hello',
    metadata: {},
    files: [],
    target: 'anna',
    state: 'queued',
    now: T0,
    ...given,
  }
}

export function newChannel(userId: string, given: Partial<ChannelRecord> = {}): ChannelRecord {
  return {
    id: fresh('channel'),
    userId,
    type: 'webhook',
    revision: 1,
    agentId: '',
    direction: 'inbound',
    enabled: true,
    createdAt: T0,
    metadata: {},
    platform: {},
    secrets: {},
    status: { state: 'ok' },
    ...given,
  }
}

/** Appends and gives the stored message; anything else fails the test. */
export async function appendStored(store: Store, message: NewMessage) {
  const appended = await store.inbox.append(message)
  if (appended.kind !== 'stored') throw new Error(`not stored: ${appended.kind}`)
  return appended.message
}

export async function enqueueStored(store: Store, reply: NewReply) {
  const enqueued = await store.replies.enqueue(reply)
  if (enqueued.kind !== 'stored') throw new Error(`not stored: ${enqueued.kind}`)
  return enqueued.reply
}

/** Runs expiry until a whole pass is done; what nobody had acknowledged and went. */
export async function expireAll(store: Store, limits: Parameters<Store['maintenance']['expire']>[0]) {
  const dropped = new Map<string, number>()
  for (let more = true; more; ) {
    const slice = await store.maintenance.expire(limits)
    for (const { userId, count } of slice.unackedDropped) dropped.set(userId, (dropped.get(userId) ?? 0) + count)
    more = slice.more
  }
  return dropped
}

/** One whole pass of the scrub: everything damaged that it met. */
export async function scrubAll(store: Store): Promise<string[]> {
  const damaged: string[] = []
  for (let done = false; !done; ) {
    const slice = await store.maintenance.scrub()
    damaged.push(...slice.damaged)
    done = slice.done
  }
  return damaged
}
