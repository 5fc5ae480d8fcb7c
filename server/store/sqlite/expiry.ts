import type { DatabaseSync } from 'node:sqlite'
import { APPROVALS_KEPT_MS, DEDUP_KEPT_MS, NONCE_KEPT_MS } from '#protocol/limits.ts'
import type { Files } from './files.ts'
import type { Heads } from './heads.ts'
import { COUNT_GAPS, KEEP_EXPIRED_AT, KEEP_FLOOR } from './inboxSql.ts'
import type { Removal } from './removal.ts'

/** Messages deleted, or sessions looked at, in one transaction: some milliseconds of work. */
const SLICE_ROWS = 200

const NEXT_SESSION = 'SELECT key, user_id FROM sessions WHERE key >= ? ORDER BY key LIMIT 1'
const OLDEST_MESSAGES = `
  SELECT row & ${(1n << 36n) - 1n} AS seq, at, id, attachments IS NOT NULL AS has_files FROM messages
  WHERE row > (?1 << 36) AND row < ((?1 + 1) << 36) ORDER BY row LIMIT ?2`
const DELETE_UP_TO = 'DELETE FROM messages WHERE row > (?1 << 36) AND row <= ((?1 << 36) | ?2)'
const DELETE_GAPS_UP_TO = 'DELETE FROM gaps WHERE row > (?1 << 36) AND row <= ((?1 << 36) | ?2)'
const OLD_REPLIES = `
  SELECT row, response_id FROM (SELECT row, response_id, state, created_at FROM replies ORDER BY row LIMIT ${SLICE_ROWS})
  WHERE created_at < ? AND state <> 'queued'`
const DELETE_REPLY = 'DELETE FROM replies WHERE row = ?'
/** Row numbers ascend with time, so only the lowest need a look. */
const DELETE_OLD_REPEATS = `
  DELETE FROM repeats WHERE at < ?1 AND row IN (SELECT row FROM repeats ORDER BY row LIMIT ${SLICE_ROWS})`
const DELETE_OLD_NONCES = `
  DELETE FROM nonces WHERE at < ?1 AND row IN (SELECT row FROM nonces ORDER BY row LIMIT ${SLICE_ROWS})`
const DELETE_OLD_APPROVALS = `
  DELETE FROM approvals WHERE created_at < ?1 AND row IN (SELECT row FROM approvals ORDER BY row LIMIT ${SLICE_ROWS})`
const DELETE_OLD_TRACES = `
  DELETE FROM files WHERE row IN (SELECT row FROM files WHERE state = 'gone' AND at < ?1 LIMIT ${SLICE_ROWS})`

export type Limits = { now: number; keptMs: number; keptMessages: number }
export type Dropped = { userId: string; count: number }

/**
 * Expiry in small slices: `slice` does one and says whether more remains; a pass goes over every session and then over the rest. Within a session
 * the oldest go first, which are the acknowledged ones. All inside jobs only. relay:CUR7, STO4
 */
export function createExpiry({
  database,
  heads,
  files,
  removal,
}: {
  database: DatabaseSync
  heads: Heads
  files: Files
  removal: Removal
}) {
  const nextSession = database.prepare(NEXT_SESSION)
  const oldestMessages = database.prepare(OLDEST_MESSAGES)
  const deleteUpTo = database.prepare(DELETE_UP_TO)
  const deleteGaps = database.prepare(DELETE_GAPS_UP_TO)
  const countGaps = database.prepare(COUNT_GAPS)
  const keepFloor = database.prepare(KEEP_FLOOR)
  const keepExpiredAt = database.prepare(KEEP_EXPIRED_AT)
  const oldReplies = database.prepare(OLD_REPLIES)
  const deleteReply = database.prepare(DELETE_REPLY)
  const deleteRepeats = database.prepare(DELETE_OLD_REPEATS)
  const deleteNonces = database.prepare(DELETE_OLD_NONCES)
  const deleteApprovals = database.prepare(DELETE_OLD_APPROVALS)
  const deleteTraces = database.prepare(DELETE_OLD_TRACES)
  /** The session to look at next; `undefined`: this pass is past the sessions. */
  let cursor: number | undefined = 0

  /** Deletes what is over age or over number; returns how many rows went and how many of them nobody had acknowledged. */
  function expireSession(key: number, userId: string, { now, keptMs, keptMessages }: Limits) {
    const rows = oldestMessages.all(key, SLICE_ROWS) as { seq: number; at: number; id: string; has_files: number }[]
    const head = rows.length > 0 ? heads.get(userId) : undefined
    const first = rows[0]
    if (!head || !first) return { deleted: 0, unacked: 0 }
    const { count: gaps } = countGaps.get(key, first.seq - 1) as { count: number }
    const surplus = head.seq - first.seq + 1 - gaps - keptMessages
    const kept = rows.findIndex((row, index) => row.at >= now - keptMs && index >= surplus)
    const going = kept === -1 ? rows : rows.slice(0, kept)
    const last = going.at(-1)
    if (!last) return { deleted: 0, unacked: 0 }
    for (const { id } of going.filter((row) => row.has_files === 1)) files.empty(id)
    deleteUpTo.run(key, last.seq)
    deleteGaps.run(key, last.seq)
    keepFloor.run(key, head.seq, head.at)
    keepExpiredAt.run(key, last.at)
    head.expiredAt = Math.max(head.expiredAt, last.at)
    return { deleted: going.length, unacked: going.filter((row) => row.seq > head.acked).length }
  }

  function expireSessions(limits: Limits): Dropped[] {
    const dropped: Dropped[] = []
    for (let looked = 0; cursor !== undefined && looked < SLICE_ROWS; looked++) {
      const session = nextSession.get(cursor) as { key: number; user_id: string } | undefined
      if (!session) {
        cursor = undefined
        break
      }
      const { deleted, unacked } = expireSession(session.key, session.user_id, limits)
      if (unacked > 0) dropped.push({ userId: session.user_id, count: unacked })
      looked += deleted
      cursor = deleted === SLICE_ROWS ? session.key : session.key + 1
    }
    return dropped
  }

  function expireRest({ now, keptMs }: Limits): boolean {
    const replies = oldReplies.all(now - keptMs) as { row: number; response_id: string }[]
    for (const { row, response_id } of replies) {
      deleteReply.run(row)
      files.empty(response_id)
    }
    const counts = [
      replies.length,
      deleteRepeats.run(now - DEDUP_KEPT_MS).changes,
      deleteNonces.run(now - NONCE_KEPT_MS).changes,
      deleteApprovals.run(now - APPROVALS_KEPT_MS).changes,
      deleteTraces.run(now - 2 * keptMs).changes,
    ]
    return removal.resume() || counts.some((count) => Number(count) >= SLICE_ROWS)
  }

  return {
    slice(limits: Limits): { more: boolean; unackedDropped: Dropped[] } {
      if (cursor !== undefined) return { unackedDropped: expireSessions(limits), more: true }
      const more = expireRest(limits)
      if (!more) cursor = 0
      return { unackedDropped: [], more }
    },
  }
}
