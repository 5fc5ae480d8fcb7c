import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreOpenFailure } from '../openFailure.ts'
import { MIGRATIONS } from './migrations.ts'
import { findLogDamage } from './walCheck.ts'

/** Pages kept in memory, in KiB (negative means KiB): the index of message ids and the newest messages stay warm. */
const CACHE_KIB = 16_384
/** The write-ahead log is cut back to this many bytes after a large transaction. */
const WAL_KEPT_BYTES = 64 * 1024 * 1024
/** How long a writer waits for another process (a backup takes its snapshot in far less). */
const BUSY_TIMEOUT_MS = 5_000
/** Up to this size the start also compares every index with its table (about 1.5 s per GiB); above it, the structure alone. */
const FULL_CHECK_BYTES = 1024 ** 3

const PRAGMAS = `
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 1000;
  PRAGMA cache_size = -${CACHE_KIB};
  PRAGMA journal_size_limit = ${WAL_KEPT_BYTES};
  PRAGMA secure_delete = FAST;
  PRAGMA temp_store = MEMORY;
  PRAGMA foreign_keys = OFF;
`

/**
 * Opens or creates the store's file (0600 in a directory of 0700), checks it and brings its schema up to date. A new file is made under another name
 * and renamed when complete, so an empty file under the real name is always damage. Throws StoreOpenFailure. relay:STO1
 */
export function openDatabase(path: string): DatabaseSync {
  if (path === ':memory:') return prepare(new DatabaseSync(path), path)
  refuseDamagedFiles(path)
  if (!existsSync(path)) create(path)
  return guarded(path, () => {
    const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
    try {
      check(database, path)
      prepare(database, path)
      for (const suffix of ['', '-wal', '-shm']) if (existsSync(path + suffix)) chmodSync(path + suffix, 0o600)
      return database
    } catch (error) {
      database.close()
      throw error
    }
  })
}

/** Makes the data directory, for its owner alone. Throws StoreOpenFailure. relay:STO1 */
export function prepareDataDir(dataDir: string): void {
  try {
    makeDirectory(dataDir)
    chmodSync(dataDir, 0o700)
  } catch (cause) {
    throw new StoreOpenFailure(
      'unusable',
      `The data directory ${dataDir} cannot be created or is not yours. ${sentence(cause)}`,
      cause,
    )
  }
}

/** One after the other: where nothing can be made (/proc), mkdir's own `recursive` tries for ever. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return
  makeDirectory(dirname(path))
  mkdirSync(path, { mode: 0o700 })
}

function create(path: string): void {
  const draft = `${path}.new`
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(draft + suffix, { force: true })
  guarded(path, () => {
    const database = new DatabaseSync(draft)
    chmodSync(draft, 0o600)
    prepare(database, draft)
    database.close()
    renameSync(draft, path)
  })
}

function prepare(database: DatabaseSync, path: string): DatabaseSync {
  if (path !== ':memory:') database.exec('PRAGMA journal_mode = WAL')
  database.exec(PRAGMAS)
  migrate(database, path)
  return database
}

function migrate(database: DatabaseSync, path: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version)
  if (version > MIGRATIONS.length) {
    throw new StoreOpenFailure(
      'newer',
      `${path} was written by a newer version of the relay (schema ${version}, this one knows ${MIGRATIONS.length}). Install that version again, or restore a backup made with this one.`,
    )
  }
  for (const [from, sql] of MIGRATIONS.entries()) {
    if (from < version) continue
    database.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${from + 1}; COMMIT;`)
  }
}

function refuseDamagedFiles(path: string): void {
  const missing = !existsSync(path)
  if (missing && existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0)
    throw damaged(path, 'the file itself is missing, only its log is left')
  if (!missing && statSync(path).size === 0) throw damaged(path, 'it is empty')
  const inLog = findLogDamage(`${path}-wal`)
  if (inLog !== undefined) throw damaged(path, inLog)
}

function check(database: DatabaseSync, path: string): void {
  const pragma = statSync(path).size <= FULL_CHECK_BYTES ? 'integrity_check(1)' : 'quick_check(1)'
  const answer = Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]
  if (answer !== 'ok') throw damaged(path, String(answer))
}

function guarded<T>(path: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof StoreOpenFailure) throw error
    if (isDamage(error)) throw damaged(path, sentence(error), error)
    throw new StoreOpenFailure('unusable', `The store ${path} cannot be opened. ${sentence(error)}`, error)
  }
}

const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

/** What SQLite says of a file that is not, or no longer, a database. */
export function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB
}

function damaged(path: string, finding: string, cause?: unknown): StoreOpenFailure {
  return new StoreOpenFailure(
    'damaged',
    `The store ${path} is damaged (${finding}). Bring back a backup with "chaos-relay restore <file>", or save what is readable with "chaos-relay salvage".`,
    cause,
  )
}

function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.endsWith('.') ? text : `${text}.`
}
