import type { Cursor } from '../profiles/model.ts'
import type { Parsed } from './toRow.ts'

/**
 * What a batch means for the cursor. Replays and pages come in order and leave out only what the relay no longer has; a live message
 * may come before its predecessors (client:CDD13).
 */
export type Position =
  | { kind: 'live' | 'replay' | 'reset' }
  | { kind: 'replayEnd' | 'none'; head: number }
  | { kind: 'page'; end?: number; since: string; head: number }

/** Positions above the cursor remembered as stored. Beyond it a poll finds out again. client:ARC5 */
const AHEAD_LIMIT = 10_000

/** Moves the cursor of one profile. Keeps in memory only which positions above it are already committed. */
export function createAdvance(profileId: string) {
  const ahead = new Set<number>()
  let aheadEpoch = ''

  return {
    plan(epoch: string, parsed: Parsed[], position: Position) {
      if (epoch !== aheadEpoch) {
        ahead.clear()
        aheadEpoch = epoch
      }
      const stored: number[] = []
      // Above what the relay says it has: its list lost its tail and will use these positions anew, or they came while the page was under way.
      const head = 'head' in position ? position.head : Number.POSITIVE_INFINITY
      const doubted = [...ahead].some((at) => at > head)
      let gap = false
      let reached = 0

      function run(cursor: Cursor | undefined): { cursor: Cursor; missing: number | 'unknown' } | undefined {
        if (position.kind === 'reset')
          return { cursor: { profileId, seq: 0, epoch, timestamp: '', anew: true }, missing: cursor ? 'unknown' : 0 }
        // Frames of a socket that was overtaken by a new epoch: stored, but they say nothing about the new cursor.
        if (cursor && cursor.epoch !== epoch) return undefined
        let seq = cursor?.seq ?? 0
        let missing = 0
        // Before the first message of a fresh start nothing was promised.
        let open = cursor === undefined || cursor.anew === true
        /** Everything up to `to` is here or gone; `to` itself is here if it is a message. What came ahead of its turn is here too. */
        const reach = (to: number, isMessage: boolean): void => {
          if (to <= seq) return
          const hole = to - seq - (isMessage ? 1 : 0)
          if (hole > 0 && !open) missing += hole - [...ahead].filter((at) => at > seq && at <= seq + hole).length
          open = false
          seq = to
        }
        let timestamp = cursor?.timestamp ?? ''
        for (const one of parsed) {
          if (one.seq === undefined) continue
          if (position.kind === 'live' && one.seq > seq + 1) {
            stored.push(one.seq)
            continue
          }
          if (one.seq > seq && one.ok) timestamp = new Date(one.row.at).toISOString()
          reach(one.seq, true)
          if (position.kind === 'live') seq = skipStored(seq)
        }
        const end = position.kind === 'page' ? position.end : position.kind === 'replayEnd' ? position.head : undefined
        if (end !== undefined) reach(end, false)
        // A record without a readable position was not lost, it lies in quarantine.
        missing = Math.max(0, missing - parsed.filter((one) => one.seq === undefined).length)
        if (position.kind === 'page') {
          timestamp ||= position.since
          seq = skipStored(seq)
        }
        // Another page tells which it was.
        gap = stored.some((at) => at > seq) || (position.kind === 'page' && doubted)
        reached = seq
        if (cursor && cursor.seq === seq && cursor.anew !== true) return undefined
        return { cursor: { profileId, seq, epoch, timestamp }, missing }
      }

      /** Positions stored earlier, out of order, follow at once. */
      function skipStored(from: number): number {
        let seq = from
        while (seq < head && (ahead.has(seq + 1) || stored.includes(seq + 1))) seq++
        return seq
      }

      return {
        run,
        gap: () => gap,
        /** After the commit: only now is what it stored certain. */
        committed(): void {
          if (position.kind === 'reset') ahead.clear()
          for (const seq of stored) ahead.add(seq)
          for (const seq of ahead) if (seq <= reached || seq > head) ahead.delete(seq)
          if (ahead.size > AHEAD_LIMIT) ahead.clear()
        },
      }
    },
  }
}
