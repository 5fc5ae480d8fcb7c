import type { HistoryAnswer } from '#protocol/http.ts'
import { readLimit, readPosition } from '../http/paging.ts'
import type { Answer, SessionRequest } from '../http/route.ts'
import type { HistoryEntry, Store } from '../store/port.ts'
import { toPastReply } from './status.ts'

/** Read at once: a reply can hold megabytes of metadata. */
const CHUNK_ROWS = 50
/** A page ends early above this, however many were asked for; its caller reads on. */
const PAGE_CHARACTERS = 8 * 1024 * 1024

/**
 * GET /replies: what all clients of a session have answered, for those that want to show it. Reads on after `after`, from the beginning when
 * `epoch` is another. Throws invalid_cursor, invalid_field. relay:HIS1
 */
export function createHistory(store: Pick<Store, 'inbox' | 'replies'>) {
  async function page(userId: string, start: number, limit: number): Promise<{ entries: HistoryEntry[]; hasMore: boolean }> {
    const entries: HistoryEntry[] = []
    let size = 0
    for (;;) {
      const from = entries.at(-1)?.place ?? start
      const chunk = await store.replies.history(userId, from, Math.min(CHUNK_ROWS, limit - entries.length))
      for (const [index, entry] of chunk.entries.entries()) {
        entries.push(entry)
        size += entry.reply.content.length + JSON.stringify(entry.reply.metadata).length
        const hasMore = chunk.hasMore || index < chunk.entries.length - 1
        if (entries.length === limit || size > PAGE_CHARACTERS) return { entries, hasMore }
      }
      if (!chunk.hasMore) return { entries, hasMore: false }
    }
  }

  return async ({ session: { userId }, query }: SessionRequest): Promise<Answer> => {
    const position = readPosition(query)
    const limit = readLimit(query)
    const { epoch } = await store.inbox.state(userId)
    const known = (query.get('epoch') || epoch) === epoch
    const start = known && 'after' in position ? position.after : 0
    const { entries, hasMore } = await page(userId, start, limit)
    const replies = entries.map(({ reply }) => toPastReply(reply))
    return { json: { replies, epoch, next: entries.at(-1)?.place ?? start, hasMore } satisfies HistoryAnswer }
  }
}
