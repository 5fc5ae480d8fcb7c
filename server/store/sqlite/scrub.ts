import type { DatabaseSync } from 'node:sqlite'
import { bytesChecksum } from './checksum.ts'
import type { DamageLog } from './damage.ts'
import { ADD_GAP } from './inboxSql.ts'
import { isIntact, type MessageRow } from './messageRow.ts'
import { type ReplyRow, replyChecksum } from './replyRow.ts'

/** Rows checked in one slice; files are up to 5 MiB each, so fewer of them. */
const SLICE_ROWS = 200
const SLICE_FILES = 8

const NEXT_MESSAGES = `
  SELECT row >> 36 AS session, row & ${(1n << 36n) - 1n} AS seq, at, crc, id, channel_id, channel_type, target, sender, attachments, metadata, content
  FROM messages WHERE row > ((?1 << 36) | ?2) ORDER BY row LIMIT ${SLICE_ROWS}`
const NEXT_REPLIES = `SELECT *, '' AS user_id FROM replies WHERE row > ? ORDER BY row LIMIT ${SLICE_ROWS}`
const NEXT_FILES = `SELECT row, owner_id, id, crc, bytes FROM files WHERE row > ? AND bytes IS NOT NULL ORDER BY row LIMIT ${SLICE_FILES}`

type Place =
  | { table: 'messages'; session: number; seq: number }
  | { table: 'replies'; row: number }
  | { table: 'files'; row: number }
type FileRow = { row: number; owner_id: string; id: string; crc: number; bytes: Uint8Array }

/** Goes over everything stored and compares it with its checksums, slice by slice, again and again. Inside jobs only. relay:STO1 */
export function createScrub({ database, damage }: { database: DatabaseSync; damage: DamageLog }) {
  const nextMessages = database.prepare(NEXT_MESSAGES)
  const nextReplies = database.prepare(NEXT_REPLIES)
  const nextFiles = database.prepare(NEXT_FILES)
  const addGap = database.prepare(ADD_GAP)
  const start: Place = { table: 'messages', session: 0, seq: 0 }
  let place: Place = start

  function messages(session: number, seq: number): string[] {
    const rows = nextMessages.all(session, seq) as MessageRow[]
    const last = rows.at(-1)
    place =
      last && rows.length === SLICE_ROWS
        ? { table: 'messages', session: last.session, seq: last.seq }
        : { table: 'replies', row: 0 }
    const broken = rows.filter((row) => !isIntact(row))
    for (const row of broken) {
      addGap.run(row.session, row.seq, 'damaged')
      damage.found({ table: 'messages', key: row.id })
    }
    return broken.map((row) => `messages ${row.id}`)
  }

  function replies(after: number): string[] {
    const rows = nextReplies.all(after) as ReplyRow[]
    const last = rows.at(-1)
    place = last && rows.length === SLICE_ROWS ? { table: 'replies', row: last.row } : { table: 'files', row: 0 }
    const broken = rows.filter((row) => replyChecksum(row) !== row.crc)
    for (const row of broken) damage.found({ table: 'replies', key: row.response_id })
    return broken.map((row) => `replies ${row.response_id}`)
  }

  function files(after: number): string[] {
    const rows = nextFiles.all(after) as FileRow[]
    const last = rows.at(-1)
    place = last && rows.length === SLICE_FILES ? { table: 'files', row: last.row } : start
    const broken = rows.filter((row) => bytesChecksum(row.bytes) !== row.crc).map((row) => `${row.owner_id}/${row.id}`)
    for (const key of broken) damage.found({ table: 'files', key })
    return broken.map((key) => `files ${key}`)
  }

  return {
    slice(): { damaged: string[]; done: boolean } {
      const damaged =
        place.table === 'messages'
          ? messages(place.session, place.seq)
          : place.table === 'replies'
            ? replies(place.row)
            : files(place.row)
      return { damaged, done: place === start }
    },
  }
}
