import { i18n } from '#i18n'
import { toBase64 } from '#protocol/base64.ts'
import { MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS } from '#protocol/limits.ts'
import type { OutgoingAttachment } from '#protocol/message.ts'
import { Failure } from '../../messaging/failure.ts'

/** A file chosen for a reply. It is read only when it is sent. */
export type Chosen = { id: string; file: File }
export type Refusal = { name: string; why: 'too_many' | 'too_large' }

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  zip: 'application/zip',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  mp4: 'video/mp4',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** Adds files as far as they may go with one reply; a refused one names its limit and the others stay. client:CAT6 */
export function addFiles(chosen: readonly Chosen[], files: readonly File[]): { chosen: Chosen[]; refused: Refusal[] } {
  const all = [...chosen]
  const refused: Refusal[] = []
  for (const file of files) {
    if (file.size > MAX_ATTACHMENT_BYTES) refused.push({ name: file.name, why: 'too_large' })
    else if (all.length >= MAX_ATTACHMENTS) refused.push({ name: file.name, why: 'too_many' })
    else all.push({ id: `${file.name}:${file.size}:${file.lastModified}:${all.length}`, file })
  }
  return { chosen: all, refused }
}

/** The type follows from the ending, not from what the system claims. client:CAT6 */
export function typeOf(name: string): string {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(TYPES, ending) ? (TYPES[ending] ?? '') : 'application/octet-stream'
}

/** Reads the files for the wire. Throws Failure when one has gone or changed since it was chosen. */
export function encodeFiles(chosen: readonly Chosen[]): Promise<OutgoingAttachment[]> {
  return Promise.all(
    chosen.map(async ({ file }) => {
      const bytes = await file.arrayBuffer().catch((cause: unknown) => {
        throw new Failure('file_unreadable', i18n.t('composer.unreadable', { name: file.name }), { cause })
      })
      return { filename: file.name, mimeType: typeOf(file.name), dataBase64: toBase64(new Uint8Array(bytes)) }
    }),
  )
}
