import { existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { MetaStore } from '../port.ts'
import type { ChannelRecord } from '../records.ts'
import { ALL_CHANNELS } from './channels.ts'
import { isDamage } from './database.ts'
import { MIGRATIONS } from './migrations.ts'
import { findLogDamage } from './walCheck.ts'

/** How long to wait for a writer, ms. */
const BUSY_TIMEOUT_MS = 10_000

/** A store as it lies there. `version` and `known` count migrations; an older one is brought up to date at the next start. */
export type Inspected =
  | { state: 'missing' }
  | { state: 'damaged'; finding: string }
  /** Not because of what is in it: no rights, a disk that fails. */
  | { state: 'unreadable'; reason: string }
  | { state: 'newer'; version: number; known: number }
  | { state: 'sound'; bytes: number; version: number; known: number; meta: Pick<MetaStore, 'get'>; channels: ChannelRecord[] }

/**
 * Looks at the store at `path` without changing it, also beside a running relay. The log beside it changes while one runs, so it is looked at only
 * when none does. relay:CLI3, STO1
 */
export function inspectStore(path: string, { running }: { running: boolean }): Inspected {
  if (!existsSync(path)) return { state: 'missing' }
  const bytes = statSync(path).size
  if (bytes === 0) return { state: 'damaged', finding: 'it is empty' }
  const inLog = running ? undefined : findLogDamage(`${path}-wal`)
  if (inLog !== undefined) return { state: 'damaged', finding: inLog }
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
    return read(database, bytes)
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return isDamage(error) ? { state: 'damaged', finding: text } : { state: 'unreadable', reason: text }
  } finally {
    database?.close()
  }
}

function read(database: DatabaseSync, bytes: number): Inspected {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version)
  const known = MIGRATIONS.length
  if (version > known) return { state: 'newer', version, known }
  const finding = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0]
  if (finding !== 'ok') return { state: 'damaged', finding: String(finding) }
  const rows = database.prepare(ALL_CHANNELS).all() as { record: string; revision: number }[]
  const channels = rows.map(({ record, revision }): ChannelRecord => ({ ...JSON.parse(record), revision }))
  const values = new Map(
    (database.prepare('SELECT key, value FROM meta').all() as { key: string; value: string }[]).map(({ key, value }) => [
      key,
      value,
    ]),
  )
  return { state: 'sound', bytes, version, known, channels, meta: { get: async (key) => values.get(key) } }
}
