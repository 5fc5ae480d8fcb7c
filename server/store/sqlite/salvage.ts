import { existsSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite'
import { lockDataDir } from '../lock.ts'
import { StoreOpenFailure } from '../openFailure.ts'
import { openDatabase } from './database.ts'
import { type MessageRow, messageChecksum } from './messageRow.ts'
import { padded } from './padded.ts'
import { renewEpochs, replaceStore } from './replaceStore.ts'
import { type ReplyRow, replyChecksum } from './replyRow.ts'

/** Every table with the column that orders it. Nonces come back as they are; gaps and deletions under way are made anew. */
const NUMBERED = {
  sessions: 'key',
  tokens: 'row',
  channels: 'row',
  channel_keys: 'key',
  messages: 'row',
  replies: 'row',
  files: 'row',
  approvals: 'row',
  repeats: 'row',
  nonces: 'row',
}
const NAMED = ['meta', 'positions', 'conversations']
const ADD_GAP = `INSERT INTO gaps (row, reason) VALUES (?, 'damaged') ON CONFLICT DO NOTHING`
/** Holes that are written down one by one; a larger one is left to the new epoch. */
const MAX_GAP = 1_000_000n
/** Attempts to read behind damage, per table: each halves what is unread. */
const MAX_PROBES = 4_000

type Row = Record<string, SQLOutputValue>
export type Salvaged = { table: string; rows: number }[]

/**
 * Makes a new store of everything that can still be read from the damaged one at `path`; rows whose checksum does not fit stay behind. The damaged
 * one is kept as `<path>.damaged`. Throws StoreOpenFailure: `in_use` while a relay runs, `damaged` if nothing is readable. relay:STO1
 */
export function salvageStore(path: string, newEpoch: () => string): Salvaged {
  if (!existsSync(path)) throw new StoreOpenFailure('unusable', `There is no store at ${path}. Check --data-dir.`)
  const lock = lockDataDir(dirname(path))
  const draft = `${path}.salvaged`
  for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, { force: true })
  const readable = padded(path)
  let source: DatabaseSync | undefined
  let target: DatabaseSync | undefined
  try {
    // Read-only, so that what is kept stays as it was found.
    source = new DatabaseSync(readable.path, { readOnly: true })
    target = openDatabase(draft)
    const salvaged = copyAll(source, target)
    renewEpochs(target, newEpoch)
    source.close()
    target.close()
    replaceStore(draft, path, `${path}.damaged`)
    return salvaged
  } catch (cause) {
    if (cause instanceof StoreOpenFailure) throw cause
    throw new StoreOpenFailure(
      'damaged',
      `Nothing in ${path} is readable. Bring back a backup with "chaos-relay restore <file>".`,
      cause,
    )
  } finally {
    for (const database of [source, target]) if (database?.isOpen) database.close()
    readable.remove()
    for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, { force: true })
    lock.close()
  }
}

function copyAll(source: DatabaseSync, target: DatabaseSync): Salvaged {
  source.exec('SELECT count(*) FROM sqlite_schema')
  target.exec('BEGIN IMMEDIATE')
  const counts = [
    ...Object.entries(NUMBERED).map(([table, key]) => {
      const put = inserter(target, table)
      let rows = 0
      eachReadable(source, table, key, (row) => {
        if (isIntact(table, row)) rows += put(row)
      })
      return { table, rows }
    }),
    ...NAMED.map((table) => {
      const put = inserter(target, table)
      let rows = 0
      untilError(source, `SELECT * FROM ${table}`, [], (row) => {
        rows += put(row)
      })
      return { table, rows }
    }),
  ]
  noteGaps(target)
  target.exec('COMMIT')
  return counts
}

/** Every row that can be read: from both ends up to the damage, then the same with each half of what lies between. */
function eachReadable(source: DatabaseSync, table: string, key: string, take: (row: Row) => void): void {
  let probes = 0
  /** The last key that was read, and whether all were. */
  const rows = (order: 'ASC' | 'DESC', from: bigint, to: bigint) => {
    let last: bigint | undefined
    const sql = `SELECT * FROM ${table} WHERE ${key} >= ? AND ${key} <= ? ORDER BY ${key} ${order}`
    const complete = untilError(source, sql, [from, to], (row) => {
      last = BigInt(row[key] as bigint)
      take(row)
    })
    return { last, complete }
  }
  const read = (from: bigint, to: bigint): void => {
    if (from > to || probes++ > MAX_PROBES) return
    const rising = rows('ASC', from, to)
    if (rising.complete) return
    const low = rising.last === undefined ? from : rising.last + 1n
    const falling = rows('DESC', low, to)
    if (falling.complete) return
    const high = falling.last === undefined ? to : falling.last - 1n
    if (low >= high) return
    const middle = (low + high) / 2n
    read(low, middle)
    read(middle + 1n, high)
  }
  read(0n, 2n ** 63n - 1n)
}

/** Prepared each time: after an error a statement tells it once more. True if all rows could be read. */
function untilError(source: DatabaseSync, sql: string, values: bigint[], take: (row: Row) => void): boolean {
  const rows = function* () {
    const statement = source.prepare(sql)
    statement.setReadBigInts(true)
    yield* statement.iterate(...values)
  }
  const reading = rows()
  for (;;) {
    let next: IteratorResult<unknown>
    try {
      next = reading.next()
    } catch {
      return false
    }
    if (next.done) return true
    take(next.value as Row)
  }
}

function inserter(target: DatabaseSync, table: string): (row: Row) => number {
  const columns = (target.prepare(`SELECT name FROM pragma_table_info('${table}')`).all() as { name: string }[]).map(
    ({ name }) => name,
  )
  const places = columns.map(() => '?').join(', ')
  const insert = target.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places}) ON CONFLICT DO NOTHING`)
  return (row) => Number(insert.run(...columns.map((name) => (row[name] ?? null) as SQLInputValue)).changes)
}

function isIntact(table: string, row: Row): boolean {
  const plain = Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  )
  if (table === 'replies') return replyChecksum(plain as unknown as ReplyRow) === plain.crc
  if (table !== 'messages') return true
  const place = BigInt(row.row as bigint)
  const message = { ...plain, session: Number(place >> 36n), seq: Number(place & (2n ** 36n - 1n)) }
  return messageChecksum(message as unknown as MessageRow) === plain.crc
}

/** What is missing between two messages of a session counts as dropped. relay:CUR8 */
function noteGaps(target: DatabaseSync): void {
  const places = target.prepare('SELECT row FROM messages ORDER BY row')
  places.setReadBigInts(true)
  const add = target.prepare(ADD_GAP)
  let before: bigint | undefined
  for (const { row: place } of places.iterate() as Iterable<{ row: bigint }>) {
    if (before !== undefined && before >> 36n === place >> 36n && place - before <= MAX_GAP) {
      for (let gap = before + 1n; gap < place; gap++) add.run(gap)
    }
    before = place
  }
}
