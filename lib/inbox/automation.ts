import type { Database } from '../database/open.ts'
import { type Claim, claimNext, finishLease, noteTrouble } from './leases.ts'
import type { Lease } from './model.ts'

/**
 * Does what is due, one message after the other. What is cut short by the worker's end is taken up at the next wake, once its lease is over.
 * client:CDD9
 */
export function createAutomation({
  db,
  now,
  work,
  onFailed,
}: {
  db: Database
  now: () => number
  /** Must leave no trace twice: it may have run before. */
  work: (lease: Lease) => Promise<void>
  onFailed: (lease: Lease) => void
}) {
  return async (): Promise<void> => {
    for (;;) {
      const { claimed, failed }: Claim = await claimNext(db, now())
      for (const lease of failed) onFailed(lease)
      if (!claimed) return
      try {
        await work(claimed)
        await finishLease(db, claimed, now())
      } catch (error) {
        await noteTrouble(db, claimed, error instanceof Error && error.message ? error.message : 'Something failed here.')
      }
    }
  }
}
