import type { DatabaseSync } from 'node:sqlite'
import type { OperatorStore, SessionOverview } from '../operatorPort.ts'
import { SEQ } from './inboxSql.ts'
import type { CommitQueue } from './queue.ts'
import { COUNT_FAILED, COUNT_QUEUED, NEWEST_FAILED, NEXT_QUEUED } from './repliesSql.ts'
import { toReply } from './replyRow.ts'
import type { ReplyRows } from './replyRows.ts'

const OF_SESSION = 'FROM messages WHERE row > (s.key << 36) AND row < ((s.key + 1) << 36) ORDER BY row'
/** Numbers follow each other, so what is stored between two of them is counted without looking at it: all but the gaps. */
const COLUMNS = `
  key, user_id, public_key IS NOT NULL AS keyed, created_at, acked,
  (SELECT ${SEQ} ${OF_SESSION} LIMIT 1) AS oldest,
  (SELECT ${SEQ} ${OF_SESSION} DESC LIMIT 1) AS newest,
  (SELECT at ${OF_SESSION} DESC LIMIT 1) AS last_at`
const SESSIONS_BEFORE = `SELECT ${COLUMNS} FROM sessions s WHERE key < ? ORDER BY key DESC LIMIT ?`
const SESSION_BY_USER = `SELECT ${COLUMNS} FROM sessions s WHERE user_id = ?`
const COUNT_GAPS = 'SELECT count(*) AS count FROM gaps WHERE row > ((?1 << 36) | ?2) AND row <= ((?1 << 36) | ?3)'

type SessionRow = {
  key: number
  user_id: string
  keyed: number
  created_at: number
  acked: number
  oldest: number | null
  newest: number | null
  last_at: number | null
}

export function createOperator({ database, queue, rows }: { database: DatabaseSync; queue: CommitQueue; rows: ReplyRows }) {
  const sessionsBefore = database.prepare(SESSIONS_BEFORE)
  const sessionByUser = database.prepare(SESSION_BY_USER)
  const countGaps = database.prepare(COUNT_GAPS)
  const nextQueued = database.prepare(NEXT_QUEUED)
  const newestFailed = database.prepare(NEWEST_FAILED)
  const countQueued = database.prepare(COUNT_QUEUED)
  const countFailed = database.prepare(COUNT_FAILED)

  const count = (row: unknown): number => (row as { count: number }).count

  function toOverview({ key, user_id, keyed, created_at, acked, oldest, newest, last_at }: SessionRow): SessionOverview {
    const storedAfter = (seq: number) =>
      oldest === null || newest === null || seq >= newest ? 0 : newest - seq - count(countGaps.get(key, seq, newest))
    const before = (oldest ?? 1) - 1
    return {
      userId: user_id,
      createdAt: created_at,
      keyed: keyed === 1,
      stored: storedAfter(before),
      unacked: storedAfter(Math.max(before, acked)),
      ...(last_at === null ? {} : { lastMessageAt: last_at }),
    }
  }

  return {
    sessions: (limit, before = Number.MAX_SAFE_INTEGER) =>
      queue.read(() => {
        const found = sessionsBefore.all(before, limit + 1) as SessionRow[]
        const page = found.slice(0, limit)
        const last = page.at(-1)
        return { sessions: page.map(toOverview), ...(found.length > limit && last ? { before: last.key } : {}) }
      }),
    session: (userId) =>
      queue.read(() => {
        const row = sessionByUser.get(userId) as SessionRow | undefined
        return row && toOverview(row)
      }),
    replies: (limit) =>
      queue.read(() => ({
        queued: count(countQueued.get()),
        failed: count(countFailed.get()),
        waiting: rows.select(nextQueued, limit).map(toReply),
        failures: rows.select(newestFailed, limit).map(toReply),
      })),
  } satisfies OperatorStore
}
