import { MAX_ATTACHMENT_BYTES } from '#protocol/limits.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import { sleep, type Timers } from '../platform/timers.ts'
import { previewType } from './imageType.ts'

/** client:CAT5 */
export const FILE_KEPT_MS = 24 * 60 * 60_000
/** The relay is still fetching it: tries before the page is told to ask later. client:CAT4 */
const PENDING_TRIES = 3
const PENDING_WAIT_MS = 2_000

export type FetchFile = (profileId: string, messageId: string, attachmentId: string) => Promise<{ preview: boolean }>
export type Download = (profileId: string, target: string, maxBytes: number) => Promise<Uint8Array<ArrayBuffer>>

/**
 * Puts a file of a message into the `files` store, fetched signed and not above 5 MiB. `preview` only if its bytes are a PNG, JPEG, GIF or
 * WebP whatever it calls itself. Throws Failure "Attachment unavailable: …". client:CAT1, CAT2, CAT4
 */
export function createFileFetcher({
  db,
  timers,
  download,
  onFetched,
}: {
  db: Database
  timers: Timers
  download: Download
  onFetched: (profileId: string) => void
}): FetchFile {
  async function get(profileId: string, target: string): Promise<Uint8Array<ArrayBuffer>> {
    for (let tries = 1; ; tries++) {
      try {
        return await download(profileId, target, MAX_ATTACHMENT_BYTES)
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'attachment_pending' || tries === PENDING_TRIES) throw error
        await sleep(timers, PENDING_WAIT_MS)
      }
    }
  }

  return async (profileId, messageId, attachmentId) => {
    const message = await db.get('messages', [profileId, messageId])
    const attachment = message?.attachments.find(({ id }) => id === attachmentId)
    if (!attachment) throw new Failure('attachment_not_found', 'This message was deleted here.')
    const cached = await db.get('files', [profileId, messageId, attachmentId])
    if (cached && timers.now() - cached.cachedAt < FILE_KEPT_MS)
      return { preview: previewType(new Uint8Array(cached.bytes)) !== undefined }
    if (attachment.size > MAX_ATTACHMENT_BYTES) throw unavailable(attachment.filename, TOO_LARGE)
    const target = `/messages/${encodeURIComponent(messageId)}/attachments/${encodeURIComponent(attachmentId)}`
    const bytes = await get(profileId, target).catch((error: unknown) => {
      throw unavailable(attachment.filename, error)
    })
    const image = previewType(bytes)
    await db.put('files', {
      profileId,
      messageId,
      attachmentId,
      bytes: bytes.buffer,
      mimeType: image ?? attachment.mimeType,
      cachedAt: timers.now(),
    })
    onFetched(profileId)
    return { preview: image !== undefined }
  }
}

/** client:CAT5 */
export async function expireFiles(db: Database, now: number): Promise<void> {
  const transaction = db.transaction('files', 'readwrite')
  const old = await transaction.store.index('age').getAllKeys(IDBKeyRange.upperBound(now - FILE_KEPT_MS))
  await Promise.all(old.map((key) => transaction.store.delete(key)))
  await transaction.done
}

const TOO_LARGE = new Failure('attachment_too_large', 'it is larger than 5 MiB')

/** client:CAT4 */
function unavailable(filename: string, error: unknown): Failure {
  const cause = error instanceof Failure && error.code === 'answer_too_large' ? TOO_LARGE : error
  const reason = cause instanceof Error ? cause.message : 'it could not be fetched'
  const code = cause instanceof Failure ? cause.code : 'attachment_unavailable'
  const retryAfter = cause instanceof Failure ? cause.retryAfter : undefined
  return new Failure(code, `Attachment unavailable: ${filename} - ${reason}`, { cause, retryAfter })
}
