import { RelayError } from '#protocol/errors.ts'
import type { Metadata } from '#protocol/message.ts'
import type { Inbound } from '../channels/port.ts'
import type { Clock } from '../clock.ts'
import type { Appended, NewMessage, Store } from '../store/port.ts'
import type { ChannelRecord } from '../store/records.ts'
import { acceptFiles, type OmittedFile } from './files.ts'
import { sanitiseMembers, sanitiseText } from './sanitise.ts'

/** What may wait for its commit at once before new messages are refused: about half a second of work, and memory that hostile posts cannot exceed. */
const MAX_QUEUED = 10_000
const MAX_QUEUED_BYTES = 64 * 1024 * 1024
/** Seconds after which a refused sender finds the queue empty again. */
const QUEUE_RETRY_S = 1

export type Ingest = ReturnType<typeof createIngest>

/**
 * The one way into an inbox: sanitises, adds what the channel says about itself, stores. Resolves after the commit; the push to sockets follows the
 * commit by itself. Throws idempotency_conflict and storage_unavailable. relay:DUR1, DUR2, SAN1, CUR11
 */
export function createIngest({
  store,
  seal,
  clock,
  newId,
  filesToFetch,
}: {
  store: Pick<Store, 'inbox' | 'maintenance'>
  seal: (plain: string) => string
  clock: Pick<Clock, 'now'>
  newId: () => string
  /** A message with files that are still at the platform was stored. relay:ATT6 */
  filesToFetch: () => void
}) {
  let waitingBytes = 0

  function accepted(channel: ChannelRecord, inbound: Inbound): NewMessage {
    const { kept, omitted } = inbound.files ? acceptFiles(inbound.files, { seal, newId }) : NO_FILES
    return {
      id: newId(),
      userId: channel.userId,
      channelId: channel.id,
      channelType: channel.type,
      from: sanitiseText(inbound.from),
      content: sanitiseText(inbound.content),
      metadata: withOmitted({ ...sanitiseMembers(inbound.metadata), ...channelMetadata(channel) }, omitted),
      ...(kept.length > 0 && { files: kept }),
      ...(inbound.target !== undefined && { target: inbound.target }),
      ...(inbound.dedupKey !== undefined && { dedupKey: inbound.dedupKey }),
      ...(inbound.idempotency && { idempotency: inbound.idempotency }),
      ...(inbound.positions && { positions: inbound.positions }),
      now: clock.now(),
    }
  }

  async function append(message: NewMessage): Promise<Appended> {
    const bytes = weight(message)
    if (store.maintenance.queued() > MAX_QUEUED || (waitingBytes > 0 && waitingBytes + bytes > MAX_QUEUED_BYTES))
      throw new RelayError('storage_unavailable', 'The relay has too much to store at the moment. Try again in a second.', {
        retryAfter: QUEUE_RETRY_S,
      })
    waitingBytes += bytes
    try {
      return await store.inbox.append(message)
    } finally {
      waitingBytes -= bytes
    }
  }

  return async (channel: ChannelRecord, inbound: Inbound): Promise<{ messageId: string; duplicate: boolean }> => {
    const message = accepted(channel, inbound)
    const appended = await append(message)
    if (appended.kind === 'conflict')
      throw new RelayError(
        'idempotency_conflict',
        'This Idempotency-Key was used with another body. Use a new key for a new message.',
      )
    if (appended.kind === 'duplicate') return { messageId: appended.messageId, duplicate: true }
    if (message.files?.some((file) => 'sealedSource' in file)) filesToFetch()
    return { messageId: appended.message.id, duplicate: false }
  }
}

/** About the memory of a message that waits. */
function weight({ content, files = [] }: NewMessage): number {
  return files.reduce((sum, file) => sum + ('bytes' in file ? file.bytes.byteLength : 0), 2 * content.length)
}

const NO_FILES: ReturnType<typeof acceptFiles> = { kept: [], omitted: [] }

/** Adds to what the channel itself already left out. relay:ATT1 */
function withOmitted(metadata: Metadata, omitted: OmittedFile[]): Metadata {
  if (omitted.length === 0) return metadata
  const before = Array.isArray(metadata.attachmentsOmitted) ? metadata.attachmentsOmitted : []
  return { ...metadata, attachmentsOmitted: [...before, ...omitted] }
}

/** What every message says about its channel. relay:CUR11 */
function channelMetadata(channel: ChannelRecord): Metadata {
  const metadata: Metadata = { channelDirection: channel.direction }
  if (channel.agentId) metadata.channelAgentId = channel.agentId
  if (channel.name) metadata.channelName = sanitiseText(channel.name)
  if (channel.prompt) metadata.channelPrompt = sanitiseText(channel.prompt)
  if (channel.runInBackground !== undefined) metadata.channelRunInBackground = channel.runInBackground
  if (channel.notifyOnComplete !== undefined) metadata.channelNotifyOnComplete = channel.notifyOnComplete
  return metadata
}

/** Names that only `channelMetadata` may set: a sender cannot speak for the channel. */
export const CHANNEL_METADATA = [
  'channelDirection',
  'channelAgentId',
  'channelName',
  'channelPrompt',
  'channelRunInBackground',
  'channelNotifyOnComplete',
] as const
