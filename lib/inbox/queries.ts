import type { Database } from '../database/open.ts'
import type { ChaosDatabase } from '../database/schema.ts'
import type { Conversation, Draft, GapNotice, InboxMessage, Reply } from './model.ts'

/** `lastReply` is set when our own reply is the newest item. */
export type ConversationRow = Conversation & { draft?: string; lastReply?: Reply }
export type ThreadItem = { kind: 'message'; message: InboxMessage } | { kind: 'reply'; reply: Reply }
export type Position = { at: number; seq: number }

/** Rows read in one go: about 10 ms of work, so that a page stays usable while it looks through everything. */
const CHUNK_ROWS = 500

/** All conversations of a profile, newest first. */
export async function listConversations(db: Database, profileId: string): Promise<ConversationRow[]> {
  const transaction = db.transaction(['conversations', 'drafts', 'replies'])
  const [conversations, drafts] = await Promise.all([
    transaction.objectStore('conversations').index('recent').getAll(within(profileId)),
    transaction.objectStore('drafts').getAll(within(profileId)),
  ])
  const draftOf = new Map(drafts.map((draft) => [draft.conversationId, draft.text]))
  const replies = transaction.objectStore('replies')
  const rows = conversations.map(async (conversation): Promise<ConversationRow> => {
    const draft = draftOf.get(conversation.id)
    const lastReply = conversation.lastReplyId === undefined ? undefined : await replies.get(conversation.lastReplyId)
    return { ...conversation, ...(draft && { draft }), ...(lastReply && { lastReply }) }
  })
  return (await Promise.all(rows)).reverse()
}

/** Where an item stands in its thread: what `before` takes. */
export function positionOf(item: ThreadItem): Position {
  return item.kind === 'message'
    ? { at: item.message.at, seq: item.message.seq }
    : { at: item.reply.createdAt, seq: Number.MAX_SAFE_INTEGER }
}

/** The newest `limit` items before a position, ascending. client:CDD12 */
export async function readThread(
  db: Database,
  profileId: string,
  conversationId: string,
  page: { before?: Position; limit: number },
): Promise<{ items: ThreadItem[]; more: boolean }> {
  const { at, seq } = page.before ?? { at: Number.POSITIVE_INFINITY, seq: Number.POSITIVE_INFINITY }
  const transaction = db.transaction(['messages', 'replies'])
  const from = [profileId, conversationId]
  const messages = IDBKeyRange.bound(from, [...from, at, seq], false, true)
  const replies = IDBKeyRange.bound(from, [...from, at], false, true)
  const [inbound, ours] = await Promise.all([
    collect(transaction.objectStore('messages').index('conversation').openCursor(messages, 'prev'), page.limit + 1),
    collect(transaction.objectStore('replies').index('conversation').openCursor(replies, 'prev'), page.limit + 1),
  ])
  const items = [
    ...inbound.map((message): ThreadItem => ({ kind: 'message', message })),
    ...ours.map((reply): ThreadItem => ({ kind: 'reply', reply })),
  ].sort((a, b) => compare(positionOf(b), positionOf(a)))
  return { items: items.slice(0, page.limit).reverse(), more: items.length > page.limit }
}

export async function readConversation(db: Database, profileId: string, id: string): Promise<Conversation | undefined> {
  return db.get('conversations', [profileId, id])
}

/** client:CRP5 */
export async function readDraft(db: Database, profileId: string, conversationId: string): Promise<Draft | undefined> {
  return db.get('drafts', [profileId, conversationId])
}

/** Gap notices the reader has not dismissed, oldest first. client:CDD6 */
export async function listGaps(db: Database, profileId: string): Promise<GapNotice[]> {
  const gaps = await db.getAll('gaps', within(profileId))
  return gaps.filter((gap) => gap.dismissed === 0).sort((a, b) => a.at - b.at)
}

export async function readFile(
  db: Database,
  profileId: string,
  messageId: string,
  attachmentId: string,
): Promise<ChaosDatabase['files']['value'] | undefined> {
  return db.get('files', [profileId, messageId, attachmentId])
}

/**
 * Messages that hold every word in their content, sender or subject, any case, newest first, over everything stored. Reads in chunks
 * and lets the page breathe between them; an aborted search returns what it had.
 */
export async function searchMessages(
  db: Database,
  profileId: string,
  words: string,
  limit: number,
  signal?: AbortSignal,
): Promise<InboxMessage[]> {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return []
  const found: InboxMessage[] = []
  let end: IDBValidKey = [profileId, []]
  while (found.length < limit && !signal?.aborted) {
    const chunk = await readChunk(db, [profileId], end)
    for (const message of chunk.rows.reverse()) if (found.length < limit && matches(message, wanted)) found.push(message)
    if (!chunk.start) break
    end = chunk.start
    await new Promise<void>((resume) => setTimeout(resume))
  }
  return found
}

/** The last rows below `end`; `start` is the key of the first of them, unless nothing lies below. */
async function readChunk(
  db: Database,
  begin: IDBValidKey,
  end: IDBValidKey,
): Promise<{ rows: InboxMessage[]; start?: IDBValidKey }> {
  const index = db.transaction('messages').store.index('time')
  const cursor = await index.openKeyCursor(IDBKeyRange.bound(begin, end, false, true), 'prev')
  const start = (await cursor?.advance(CHUNK_ROWS - 1))?.key
  const rows = await index.getAll(IDBKeyRange.bound(start ?? begin, end, false, true))
  return start === undefined ? { rows } : { rows, start }
}

function matches(message: InboxMessage, wanted: string[]): boolean {
  const subject = message.metadata.subject
  const text = `${message.content}\n${message.from}\n${typeof subject === 'string' ? subject : ''}`.toLowerCase()
  return wanted.every((word) => text.includes(word))
}

/** Every key that begins with this profile. */
function within(profileId: string): IDBKeyRange {
  return IDBKeyRange.bound([profileId], [profileId, []])
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
