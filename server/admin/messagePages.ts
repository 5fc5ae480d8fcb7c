import type { AdminMessages } from '#protocol/admin.ts'
import { RelayError } from '#protocol/errors.ts'
import type { ChannelMessage } from '#protocol/message.ts'
import { readLimit } from '../http/paging.ts'
import type { InboxStore } from '../store/port.ts'

/** relay:ADM7 */
const LIMITS = { usual: 50, most: 200 }
/** Rows read at once: a row can hold 1 MiB and more. */
const CHUNK_ROWS = 25
/** A page ends early above this, however many messages were asked for: its cursor goes on from there. */
const PAGE_BYTES = 8 * 1024 * 1024

export type MessagePage = { messages: ChannelMessage[]; before: number | undefined }

/** What is asked for by `limit` and `cursor`. Throws invalid_field, invalid_cursor. */
export function readPageQuery(query: URLSearchParams): { limit: number; before: number | undefined } {
  const cursor = query.get('cursor')
  if (cursor !== null && !/^[1-9]\d{0,14}$/.test(cursor))
    throw new RelayError('invalid_cursor', 'cursor must be the cursor of an earlier answer.')
  return { limit: readLimit(query, LIMITS), before: cursor === null ? undefined : Number(cursor) }
}

/** A session's messages, newest first, with seq below `before`. Deleted ones leave no hole in a page. */
export async function readMessagePage(
  inbox: Pick<InboxStore, 'recent'>,
  userId: string,
  { limit, before }: { limit: number; before: number | undefined },
): Promise<MessagePage> {
  const messages: ChannelMessage[] = []
  let bytes = 0
  for (let from = before; ; from = messages.at(-1)?.seq) {
    const wanted = Math.min(CHUNK_ROWS, limit + 1 - messages.length)
    const chunk = await inbox.recent(wanted, userId, from)
    for (const message of chunk) {
      bytes += message.content.length + JSON.stringify(message.metadata).length
      if (messages.length === limit || (messages.length > 0 && bytes > PAGE_BYTES))
        return { messages, before: messages.at(-1)?.seq }
      messages.push(message)
    }
    if (chunk.length < wanted) return { messages, before: undefined }
  }
}

/** relay:ADM7 */
export function toAnswer({ messages, before }: MessagePage): AdminMessages {
  return { messages, cursor: before === undefined ? null : String(before) }
}
