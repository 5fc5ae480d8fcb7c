import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreOpenFailure } from './openFailure.ts'

/** Its only use is to be locked. The lock belongs to the process, so it ends with it, however it ends. */
const LOCK_FILE = 'relay.lock'

/**
 * Makes this process the only relay on a data directory until the result is closed. Throws StoreOpenFailure `in_use` if another one is. The store
 * itself stays readable for others (backup, doctor). relay:STO1
 */
export function lockDataDir(dataDir: string): { close(): void } {
  const path = join(dataDir, LOCK_FILE)
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(path)
    chmodSync(path, 0o600)
    // Nothing is ever written, so no journal file either.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (cause) {
    lock?.close()
    throw isBusy(cause)
      ? new StoreOpenFailure(
          'in_use',
          `Another relay is already running on ${dataDir}. Stop it, or give this one its own directory with --data-dir.`,
          cause,
        )
      : new StoreOpenFailure('unusable', `The data directory ${dataDir} cannot be locked: ${String(cause)}`, cause)
  }
  const held = lock
  return { close: () => held.close() }
}

const SQLITE_BUSY = 5

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY
}
