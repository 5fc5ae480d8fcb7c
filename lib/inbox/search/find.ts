import type { Database } from '../../database/open.ts'
import type { ThreadItem } from '../thread.ts'
import { readItems } from './indexing.ts'
import type { Columns, SearchBlock } from './model.ts'
import type { Query } from './query.ts'

/** Blocks read in one go; between two goes the page may paint. */
const BLOCKS_AT_ONCE = 8
/** An index that is rewritten all the time while it is read is looked at once more, then taken as it is. */
const TRIES = 3

/** The newest items found, how many there are in all, and how many were looked through. */
export type Found = { items: ThreadItem[]; total: number; searched: number }
/** Which of a profile's conversations are looked through; all without one. */
export type Places = ReadonlySet<string> | undefined

export type Searching = ReturnType<typeof createSearching>

/**
 * Looks for words in everything stored of one profile, newest first. Keeps the blocks it has read, so that the next letter costs a few
 * milliseconds; made anew for every page, and let go with it. client:SRC1, SRC6
 */
export function createSearching({ db, profileId }: { db: Database; profileId: string }) {
  const known = new Map<string, SearchBlock>()

  /** All blocks as they are now. `undefined` when one was rewritten while they were read. */
  async function readBlocks(keys: readonly BlockKey[], signal: AbortSignal | undefined): Promise<SearchBlock[] | undefined> {
    const current = new Set(keys.map(String))
    for (const key of known.keys()) if (!current.has(key)) known.delete(key)
    const missing = keys.filter((key) => !known.has(String(key)))
    for (let done = 0; done < missing.length && !signal?.aborted; done += BLOCKS_AT_ONCE) {
      const store = db.transaction('searchBlocks').store
      const blocks = await Promise.all(missing.slice(done, done + BLOCKS_AT_ONCE).map((key) => store.get(key)))
      for (const block of blocks) {
        if (!block) return undefined
        known.set(String([profileId, block.no, block.version]), block)
      }
    }
    return [...known.values()]
  }

  async function readAll(signal: AbortSignal | undefined): Promise<{ parts: Columns[]; gone: ReadonlySet<string> }> {
    for (let attempt = 1; ; attempt++) {
      const transaction = db.transaction(['searchBlocks', 'unindexed'])
      const [keys, waiting] = await Promise.all([
        transaction.objectStore('searchBlocks').getAllKeys(IDBKeyRange.bound([profileId], [profileId, []])),
        transaction.objectStore('unindexed').getAll(),
      ])
      const mine = waiting.filter((entry) => entry.profileId === profileId)
      const [blocks, fresh] = await Promise.all([readBlocks(keys, signal), readItems(db, mine, signal)])
      if (!blocks && attempt < TRIES) continue
      const gone = new Set(mine.flatMap(({ kind, ids }) => (kind === 'gone' ? ids : [])))
      return { parts: [...(blocks ?? known.values()), fresh], gone }
    }
  }

  return {
    async search(query: Query, limit: number, places?: Places, signal?: AbortSignal): Promise<Found> {
      const [{ parts, gone }, unread] = await Promise.all([readAll(signal), query.unread ? readUnread(db, profileId) : undefined])
      const hits: Hit[] = []
      let searched = 0
      for (const part of parts) {
        searched += part.ids.length
        findIn(part, query, places, hits)
      }
      const left = hits.filter(({ id, ours }) => !gone.has(id) && (!unread || (!ours && unread.has(id))))
      left.sort((a, b) => b.at - a.at)
      const items = signal?.aborted ? [] : await readHits(db, profileId, left.slice(0, limit))
      return { items, total: left.length, searched }
    },
  }
}

type BlockKey = [profileId: string, no: number, version: number]
type Hit = { id: string; ours: boolean; at: number }

function findIn(part: Columns, { words, from, file, before, since }: Query, places: Places, hits: Hit[]): void {
  const { ids, ours, at, texts, conversations, files, from: senders } = part
  for (let place = 0; place < ids.length; place++) {
    const text = texts[place] ?? ''
    const time = at[place] ?? 0
    if (!words.every((word) => text.includes(word))) continue
    if (file && !files[place]) continue
    if (before !== undefined && time >= before) continue
    if (since !== undefined && time < since) continue
    if (places && !places.has(conversations[place] ?? '')) continue
    const isOurs = ours[place] === true
    // Of our side, somebody only where it was not the reader.
    const sender = senders[place] || (isOurs ? 'me' : '')
    if (from.length > 0 && !from.some((name) => (isOurs ? name === sender : sender.includes(name)))) continue
    hits.push({ id: ids[place] ?? '', ours: isOurs, at: time })
  }
}

async function readUnread(db: Database, profileId: string): Promise<ReadonlySet<string>> {
  const transaction = db.transaction(['conversations', 'messages'])
  const some = IDBKeyRange.bound([profileId, 1], [profileId, Number.POSITIVE_INFINITY])
  const conversations = await transaction.objectStore('conversations').index('unread').getAllKeys(some)
  const unread = transaction.objectStore('messages').index('unread')
  const keys = await Promise.all(conversations.map(([, id]) => unread.getAllKeys(IDBKeyRange.only([profileId, id, 0]))))
  return new Set(keys.flat().map(([, id]) => id))
}

/** The rows of what was found, as far as they are still there. */
async function readHits(db: Database, profileId: string, hits: readonly Hit[]): Promise<ThreadItem[]> {
  const transaction = db.transaction(['messages', 'replies'])
  const rows = hits.map(async ({ id, ours }): Promise<ThreadItem | undefined> => {
    if (ours) {
      const reply = await transaction.objectStore('replies').get(id)
      return reply && { kind: 'reply', reply }
    }
    const message = await transaction.objectStore('messages').get([profileId, id])
    return message && { kind: 'message', message }
  })
  return (await Promise.all(rows)).flatMap((item) => item ?? [])
}
