import type { DatabaseSync } from 'node:sqlite'
import type { Attachment } from '#protocol/message.ts'
import type { AttachmentStore, StoredFile } from '../attachmentPort.ts'
import { bytesChecksum } from './checksum.ts'
import type { DamageLog } from './damage.ts'
import { type MessageRow, messageChecksum } from './messageRow.ts'
import type { CommitQueue } from './queue.ts'

const READ_FILE = `
  SELECT f.id, f.channel_id, f.filename, f.mime_type, f.size, f.kind, f.role, f.state, f.sealed_source, f.crc, f.bytes, s.user_id
  FROM files f JOIN sessions s ON s.key = f.session WHERE f.owner_id = ? AND f.id = ?`
const FILL_FILE = `
  UPDATE files SET state = 'stored', sealed_source = NULL, bytes = ?, crc = ?, size = ?, mime_type = ?, kind = ?
  WHERE owner_id = ? AND id = ? AND state = 'pending'`
const PENDING_FILES = `
  SELECT owner_id, id, channel_id, sealed_source FROM files WHERE state = 'pending' ORDER BY row LIMIT ?`
const GIVE_UP_FILE = `UPDATE files SET state = 'gone', sealed_source = NULL WHERE owner_id = ? AND id = ? AND state = 'pending'`
const OWNER_MESSAGE = `
  SELECT row, row >> 36 AS session, row & ${(1n << 36n) - 1n} AS seq, at, crc, id, channel_id, channel_type, target, sender, attachments, metadata, content
  FROM messages WHERE id = ? AND attachments IS NOT NULL`
const DESCRIBE_AGAIN = 'UPDATE messages SET attachments = ?3, crc = ?4 WHERE row = ((?1 << 36) | ?2)'

type FileRow = {
  id: string
  channel_id: string
  filename: string
  mime_type: string
  size: number
  kind: 'image' | 'file'
  role: string | null
  state: 'stored' | 'pending' | 'gone'
  sealed_source: string | null
  crc: number | null
  bytes: Uint8Array | null
  user_id: string
}

/** relay:ATT1-ATT6 */
export function createAttachments(parts: { database: DatabaseSync; queue: CommitQueue; damage: DamageLog }): AttachmentStore {
  const { database, queue, damage } = parts
  const read = database.prepare(READ_FILE)
  const fill = database.prepare(FILL_FILE)
  const pending = database.prepare(PENDING_FILES)
  const giveUp = database.prepare(GIVE_UP_FILE)
  const owner = database.prepare(OWNER_MESSAGE)
  const describeAgain = database.prepare(DESCRIBE_AGAIN)

  function toStoredFile(row: FileRow, ownerId: string): StoredFile {
    const { user_id: userId, channel_id: channelId, bytes } = row
    const file: Attachment = {
      id: row.id,
      filename: row.filename,
      mimeType: row.mime_type,
      size: row.size,
      kind: row.kind,
      ...(row.role === null ? {} : { role: row.role }),
    }
    if (row.state === 'pending') return { userId, channelId, state: 'pending', file, sealedSource: row.sealed_source ?? '' }
    if (row.state === 'gone' || !bytes) return { userId, channelId, state: 'gone', file }
    if (bytesChecksum(bytes) === row.crc) return { userId, channelId, state: 'stored', file, bytes }
    damage.found({ table: 'files', key: `${ownerId}/${row.id}` })
    return { userId, channelId, state: 'gone', file }
  }

  /** The message tells size and type as they turned out to be. */
  function describe(ownerId: string, attachmentId: string, known: Pick<Attachment, 'size' | 'mimeType' | 'kind'>): void {
    const row = owner.get(ownerId) as (MessageRow & { attachments: string }) | undefined
    if (!row || messageChecksum(row) !== row.crc) return
    const attachments = (JSON.parse(row.attachments) as Attachment[]).map((file) =>
      file.id === attachmentId ? { ...file, ...known } : file,
    )
    const next = { ...row, attachments: JSON.stringify(attachments) }
    describeAgain.run(row.session, row.seq, next.attachments, messageChecksum(next))
  }

  return {
    read: (ownerId, attachmentId) =>
      queue.read(() => {
        const row = read.get(ownerId, attachmentId) as FileRow | undefined
        return row && toStoredFile(row, ownerId)
      }),
    fill: (ownerId, attachmentId, bytes, mimeType, kind) =>
      queue.add(() => {
        const size = bytes.byteLength
        const { changes } = fill.run(bytes, bytesChecksum(bytes), size, mimeType, kind, ownerId, attachmentId)
        if (Number(changes) > 0) describe(ownerId, attachmentId, { size, mimeType, kind })
      }),
    pending: (limit) =>
      queue.read(() =>
        (pending.all(limit) as { owner_id: string; id: string; channel_id: string; sealed_source: string }[]).map((row) => ({
          ownerId: row.owner_id,
          attachmentId: row.id,
          channelId: row.channel_id,
          sealedSource: row.sealed_source,
        })),
      ),
    giveUp: (ownerId, attachmentId) => queue.add(() => void giveUp.run(ownerId, attachmentId)),
  }
}
