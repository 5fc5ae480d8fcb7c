import type { DatabaseSync } from 'node:sqlite'
import type { DamageLog } from './damage.ts'
import type { Head } from './heads.ts'
import * as sql from './inboxSql.ts'
import { isIntact, type MessageRow } from './messageRow.ts'
import type { CommitQueue } from './queue.ts'

export type MessagePages = ReturnType<typeof createMessagePages>

/** Reading stored messages: whatever it gives is intact; damaged rows are reported, counted as dropped (relay:CUR8) and left out. relay:STO1 */
export function createMessagePages({ database, queue, damage }: { database: DatabaseSync; queue: CommitQueue; damage: DamageLog }) {
  const after = database.prepare(sql.MESSAGES_AFTER)
  const before = database.prepare(sql.MESSAGES_BEFORE)
  const byId = database.prepare(sql.MESSAGES_BY_ID)
  const atPlace = database.prepare(sql.MESSAGE_AT)
  const firstFrom = database.prepare(sql.FIRST_FROM)
  const addGap = database.prepare(sql.ADD_GAP)

  /** Set while damage that was found is being written down. */
  let noting: Promise<unknown> | undefined

  function intact(row: MessageRow): boolean {
    if (isIntact(row)) return true
    if (damage.found({ table: 'messages', key: row.id })) {
      noting = Promise.all([noting, queue.add(() => void addGap.run(row.session, row.seq, 'damaged', null))]).catch(() => {})
    }
    return false
  }

  /** Reads on past damaged rows until the page is full. */
  function page(statement: typeof after, session: number, from: number, limit: number): MessageRow[] {
    const found: MessageRow[] = []
    for (let position = from; found.length < limit; ) {
      const wanted = limit - found.length
      const rows = statement.all(session, position, wanted) as MessageRow[]
      for (const row of rows) if (intact(row)) found.push(row)
      const end = rows.at(-1)
      if (!end || rows.length < wanted) break
      position = end.seq
    }
    return found
  }

  return {
    /** What was found damaged so far counts as dropped when this resolves. */
    async noted(): Promise<void> {
      const current = noting
      if (!current) return
      await current
      if (noting === current) noting = undefined
    },
    /** Ascending, seq > `seq`. */
    after: (head: Head, seq: number, limit: number) =>
      seq >= head.seq ? [] : page(after, head.key, Math.max(0, Math.floor(seq)), limit),
    /** Descending, seq < `seq`. */
    before: (session: number, seq: number, limit: number) => page(before, session, seq, limit),
    /** Damaged ones too, for deletion. */
    anyById: (messageId: string) => byId.all(messageId) as MessageRow[],
    byId: (messageId: string) => (byId.all(messageId) as MessageRow[]).filter(intact),
    at: (session: number, seq: number) => (atPlace.all(session, seq) as MessageRow[]).filter(intact),
    /** The lowest stored seq, head + 1 when nothing is stored. */
    oldest: (head: Head): number => (firstFrom.get(head.key, 1) as { seq: number } | undefined)?.seq ?? head.seq + 1,
    /** The last seq whose message is not newer than `since`: a binary search, as times ascend with seq. */
    lastUpTo(head: Head, since: number): number {
      let low = 0
      let high = head.seq
      while (low < high) {
        const middle = Math.ceil((low + high) / 2)
        const [row] = page(after, head.key, middle - 1, 1)
        if (row && row.at <= since) low = row.seq
        else high = middle - 1
      }
      return low
    },
  }
}
