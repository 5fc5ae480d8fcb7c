import { vi } from 'vitest'
import type { Database } from '../../../../lib/database/open.ts'
import { createIntake, type Intake, type Stored } from '../../../../lib/inbox/intake.ts'
import type { ModelRelay } from './modelRelay.ts'

export const PROFILE = 'default'

export function assemble(db: Database) {
  const stored: Stored[] = []
  const troubles: unknown[] = []
  let gaps = 0
  const intake = createIntake({
    db,
    profileId: PROFILE,
    now: () => 1,
    onStored: (one) => stored.push(one),
    onGap: () => {
      gaps++
    },
    onTrouble: (error) => troubles.push(error),
  })
  return { db, intake, stored, troubles, gaps: () => gaps }
}

export async function poll(intake: Intake, relay: ModelRelay, limit = 100): Promise<void> {
  for (;;) {
    const cursor = await intake.cursor()
    const page = await intake.page(relay.page(cursor?.seq ?? 0, cursor?.epoch, limit), cursor)
    if (page.next === 'done') return
  }
}

export const push = (intake: Intake, relay: ModelRelay, seq: number, live = true) =>
  intake.push({ epoch: relay.epoch, seq, record: relay.stored().find((one) => one.seq === seq), live })

export const allMessages = async (db: Database) => (await db.getAllFromIndex('messages', 'time')).map(({ id }) => id)

/** Makes one write of the next batch fail, as a full disk does. */
export function failOnce(store: string, error = new DOMException('full', 'QuotaExceededError')): void {
  vi.restoreAllMocks()
  const { put } = IDBObjectStore.prototype
  const spy = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value: unknown) {
    if (this.name !== store) return put.call(this, value)
    spy.mockRestore()
    this.transaction.abort()
    throw error
  })
}
