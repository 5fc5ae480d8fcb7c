import type { Database } from '../database/open.ts'
import type { InboxMessage, Reply } from './model.ts'
import { positionOf, type ThreadItem } from './thread.ts'

/** Rows read in one go: about 10 ms of work, so that a page stays usable while it looks through everything. */
const CHUNK_ROWS = 500

/**
 * Messages and own replies that hold every word in their content, sender or subject, any case, newest first, over everything stored. Reads
 * in chunks and lets the page breathe between them; an aborted search returns what it had.
 */
export async function searchItems(
  db: Database,
  profileId: string,
  words: string,
  limit: number,
  signal?: AbortSignal,
): Promise<ThreadItem[]> {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return []
  const holdsAll = (text: string): boolean => wanted.every((word) => text.toLowerCase().includes(word))
  const search = { db, profileId, limit, signal }
  const messages = await collect(search, 'messages', (message) => holdsAll(messageText(message)))
  const replies = await collect(search, 'replies', (reply) => holdsAll(replyText(reply)))
  const found = [
    ...messages.map((message): ThreadItem => ({ kind: 'message', message })),
    ...replies.map((reply): ThreadItem => ({ kind: 'reply', reply })),
  ]
  return found.sort((a, b) => positionOf(b).at - positionOf(a).at).slice(0, limit)
}

/** How many rows a search looks through. */
export async function countSearched(db: Database, profileId: string): Promise<number> {
  const all = IDBKeyRange.bound([profileId], [profileId, []])
  const counts = await Promise.all([db.countFromIndex('messages', 'time', all), db.countFromIndex('replies', 'time', all)])
  return counts[0] + counts[1]
}

type Rows = { messages: InboxMessage; replies: Reply }
type Search = { db: Database; profileId: string; limit: number; signal: AbortSignal | undefined }

async function collect<Name extends keyof Rows>(
  { db, profileId, limit, signal }: Search,
  store: Name,
  fits: (row: Rows[Name]) => boolean,
): Promise<Rows[Name][]> {
  const found: Rows[Name][] = []
  let end: IDBValidKey = [profileId, []]
  while (found.length < limit && !signal?.aborted) {
    const chunk: Chunk<Rows[Name]> = await readChunk(db, store, [profileId], end)
    for (const row of chunk.rows.reverse()) if (found.length < limit && fits(row)) found.push(row)
    if (!chunk.start) break
    end = chunk.start
    await new Promise<void>((resume) => setTimeout(resume))
  }
  return found
}

type Chunk<T> = { rows: T[]; start?: IDBValidKey }

/** The last rows below `end`; `start` is the key of the first of them, unless nothing lies below. */
async function readChunk<Name extends keyof Rows>(
  db: Database,
  store: Name,
  begin: IDBValidKey,
  end: IDBValidKey,
): Promise<Chunk<Rows[Name]>> {
  const index = db.transaction(store as 'messages').store.index('time')
  const cursor = await index.openKeyCursor(IDBKeyRange.bound(begin, end, false, true), 'prev')
  const start = (await cursor?.advance(CHUNK_ROWS - 1))?.key
  const rows = (await index.getAll(IDBKeyRange.bound(start ?? begin, end, false, true))) as Rows[Name][]
  return start === undefined ? { rows } : { rows, start }
}

function messageText({ content, from, metadata: { subject } }: InboxMessage): string {
  return `${content}\n${from}\n${typeof subject === 'string' ? subject : ''}`
}

function replyText({ content, attachments }: Reply): string {
  return [content, ...attachments.map(({ filename }) => filename)].join('\n')
}
