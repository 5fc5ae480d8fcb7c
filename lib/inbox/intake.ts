import type { MessagesAnswer } from '#protocol/http.ts'
import type { Database } from '../database/open.ts'
import type { Cursor } from '../profiles/model.ts'
import { createAdvance, type Position } from './advance.ts'
import type { InboxMessage } from './model.ts'
import { storeBatch } from './storeBatch.ts'
import { toRow } from './toRow.ts'

/** client:CDD1 */
export const BATCH_ROWS = 200
/** client:ARC5: frames waiting to be stored. What comes above is left on the relay and fetched by a poll. */
export const QUEUE_FRAMES = 500

/** A replay or page of more is told in one summary. client:INB4 */
const BULK_ABOVE = 5

/** `gap`: a notice about lost messages was stored too. */
export type Stored = { fresh: InboxMessage[]; cursor: Cursor | undefined; bulk: boolean; gap: boolean }

type Item =
  | { kind: 'message'; epoch: string; seq: number; record: unknown; replay: boolean }
  | { kind: 'resumed'; epoch: string; head: number; replay: boolean; done: () => void }

export type Intake = ReturnType<typeof createIntake>

/**
 * The one path by which messages come in: push, replay and poll. Everything of a profile is stored one batch after the other
 * (client:CDD4); `onStored` runs after the commit, so acknowledgements, badge and notifications can follow it (client:CDD1).
 */
export function createIntake({
  db,
  profileId,
  now,
  onStored,
  onGap,
  onTrouble,
}: {
  db: Database
  profileId: string
  now: () => number
  onStored: (stored: Stored) => void
  /** Something before the newest stored message is missing here: poll from the cursor. client:CDD13 */
  onGap: () => void
  /** A batch could not be stored; nothing of it is. client:CDD2, CDD10 */
  onTrouble: (error: unknown) => void
}) {
  const advance = createAdvance(profileId)
  let queue: Item[] = []
  let tail: Promise<unknown> = Promise.resolve()
  let draining = false
  let overflowed = false
  let replayWhole = true
  let generation = 0

  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = tail.then(run, run)
    tail = turn.catch(() => undefined)
    return turn
  }

  /** Stores records that follow each other; `position` says what the batch means for the cursor. */
  async function store(
    records: { seq?: number; record: unknown }[],
    epoch: string,
    position: Position,
    bulk: boolean,
  ): Promise<number> {
    const storedAt = now()
    const parsed = records.map(({ record, seq }) => {
      const row = toRow(profileId, epoch, record, storedAt)
      return row.ok && seq !== undefined && row.seq !== seq
        ? { ok: false as const, seq, reason: 'seq: differs from its frame' }
        : row
    })
    const plan = advance.plan(epoch, parsed, position)
    const { fresh, cursor, gap } = await storeBatch(db, {
      profileId,
      rows: parsed.flatMap((one) => (one.ok ? [one.row] : [])),
      refused: parsed.flatMap((one) => (one.ok ? [] : [one.reason])),
      advance: plan.run,
      now: storedAt,
    })
    plan.committed()
    onStored({ fresh, cursor, bulk, gap })
    if (plan.gap()) onGap()
    return fresh.length
  }

  async function drain(): Promise<void> {
    if (draining) return
    draining = true
    const mine = generation
    try {
      while (queue.length > 0 && mine === generation) {
        const first = queue[0]
        if (!first) break
        if (first.kind === 'resumed') {
          queue.shift()
          await inTurn(() => store([], first.epoch, { kind: first.replay ? 'replayEnd' : 'none', head: first.head }, false))
          first.done()
          continue
        }
        const end = queue.findIndex((item) => item.kind !== 'message' || item.replay !== first.replay || item.epoch !== first.epoch)
        const items = queue
          .splice(0, Math.min(BATCH_ROWS, end === -1 ? queue.length : end))
          .filter((item) => item.kind === 'message')
        await inTurn(() =>
          store(items, first.epoch, { kind: first.replay ? 'replay' : 'live' }, first.replay && items.length > BULK_ABOVE),
        )
      }
      if (overflowed && mine === generation) {
        overflowed = false
        onGap()
      }
    } catch (error) {
      queue = []
      onTrouble(error)
    } finally {
      draining = false
      if (queue.length > 0) void drain()
    }
  }

  return {
    cursor: (): Promise<Cursor | undefined> => db.get('cursors', profileId),

    /**
     * A socket greeted: what an older one left in the queue is dropped (the relay has it still). Resolves with what to resume from, set
     * back to 0 if the relay has another epoch or less than we have seen. client:CDD5
     */
    async begin(hello: { epoch: string; head: number }): Promise<{ cursor: number; epoch: string | null }> {
      queue = []
      generation++
      overflowed = false
      replayWhole = true
      return inTurn(async () => {
        const cursor = await db.get('cursors', profileId)
        if (!cursor) return { cursor: 0, epoch: null }
        if (cursor.epoch === hello.epoch && cursor.seq <= hello.head) return { cursor: cursor.seq, epoch: cursor.epoch }
        await store([], hello.epoch, { kind: 'reset' }, false)
        return { cursor: 0, epoch: hello.epoch }
      })
    },

    /** A message frame, in the order it came. */
    push(frame: { epoch: string; seq: number; record: unknown; live: boolean }): void {
      if (queue.length >= QUEUE_FRAMES) {
        overflowed = true
        replayWhole = false
        return
      }
      queue.push({ kind: 'message', epoch: frame.epoch, seq: frame.seq, record: frame.record, replay: !frame.live && replayWhole })
      void drain()
    },

    /** The replay is over; resolves when all of it is stored. */
    resumed(frame: { epoch: string; head: number }): Promise<void> {
      return new Promise((done) => {
        queue.push({ kind: 'resumed', ...frame, replay: replayWhole, done })
        void drain()
      })
    },

    /**
     * A page of a poll from `from`; `received` counts what was new. `reset` means the relay cannot go on from there: poll again from the new cursor (client:CDD5).
     * Rejects when a batch could not be stored.
     */
    page(answer: MessagesAnswer, from: Cursor | undefined): Promise<{ received: number; next: 'reset' | 'more' | 'done' }> {
      return inTurn(async () => {
        if (from && (from.epoch !== answer.epoch || answer.head < from.seq)) {
          await store([], answer.epoch, { kind: 'reset' }, false)
          return { received: 0, next: 'reset' }
        }
        const records = answer.messages.map((record) => ({ record }))
        const bulk = answer.hasMore || records.length > BULK_ABOVE
        let received = 0
        let offset = 0
        do {
          const batch = records.slice(offset, offset + BATCH_ROWS)
          offset += BATCH_ROWS
          const last = offset >= records.length
          received += await store(
            batch,
            answer.epoch,
            { kind: 'page', ...(last && { end: answer.nextAfter }), since: answer.since, head: answer.head },
            bulk,
          )
        } while (offset < records.length)
        const stuck = answer.nextAfter <= (from?.seq ?? 0)
        return { received, next: answer.hasMore && !stuck ? 'more' : 'done' }
      })
    },

    /** Resolves when what came before this moment is stored, or dropped. */
    async settled(): Promise<void> {
      do await tail
      while (draining && queue.length > 0)
    },

    /** Drops what waits; resolves when nothing is being written any more. */
    async close(): Promise<void> {
      generation++
      queue = []
      await tail
    },
  }
}
