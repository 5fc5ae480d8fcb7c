import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreOpenFailure } from './openFailure.ts'

/** Their only use is to be locked. A lock belongs to the process, so it ends with it, however it ends. */
const RELAY_LOCK = 'relay.lock'
const DAEMON_LOCK = 'daemon.lock'
/** Somebody who only looks whether it is locked (`status`, `doctor`) holds it for a moment; that must not stop a relay from starting. */
const LOOKED_AT_MS = 500
/** A start or stop under way takes its time. */
const DAEMON_WAIT_MS = 60_000

export type Lock = { close(): void }

/**
 * Makes this process the only relay on a data directory until the result is closed. Throws StoreOpenFailure `in_use` if another one is. The store
 * itself stays readable for others (backup, doctor). relay:STO1
 */
export function lockDataDir(dataDir: string): Lock {
  const lock = tryLock(dataDir, RELAY_LOCK, LOOKED_AT_MS)
  if (lock) return lock
  throw new StoreOpenFailure(
    'in_use',
    `Another relay is already running on ${dataDir}. Stop it, or give this one its own directory with --data-dir.`,
  )
}

/** Whether a relay runs on the data directory, however it was started. */
export function isDataDirLocked(dataDir: string): boolean {
  if (!existsSync(join(dataDir, RELAY_LOCK))) return false
  const lock = tryLock(dataDir, RELAY_LOCK, 0)
  lock?.close()
  return lock === undefined
}

/** Commands that start and stop the daemon of a data directory follow each other. remote:CLI17 */
export function lockDaemon(dataDir: string): Lock {
  const lock = tryLock(dataDir, DAEMON_LOCK, DAEMON_WAIT_MS)
  if (lock) return lock
  throw new StoreOpenFailure(
    'in_use',
    `Another command is starting or stopping the relay on ${dataDir}. Try again when it is done.`,
  )
}

/** `undefined` if another process holds it. Throws StoreOpenFailure `unusable`. */
function tryLock(dataDir: string, name: string, timeout: number): Lock | undefined {
  const path = join(dataDir, name)
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(path, { timeout })
    chmodSync(path, 0o600)
    // Nothing is ever written, so no journal file either.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    const held = lock
    return { close: () => held.close() }
  } catch (cause) {
    lock?.close()
    if (isBusy(cause)) return undefined
    throw new StoreOpenFailure('unusable', `The data directory ${dataDir} cannot be locked: ${String(cause)}`, cause)
  }
}

const SQLITE_BUSY = 5

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY
}
