import type { HistoryAnswer } from '#protocol/http.ts'
import { readLimit, readPosition } from '../http/paging.ts'
import type { Answer, SessionRequest } from '../http/route.ts'
import type { HistoryEntry, Store } from '../store/port.ts'
import { fillPage } from './replyPage.ts'
import { toPastReply } from './status.ts'

/**
 * GET /replies: what all clients of a session have answered, for those that want to show it. Reads on after `after`, from the beginning when
 * `epoch` is another. Throws invalid_cursor, invalid_field. relay:HIS1
 */
export function createHistory(store: Pick<Store, 'inbox' | 'replies'>) {
  return async ({ session: { userId }, query }: SessionRequest): Promise<Answer> => {
    const position = readPosition(query)
    const limit = readLimit(query)
    const { epoch } = await store.inbox.state(userId)
    const known = (query.get('epoch') || epoch) === epoch
    const start = known && 'after' in position ? position.after : 0
    const read = (last: HistoryEntry | undefined, most: number) => store.replies.history(userId, last?.place ?? start, most)
    const { entries, hasMore } = await fillPage(read, ({ reply }) => reply, limit)
    const replies = entries.map(({ reply }) => toPastReply(reply))
    return { json: { replies, epoch, next: entries.at(-1)?.place ?? start, hasMore } satisfies HistoryAnswer }
  }
}
