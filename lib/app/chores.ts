import '../platform/noEval.ts'
import { tidyApprovals } from '../approvals/tidy.ts'
import { type Database, openDatabase } from '../database/open.ts'
import { tidy } from '../inbox/housekeeping.ts'
import { createIndexing } from '../inbox/search/indexing.ts'
import { type Changes, createChanges } from '../messaging/changes.ts'
import { systemTimers, type Timers } from '../platform/timers.ts'
import { readKeepMessages } from './settings.ts'

/** Tidying reads whole indexes: once an hour is enough. */
const TIDY_EVERY_MS = 60 * 60_000
const TIDIED_KEY = 'tidiedAt'
/** A burst of changes is one run. Milliseconds. */
const INDEX_AFTER_MS = 500

/** What nobody waits for, in the offscreen document, which outlives the worker, by a script of its own, which need not be there at its start. */
export async function startChores(): Promise<void> {
  createChores({ db: await openDatabase(), changes: createChanges(), timers: systemTimers })
}

/** Brings the index of words up to date after every change, and tidies once an hour. client:SRC5, CAT5, CDD7, CDD11, APR15 */
export function createChores({ db, changes, timers }: { db: Database; changes: Pick<Changes, 'listen'>; timers: Timers }) {
  const indexing = createIndexing({ db })
  let indexSoon: (() => void) | undefined
  let tidyLater: (() => void) | undefined

  function index(): void {
    // A change that comes while it runs makes it run once more.
    indexSoon ??= timers.after(INDEX_AFTER_MS, () => {
      indexSoon = undefined
      indexing().catch(() => undefined)
    })
  }

  async function tidyUp(): Promise<void> {
    const now = timers.now()
    const last = (await db.get('settings', TIDIED_KEY))?.value
    const since = typeof last === 'number' ? now - last : TIDY_EVERY_MS
    if (since >= TIDY_EVERY_MS || since < 0) {
      await db.put('settings', { key: TIDIED_KEY, value: now })
      await tidy(db, { now, keepMessages: await readKeepMessages(db) })
      await tidyApprovals(db, now)
      index()
    }
  }

  function tidyHourly(): void {
    const again = (): void => {
      tidyLater = timers.after(TIDY_EVERY_MS, tidyHourly)
    }
    // What fails now, such as on a full disk, is tried again in an hour.
    tidyUp().then(again, again)
  }

  const stopListening = changes.listen(({ topic }) => {
    if (topic === 'messages' || topic === 'replies') index()
  })
  index()
  tidyHourly()

  return {
    close(): void {
      stopListening()
      indexSoon?.()
      tidyLater?.()
    },
  }
}
