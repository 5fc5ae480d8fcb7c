import { APPROVALS_KEPT_MS } from '#protocol/limits.ts'
import type { Database } from '../database/open.ts'

const CHUNK_ROWS = 500

/** Decisions and answers are kept for 30 days. client:APR15 */
export async function tidyApprovals(db: Database, now: number): Promise<void> {
  for (const profileId of await db.getAllKeys('profiles')) {
    const old = IDBKeyRange.bound([profileId], [profileId, now - APPROVALS_KEPT_MS])
    for (const name of ['approvals', 'answers'] as const) {
      for (let full = true; full; ) {
        const transaction = db.transaction(name, 'readwrite')
        const keys = await transaction.store.index('time').getAllKeys(old, CHUNK_ROWS)
        await Promise.all(keys.map((key) => transaction.store.delete(key)))
        await transaction.done
        full = keys.length === CHUNK_ROWS
      }
    }
  }
}
