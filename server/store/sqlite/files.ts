import type { DatabaseSync } from 'node:sqlite'
import type { Attachment } from '#protocol/message.ts'
import type { NewFile } from '../port.ts'
import { bytesChecksum } from './checksum.ts'

const INSERT_FILE = `
  INSERT INTO files (owner_id, id, session, channel_id, filename, mime_type, size, kind, role, state, sealed_source, at, crc, bytes)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const DELETE_FILES = 'DELETE FROM files WHERE owner_id = ?'
/** The bytes go, a trace stays, so that a late download is told "gone" and not "never was". relay:ATT5 */
const EMPTY_FILES = `UPDATE files SET state = 'gone', sealed_source = NULL, crc = NULL, bytes = NULL WHERE owner_id = ?`

export type Files = ReturnType<typeof createFiles>

/** Files of messages and replies, written in the same transaction as their owner. All inside jobs only. */
export function createFiles(database: DatabaseSync) {
  const insert = database.prepare(INSERT_FILE)
  const remove = database.prepare(DELETE_FILES)
  const empty = database.prepare(EMPTY_FILES)
  return {
    insert(owner: { id: string; session: number; channelId: string; now: number }, file: NewFile): void {
      const bytes = 'bytes' in file ? file.bytes : undefined
      insert.run(
        owner.id,
        file.id,
        owner.session,
        owner.channelId,
        file.filename,
        file.mimeType,
        sizeOf(file),
        file.kind,
        file.role ?? null,
        bytes ? 'stored' : 'pending',
        'sealedSource' in file ? file.sealedSource : null,
        owner.now,
        bytes ? bytesChecksum(bytes) : null,
        bytes ?? null,
      )
    },
    remove: (ownerId: string): void => void remove.run(ownerId),
    empty: (ownerId: string): void => void empty.run(ownerId),
  }
}

export function toAttachment(file: NewFile): Attachment {
  const { id, filename, mimeType, kind, role } = file
  return { id, filename, mimeType, size: sizeOf(file), kind, ...(role === undefined ? {} : { role }) }
}

function sizeOf(file: NewFile): number {
  return 'bytes' in file ? file.bytes.byteLength : file.size
}
