import { MAX_ATTACHMENT_BYTES } from '#protocol/limits.ts'
import { DeliveryFailure } from '../channels/port.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { AttachmentStore } from '../store/attachmentPort.ts'
import type { ChannelRecord } from '../store/records.ts'
import { typed } from './files.ts'

/** Files looked at in one round; more are found in the next. */
const ROUND_FILES = 50
/** Waits after a failure: doubling from the first to the last. Platforms keep files for hours at least. */
const FIRST_RETRY_MS = 5_000
const LAST_RETRY_MS = 30 * 60_000

type Pending = Awaited<ReturnType<AttachmentStore['pending']>>[number]

export type FileFetcher = ReturnType<typeof createFileFetcher>

/** Fetches the files that stayed at the platform when their message was stored, one after the other, with retries. relay:ATT6 */
export function createFileFetcher({
  attachments,
  channel,
  fetchFile,
  unseal,
  clock,
  log,
}: {
  attachments: AttachmentStore
  channel: (id: string) => ChannelRecord | undefined
  /** Throws when the platform does not give the file now, DeliveryFailure when it never will. */
  fetchFile: (channel: ChannelRecord, source: string) => Promise<{ bytes: Uint8Array; mimeType?: string }>
  unseal: (sealed: string) => string
  clock: Clock
  log: Pick<Log, 'warn'>
}) {
  /** Failed files only: how often, and when they are due again. */
  const failed = new Map<string, { times: number; dueAt: number }>()
  let closed = false
  let round: Promise<void> | undefined
  let again = false
  let cancelTimer: (() => void) | undefined

  function wake(): void {
    if (closed) return
    again = true
    round ??= rounds().finally(() => {
      round = undefined
    })
  }

  async function rounds(): Promise<void> {
    while (again && !closed) {
      again = false
      try {
        await fetchAll()
      } catch (error) {
        log.warn({ err: error }, 'files could not be fetched')
      }
    }
    scheduleRetry()
  }

  async function fetchAll(): Promise<void> {
    const limit = ROUND_FILES + failed.size
    const waiting = await attachments.pending(limit)
    const stillWaiting = new Set(waiting.map(keyOf))
    for (const key of failed.keys()) if (!stillWaiting.has(key)) failed.delete(key)
    for (const file of waiting) {
      if (closed) return
      if ((failed.get(keyOf(file))?.dueAt ?? 0) <= clock.now()) await fetchOne(file)
    }
    if (waiting.length === limit) again = true
  }

  async function fetchOne(file: Pending): Promise<void> {
    const { ownerId, attachmentId, channelId } = file
    try {
      const { bytes, mimeType } = await fetchBytes(file)
      const type = typed(mimeType, bytes)
      await attachments.fill(ownerId, attachmentId, bytes, type.mimeType, type.kind)
      failed.delete(keyOf(file))
    } catch (error) {
      const permanent = error instanceof DeliveryFailure && error.permanent
      log.warn({ channelId, permanent, err: error }, 'a file could not be fetched')
      if (permanent) await attachments.giveUp(ownerId, attachmentId)
      else postpone(file)
    }
  }

  async function fetchBytes({ channelId, sealedSource }: Pending): Promise<{ bytes: Uint8Array; mimeType: string }> {
    const from = channel(channelId)
    if (!from) throw new DeliveryFailure('The channel of this file was deleted.', { permanent: true })
    const { bytes, mimeType = 'application/octet-stream' } = await fetchFile(from, unseal(sealedSource))
    if (bytes.byteLength > MAX_ATTACHMENT_BYTES)
      throw new DeliveryFailure('The file is larger than the platform said, and than 5 MiB.', { permanent: true })
    return { bytes, mimeType }
  }

  function postpone(file: Pending): void {
    const times = (failed.get(keyOf(file))?.times ?? 0) + 1
    failed.set(keyOf(file), { times, dueAt: clock.now() + Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (times - 1)) })
  }

  function scheduleRetry(): void {
    cancelTimer?.()
    cancelTimer = undefined
    if (closed || failed.size === 0) return
    const dueAt = Math.min(...[...failed.values()].map((file) => file.dueAt))
    cancelTimer = clock.after(Math.max(0, dueAt - clock.now()), wake)
  }

  return {
    /** Something may be waiting: look now. */
    wake,
    /** Somebody asked for this file: try it again without waiting for its turn. */
    wanted(ownerId: string, attachmentId: string): void {
      failed.delete(keyOf({ ownerId, attachmentId }))
      wake()
    },
    async close(): Promise<void> {
      closed = true
      cancelTimer?.()
      await round
    },
  }
}

function keyOf(file: Pick<Pending, 'ownerId' | 'attachmentId'>): string {
  return `${file.ownerId}/${file.attachmentId}`
}
