import type { DatabaseSync } from 'node:sqlite'
import { DEDUP_KEPT_MS } from '#protocol/limits.ts'

/** Takes the key if it is new or its 30 days are over; changes nothing otherwise, which tells a repeat without a read. */
const CLAIM = `
  INSERT INTO repeats (scope, key, body_hash, answer, at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (scope, key) DO UPDATE SET body_hash = excluded.body_hash, answer = excluded.answer, at = excluded.at
  WHERE repeats.at <= excluded.at - ${DEDUP_KEPT_MS}`
const FIND = 'SELECT body_hash, answer, at FROM repeats WHERE scope = ? AND key = ?'
const ANSWER_WITH = 'UPDATE repeats SET answer = ? WHERE scope = ? AND key = ?'

/** The first body with a key, and its answer (a message or response id). */
export type Repeat = { bodyHash: string; answer: string }

export type Repeats = ReturnType<typeof createRepeats>

/** Platform ids, idempotency keys and client ids that were seen, each with the first answer. relay:DUR2, DUR3, REP11 */
export function createRepeats(database: DatabaseSync) {
  const claim = database.prepare(CLAIM)
  const find = database.prepare(FIND)
  const answerWith = database.prepare(ANSWER_WITH)
  function look(scope: string, key: string, now: number): Repeat | undefined {
    const row = find.get(scope, key) as { body_hash: string; answer: string; at: number } | undefined
    return row && row.at > now - DEDUP_KEPT_MS ? { bodyHash: row.body_hash, answer: row.answer } : undefined
  }

  return {
    /** What the first use of a key left, without taking it. */
    look,
    /** `undefined` if the key is new (and now taken); else what the first one left. */
    claim(
      scope: string,
      key: string,
      bodyHash: string,
      answer: string,
      now: number,
    ): { bodyHash: string; answer: string } | undefined {
      if (Number(claim.run(scope, key, bodyHash, answer, now).changes) > 0) return undefined
      const row = find.get(scope, key) as { body_hash: string; answer: string } | undefined
      return row && { bodyHash: row.body_hash, answer: row.answer }
    },
    /** The key's first answer turned out to be an older one, known under another key. */
    answerWith(scope: string, key: string, answer: string): void {
      answerWith.run(answer, scope, key)
    },
  }
}
