import { Failure } from '../messaging/failure.ts'
import type { Timers } from '../platform/timers.ts'

/** Contexts that still hold the database let go of it at once when they are asked; one that does not answer is stuck. */
const DELETED_WITHIN_MS = 20_000

export type ResetParts = {
  indexedDB: Pick<IDBFactory, 'deleteDatabase' | 'databases'>
  timers: Timers
  /** Without it nothing writes any more. */
  closeDocument(): Promise<unknown>
  /** What is kept outside the databases. */
  forgetRest(): Promise<void>
  /** Begins as on the first day. */
  restart(): Promise<void>
}

/**
 * Deletes everything this extension keeps, without reading any of it first, so that it works on damaged data. Throws Failure
 * `not_deleted`. client:RST2
 */
export async function resetAll({ indexedDB, timers, closeDocument, forgetRest, restart }: ResetParts): Promise<void> {
  await closeDocument().catch(() => undefined)
  for (const { name } of await indexedDB.databases()) if (name !== undefined) await deleteDatabase(indexedDB, name, timers)
  await forgetRest()
  await restart()
}

function deleteDatabase(factory: ResetParts['indexedDB'], name: string, timers: Timers): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (): void =>
      reject(new Failure('not_deleted', 'The browser did not delete the data. Close other windows of the extension and try again.'))
    const cancel = timers.after(DELETED_WITHIN_MS, refuse)
    const request = factory.deleteDatabase(name)
    request.onsuccess = () => {
      cancel()
      resolve()
    }
    request.onerror = () => {
      cancel()
      refuse()
    }
  })
}
