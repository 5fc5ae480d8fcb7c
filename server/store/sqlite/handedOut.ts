import type { DatabaseSync } from 'node:sqlite'
import type { CommitQueue } from './queue.ts'

const KEY = 'handed_out'
const GET = `SELECT value FROM meta WHERE key = '${KEY}'`
const RAISE = `
  INSERT INTO meta (key, value) VALUES ('${KEY}', ?1)
  ON CONFLICT (key) DO UPDATE SET value = ?1 WHERE CAST(value AS INTEGER) < CAST(?1 AS INTEGER)`
/** What is kept lies this far ahead, so that polls cost one small write a second, however many there are. */
const AHEAD_MS = 1_000

export type HandedOut = ReturnType<typeof createHandedOut>

/** At least the latest time that a poll of any session or channel was answered with before this start, 0 if none was. */
export function handedOutBefore(database: DatabaseSync): number {
  const row = database.prepare(GET).get() as { value: string } | undefined
  return Number(row?.value ?? 0)
}

/**
 * Keeps how far polls have been told the time, for the next start: were the clock set back in between, what is stored then would lie before their
 * `since`. relay:CUR5
 */
export function createHandedOut({ database, queue }: { database: DatabaseSync; queue: CommitQueue }) {
  const raise = database.prepare(RAISE)
  let kept = 0
  return (since: number): void => {
    if (since <= kept) return
    const upTo = since + AHEAD_MS
    kept = upTo
    // Nobody waits for it: it matters only if the relay ends and the clock goes back, and a full disk must not end reading.
    queue
      .add(() => void raise.run(String(upTo)))
      .catch(() => {
        kept = 0
      })
  }
}
