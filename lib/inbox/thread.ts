import type { Database } from '../database/open.ts'
import { gatherEdits, shownUnder } from './edits.ts'
import type { InboxMessage, Reply } from './model.ts'

/** What a conversation holds, in the order of time. client:CDD12 */
export type ThreadItem =
  /** `edits` of it stand with it, oldest first. client:EDT1 */
  { kind: 'message'; message: InboxMessage; edits?: InboxMessage[] } | { kind: 'reply'; reply: Reply }
export type Position = { at: number; seq: number }
/** One item of a thread. */
export type Goal = { messageId: string } | { clientId: string }

type Page = { limit: number } & ({ before?: Position } | { after: Position })
type Read = { items: ThreadItem[]; more: boolean }

/** A reply stands after the message of the same moment. */
const REPLY_SEQ = Number.MAX_SAFE_INTEGER
const START: Position = { at: 0, seq: 0 }
const END: Position = { at: Number.POSITIVE_INFINITY, seq: Number.POSITIVE_INFINITY }

/** Where an item stands in its thread. */
export function positionOf(item: ThreadItem): Position {
  return item.kind === 'message' ? { at: item.message.at, seq: item.message.seq } : { at: item.reply.createdAt, seq: REPLY_SEQ }
}

/**
 * At most `limit` items, ascending: the newest before a position (without one, the newest of all), or the oldest after one. `more` says
 * whether there are others on that side.
 */
export async function readThread(db: Database, profileId: string, conversationId: string, page: Page): Promise<Read> {
  for (let from = page; ; ) {
    const { items, more } = await readRows(db, profileId, conversationId, from)
    const shown = await gatherEdits(db, items)
    const edge = 'after' in from ? items.at(-1) : items[0]
    // Nothing but edits of what stands elsewhere: the page begins behind them.
    if (shown.length > 0 || !more || !edge) return { items: shown, more }
    from = 'after' in from ? { ...from, after: positionOf(edge) } : { ...from, before: positionOf(edge) }
  }
}

async function readRows(db: Database, profileId: string, conversationId: string, page: Page): Promise<Read> {
  const forward = 'after' in page
  const low = forward ? page.after : START
  const high = forward ? END : (page.before ?? END)
  const transaction = db.transaction(['messages', 'replies'])
  const thread = [profileId, conversationId]
  const messages = IDBKeyRange.bound([...thread, low.at, low.seq], [...thread, high.at, high.seq], true, true)
  const replies = IDBKeyRange.bound([...thread, low.at], [...thread, high.at], low.seq >= REPLY_SEQ, high.seq <= REPLY_SEQ)
  const order = forward ? 'next' : 'prev'
  const [inbound, ours] = await Promise.all([
    collect(transaction.objectStore('messages').index('conversation').openCursor(messages, order), page.limit + 1),
    collect(transaction.objectStore('replies').index('conversation').openCursor(replies, order), page.limit + 1),
  ])
  const items = [
    ...inbound.map((message): ThreadItem => ({ kind: 'message', message })),
    ...ours.map((reply): ThreadItem => ({ kind: 'reply', reply })),
  ].sort((a, b) => compare(positionOf(a), positionOf(b)) * (forward ? 1 : -1))
  const found = items.slice(0, page.limit)
  return { items: forward ? found : found.reverse(), more: items.length > page.limit }
}

/**
 * An item, or for an edit what it edits, with up to `limit` others on each side. `undefined` when it is not in this conversation (any more).
 * client:INB3, EDT4
 */
export async function readAround(
  db: Database,
  profileId: string,
  conversationId: string,
  goal: Goal,
  limit: number,
): Promise<(Read & { later: boolean; goal: Goal }) | undefined> {
  const item = await readItem(db, profileId, goal)
  const row = item?.kind === 'message' ? item.message : item?.reply
  if (!item || row?.conversationId !== conversationId) return undefined
  const [older, newer] = await Promise.all([
    readThread(db, profileId, conversationId, { before: positionOf(item), limit }),
    readThread(db, profileId, conversationId, { after: positionOf(item), limit }),
  ])
  return {
    items: [...older.items, item, ...newer.items],
    more: older.more,
    later: newer.more,
    goal: item.kind === 'message' ? { messageId: item.message.id } : goal,
  }
}

async function readItem(db: Database, profileId: string, goal: Goal): Promise<ThreadItem | undefined> {
  if ('messageId' in goal) {
    const message = await db.get('messages', [profileId, goal.messageId])
    if (!message) return undefined
    return (await gatherEdits(db, [{ kind: 'message', message: await shownUnder(db, message) }]))[0]
  }
  const reply = await db.get('replies', goal.clientId)
  return reply?.profileId === profileId ? { kind: 'reply', reply } : undefined
}

function compare(a: Position, b: Position): number {
  return a.at - b.at || a.seq - b.seq
}

type Cursor<T> = { value: T; continue(): Promise<Cursor<T> | null> }

async function collect<T>(first: Promise<Cursor<T> | null>, limit: number): Promise<T[]> {
  const values: T[] = []
  for (let cursor = await first; cursor && values.length < limit; cursor = await cursor.continue()) values.push(cursor.value)
  return values
}
