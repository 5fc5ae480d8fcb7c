import type { Database } from '../database/open.ts'
import type { Stored } from './intake.ts'
import { storeBatch } from './storeBatch.ts'
import { type Parsed, toRow } from './toRow.ts'

/** Older relays have no epochs: their messages keep this one. */
const EPOCH = 'older'
/** client:CDD1 */
const BATCH_ROWS = 200

/**
 * Messages of an older relay, which have no positions: their time takes the place, and known ids are dropped as ever, so that double
 * pushes and the replay of the last five minutes do no harm. Only what was fetched moves the place to go on from: what a socket pushed may
 * have had a predecessor that was lost. client:LEG1, LEG3, CDD3
 */
export async function storeOlder(
  db: Database,
  profileId: string,
  records: readonly unknown[],
  { now, fetched }: { now: number; fetched: boolean },
  onStored: (stored: Stored) => void,
): Promise<number> {
  let received = 0
  for (let offset = 0; offset < records.length; offset += BATCH_ROWS) {
    const parsed = records.slice(offset, offset + BATCH_ROWS).map((record) => toRow(profileId, EPOCH, placed(record), now))
    const rows = parsed.flatMap((one) => (one.ok ? [one.row] : []))
    const { fresh, gap } = await storeBatch(db, {
      profileId,
      rows,
      refused: parsed.flatMap((one) => (one.ok ? [] : [one.reason])),
      advance: (cursor) => (fetched ? step(profileId, cursor?.seq ?? 0, parsed) : undefined),
      now,
    })
    received += fresh.length
    onStored({ fresh, cursor: undefined, bulk: fetched && records.length > 5, gap })
  }
  return received
}

/** Milliseconds since 1970 make a position that grows with every message. */
function placed(record: unknown): unknown {
  if (typeof record !== 'object' || record === null || !('timestamp' in record)) return record
  return { metadata: {}, userId: '', ...record, seq: Date.parse(String(record.timestamp)) }
}

function step(profileId: string, before: number, parsed: Parsed[]) {
  const seq = Math.max(before, ...parsed.flatMap((one) => (one.ok ? [one.seq] : [])))
  if (seq === before) return undefined
  return { cursor: { profileId, seq, epoch: EPOCH, timestamp: new Date(seq).toISOString() }, missing: 0 }
}
