import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { DamageLog } from './damage.ts'
import { REPLY_BY_ID, UPDATE_REPLY } from './repliesSql.ts'
import { type ReplyRow, replyChecksum } from './replyRow.ts'

/** What a reply whose row was damaged says of itself: its text is not trusted, so it is neither sent nor shown. relay:STO1 */
const DAMAGED_REASON = 'The relay found this reply damaged on its disk and did not send it. Send it again.'

export type ReplyRows = ReturnType<typeof createReplyRows>

/** Reading and changing rows of `replies` with their checksums. Whatever it gives is intact. relay:STO1 */
export function createReplyRows({ database, damage }: { database: DatabaseSync; damage: DamageLog }) {
  const byId = database.prepare(REPLY_BY_ID)
  const update = database.prepare(UPDATE_REPLY)

  const intact = (row: ReplyRow): boolean => {
    if (replyChecksum(row) === row.crc) return true
    damage.found({ table: 'replies', key: row.response_id })
    return false
  }

  /** Inside a job only. The row as it is then stored. */
  function change(row: ReplyRow, changes: Partial<ReplyRow>): ReplyRow {
    const next = { ...row, ...changes }
    update.run(
      replyChecksum(next),
      next.state,
      next.platform_message_id,
      next.reason,
      next.attempts,
      next.parts_sent,
      next.under_way,
      next.uncertain,
      next.updated_at,
      next.due_at,
      next.attachments,
      next.metadata,
      next.content,
      next.row,
    )
    return next
  }

  return {
    intact,
    change,
    select: (statement: StatementSync, ...values: (string | number)[]) => (statement.all(...values) as ReplyRow[]).filter(intact),
    byId(responseId: string): ReplyRow | undefined {
      const row = byId.get(responseId) as ReplyRow | undefined
      return row && intact(row) ? row : undefined
    },
    /** Inside a job only: takes a damaged reply out of the queue, so that it is not sent and holds up nobody. */
    failDamaged(row: ReplyRow, now: number): void {
      change(row, {
        state: 'failed',
        reason: DAMAGED_REASON,
        attachments: '[]',
        metadata: '{}',
        content: '',
        updated_at: now,
      })
    },
  }
}
