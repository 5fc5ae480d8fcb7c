import type { Position } from '../http/paging.ts'
import type { ReplyRecord, ReplyStore } from '../store/port.ts'

/** Read at once: a reply can hold megabytes of metadata, so a page is never read in one go. */
const CHUNK_ROWS = 50
/** A page ends early above this, however many were asked for; its caller reads on by `since`. */
const PAGE_CHARACTERS = 8 * 1024 * 1024

/** Responses strictly after a position, ascending, at most `limit`. relay:CH12, CUR3, CUR4 */
export async function readResponsePage(
  replies: Pick<ReplyStore, 'listResponses'>,
  channelId: string,
  position: Position,
  limit: number,
) {
  const page: ReplyRecord[] = []
  let size = 0
  for (let from = position; ; ) {
    const chunk = await replies.listResponses(channelId, from, Math.min(CHUNK_ROWS, limit - page.length))
    for (const [index, reply] of chunk.replies.entries()) {
      page.push(reply)
      size += reply.content.length + JSON.stringify(reply.metadata).length
      const hasMore = chunk.hasMore || index < chunk.replies.length - 1
      if (page.length === limit || size > PAGE_CHARACTERS) return { replies: page, hasMore }
    }
    const last = chunk.replies.at(-1)
    if (!last || !chunk.hasMore) return { replies: page, hasMore: chunk.hasMore }
    from = { since: last.createdAt }
  }
}
