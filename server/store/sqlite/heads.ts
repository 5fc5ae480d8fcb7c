import type { DatabaseSync } from 'node:sqlite'
import { HEAD, MESSAGES_BEFORE } from './inboxSql.ts'
import { isIntact, type MessageRow } from './messageRow.ts'

/** Heads kept in memory at most; beyond, all are let go and read again when needed. */
const MAX_HEADS = 50_000
/** One above the largest seq that a row number can hold. */
const SEQ_END = 2 ** 36 - 1

/** Where a session's inbox stands. `handedOut` is the latest `since` a poll has answered (relay:CUR5), `expiredAt` the time of the newest that expired. */
export type Head = {
  key: number
  userId: string
  epoch: string
  seq: number
  at: number
  acked: number
  expiredAt: number
  handedOut: number
}

export type Heads = ReturnType<typeof createHeads>

/**
 * The newest seq and time of each session, so that an append needs no read. Emptied by a rollback. `handedOutBefore`: what polls were answered before
 * this start. relay:CUR1, CUR5
 */
export function createHeads(database: DatabaseSync, handedOutBefore: number) {
  const session = database.prepare(HEAD)
  const newest = database.prepare(MESSAGES_BEFORE)
  const heads = new Map<string, Head>()
  /** Keeps what was handed out when the heads are let go. */
  let handedOutByAll = handedOutBefore

  function load(userId: string): Head | undefined {
    const row = session.get(userId) as
      | { key: number; epoch: string; acked: number; floor_seq: number; floor_at: number; expired_at: number }
      | undefined
    if (!row) return undefined
    const last = lastStored(row.key)
    return {
      key: row.key,
      userId,
      epoch: row.epoch,
      seq: Math.max(row.floor_seq, last.seq),
      at: Math.max(row.floor_at, last.at),
      acked: row.acked,
      expiredAt: row.expired_at,
      handedOut: handedOutByAll,
    }
  }

  /** The newest seq, and the newest time of a row that is intact: a damaged one must not move the clock. */
  function lastStored(key: number): { seq: number; at: number } {
    let seq = 0
    for (let before = SEQ_END; ; ) {
      const [row] = newest.all(key, before, 1) as MessageRow[]
      if (!row) return { seq, at: 0 }
      seq = Math.max(seq, row.seq)
      if (isIntact(row)) return { seq, at: row.at }
      before = row.seq
    }
  }

  return {
    /** `undefined` when the session does not exist. */
    get(userId: string): Head | undefined {
      const known = heads.get(userId)
      if (known) return known
      const head = load(userId)
      if (head) heads.set(userId, head)
      return head
    },
    forget(userId: string): void {
      heads.delete(userId)
    },
    /** After a rollback: what is in memory may never have been stored. */
    reload(): void {
      for (const head of heads.values()) handedOutByAll = Math.max(handedOutByAll, head.handedOut)
      heads.clear()
    },
    /** Between commits, so that memory stays bounded. */
    trim(): void {
      if (heads.size > MAX_HEADS) this.reload()
    },
  }
}
