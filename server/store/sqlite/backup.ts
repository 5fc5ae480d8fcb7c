import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { lockDataDir } from '../lock.ts'
import { StoreOpenFailure } from '../openFailure.ts'
import { openDatabase, prepareDataDir } from './database.ts'
import { putInPlace, renewEpochs, replaceStore } from './replaceStore.ts'

const COPY_INTO = 'VACUUM INTO ?'
/** How long to wait for a writer; a snapshot needs none. */
const BUSY_TIMEOUT_MS = 30_000

/**
 * Copies the store at `path` into `file`, consistently, also while a relay is writing to it. An older file there is replaced once the new one is
 * whole. The encryption key is not in it. Throws StoreOpenFailure. relay:CLI2
 */
export function backupStore(path: string, file: string): void {
  if (!existsSync(path)) throw new StoreOpenFailure('unusable', `There is no store at ${path}. Check --data-dir.`)
  const draft = `${file}.partial`
  rmSync(draft, { force: true })
  try {
    const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
    try {
      database.prepare(COPY_INTO).run(draft)
    } finally {
      database.close()
    }
    putInPlace(draft, file)
  } catch (cause) {
    rmSync(draft, { force: true })
    throw new StoreOpenFailure(
      'unusable',
      `The backup ${file} could not be written. ${cause instanceof Error ? cause.message : cause}.`,
      cause,
    )
  }
}

/**
 * Puts a backup in the place of the store at `path`, with new epochs. What was there is kept as `<path>.before-restore`. Throws StoreOpenFailure:
 * `in_use` while a relay runs, `damaged` or `newer` for a backup that cannot be used. relay:CLI2, CUR9
 */
export function restoreStore(file: string, path: string, newEpoch: () => string): void {
  if (!existsSync(file)) throw new StoreOpenFailure('unusable', `There is no backup at ${file}.`)
  prepareDataDir(dirname(path))
  const lock = lockDataDir(dirname(path))
  const draft = `${path}.restoring`
  try {
    for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, { force: true })
    copyFileSync(file, draft)
    const database = openDatabase(draft)
    renewEpochs(database, newEpoch)
    database.close()
    replaceStore(draft, path, `${path}.before-restore`)
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, { force: true })
    lock.close()
  }
}
