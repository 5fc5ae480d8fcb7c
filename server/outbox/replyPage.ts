import type { ReplyRecord } from '../store/port.ts'

/** Read at once: a reply can hold megabytes of metadata, so a page is never read in one go. */
const CHUNK_ROWS = 50
/** A page ends early above this, however many were asked for; its caller reads on. */
const PAGE_CHARACTERS = 8 * 1024 * 1024

type Page<Entry> = { entries: Entry[]; hasMore: boolean }

/** At most `limit` entries in the order `read` gives them; `after` is the last one there is, `undefined` at the beginning. relay:CUR4, HIS1 */
export async function fillPage<Entry>(
  read: (after: Entry | undefined, most: number) => Promise<Page<Entry>>,
  replyOf: (entry: Entry) => Pick<ReplyRecord, 'content' | 'metadata'>,
  limit: number,
): Promise<Page<Entry>> {
  const entries: Entry[] = []
  let size = 0
  for (;;) {
    const chunk = await read(entries.at(-1), Math.min(CHUNK_ROWS, limit - entries.length))
    for (const [index, entry] of chunk.entries.entries()) {
      entries.push(entry)
      const { content, metadata } = replyOf(entry)
      size += content.length + JSON.stringify(metadata).length
      const hasMore = chunk.hasMore || index < chunk.entries.length - 1
      if (entries.length === limit || size > PAGE_CHARACTERS) return { entries, hasMore }
    }
    if (!chunk.hasMore) return { entries, hasMore: false }
  }
}
