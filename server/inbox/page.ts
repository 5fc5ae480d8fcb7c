import type { ChannelMessage } from '#protocol/message.ts'
import type { Position } from '../http/paging.ts'
import type { InboxStore } from '../store/port.ts'

/** Rows read at once: a row can hold 1 MiB and more, so a page is never read in one go. */
const CHUNK_ROWS = 50
/** A page ends early above this, however many messages were asked for; its caller reads on by `nextAfter`. */
const PAGE_BYTES = 8 * 1024 * 1024

export type Page = { messages: ChannelMessage[]; hasMore: boolean }

/** Messages strictly after a position, ascending, at most `limit`. relay:CUR3, CUR4 */
export async function readPage(
  inbox: Pick<InboxStore, 'readAfter' | 'readSince'>,
  userId: string,
  position: Position,
  limit: number,
): Promise<Page> {
  const messages: ChannelMessage[] = []
  let bytes = 0
  for (let from = position; ; ) {
    const wanted = Math.min(CHUNK_ROWS, limit + 1 - messages.length)
    const chunk =
      'since' in from ? await inbox.readSince(userId, from.since, wanted) : await inbox.readAfter(userId, from.after, wanted)
    for (const message of chunk) {
      bytes += weight(message)
      if (messages.length === limit || (messages.length > 0 && bytes > PAGE_BYTES)) return { messages, hasMore: true }
      messages.push(message)
    }
    const last = chunk.at(-1)
    if (last === undefined || chunk.length < wanted) return { messages, hasMore: false }
    from = { after: last.seq }
  }
}

/** About the size of a message in JSON. */
function weight(message: ChannelMessage): number {
  return message.content.length + JSON.stringify(message.metadata).length + 256
}
