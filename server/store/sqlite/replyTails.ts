import type { DatabaseSync } from 'node:sqlite'
import { CHANNEL_TAIL } from './repliesSql.ts'

/** Channels kept in memory at most; beyond, all are let go and read again when needed. */
const MAX_TAILS = 50_000

export type ReplyTails = ReturnType<typeof createReplyTails>

/** Where each channel's list of responses ends: positions from 1 without gaps, times that only rise. relay:CH12, CUR5 */
export function createReplyTails(database: DatabaseSync, handedOutBefore: number) {
  const newest = database.prepare(CHANNEL_TAIL)
  const tails = new Map<number, { position: number; at: number; handedOut: number }>()
  let handedOutByAll = handedOutBefore

  function get(channel: number) {
    const known = tails.get(channel)
    if (known) return known
    const row = newest.get(channel) as { position: number; created_at: number } | undefined
    const tail = { position: row?.position ?? 0, at: row?.created_at ?? 0, handedOut: handedOutByAll }
    tails.set(channel, tail)
    return tail
  }

  function reload(): void {
    for (const tail of tails.values()) handedOutByAll = Math.max(handedOutByAll, tail.handedOut)
    tails.clear()
  }

  return {
    /** Inside a job only. */
    next(channel: number, now: number): { position: number; at: number } {
      const tail = get(channel)
      tail.position++
      tail.at = Math.max(now, tail.at + 1, tail.handedOut + 1)
      return { position: tail.position, at: tail.at }
    },
    /** A channel that has no number yet counts with all that are not in memory. */
    handOut(channel: number | undefined, since: number): void {
      if (channel === undefined) handedOutByAll = Math.max(handedOutByAll, since)
      else {
        const tail = get(channel)
        tail.handedOut = Math.max(tail.handedOut, since)
      }
    },
    reload,
    trim: () => {
      if (tails.size > MAX_TAILS) reload()
    },
  }
}
