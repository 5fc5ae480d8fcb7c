import { chmodSync, closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'

const EPOCH_OF = 'SELECT key FROM sessions'
const RENEW_EPOCH = 'UPDATE sessions SET epoch = ? WHERE key = ?'
/** What was used, or taken back, after the copy was made looks unused in it. relay:APV4 */
const VOID_APPROVALS = `
  UPDATE approvals SET state = 'denied', decided_by = 'relay', reason = 'The relay’s data was brought back from a copy. Ask again.'
  WHERE state IN ('pending', 'allowed')`

/** A link that was opened since, or a page that was signed out, would be open again. relay:ADM5, DEV1 */
const FORGET_PASSES = 'DELETE FROM passes'

/**
 * What a copy must not pretend: every client notices by its epoch that what it knows and what is stored may differ, and neither an approval nor a link is
 * good for a second time. relay:CUR8, CLI2
 */
export function renewEpochs(database: DatabaseSync, newEpoch: () => string): void {
  const renew = database.prepare(RENEW_EPOCH)
  database.exec('BEGIN IMMEDIATE')
  for (const { key } of database.prepare(EPOCH_OF).all() as { key: number }[]) renew.run(newEpoch(), key)
  database.exec(VOID_APPROVALS)
  database.exec(FORGET_PASSES)
  database.exec('COMMIT')
}

/** Puts a complete store in the place of another, which is kept under `keepAs`. At no moment is there none. The directory must be locked. */
export function replaceStore(complete: string, path: string, keepAs: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(keepAs + suffix, { force: true })
  if (existsSync(path)) linkSync(path, keepAs)
  // The old log must never be read with the new file.
  for (const suffix of ['-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, keepAs + suffix)
  putInPlace(complete, path)
}

/** Renames a finished file so that it is there, whole, even after a power cut. */
export function putInPlace(finished: string, path: string): void {
  chmodSync(finished, 0o600)
  sync(finished)
  renameSync(finished, path)
  sync(dirname(path))
}

function sync(path: string): void {
  const file = openSync(path, 'r')
  fsyncSync(file)
  closeSync(file)
}
