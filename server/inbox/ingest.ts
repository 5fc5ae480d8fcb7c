import { RelayError } from '#protocol/errors.ts'
import type { Metadata } from '#protocol/message.ts'
import type { Inbound, InboundFile } from '../channels/port.ts'
import type { Clock } from '../clock.ts'
import { type Counts, createCounts } from '../metrics/counts.ts'
import type { NewMessage, Store } from '../store/port.ts'
import type { ChannelRecord } from '../store/records.ts'
import { acceptFiles } from './files.ts'
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
  counts = createCounts(),
}: {
  store: Pick<Store, 'inbox' | 'maintenance'>
  seal: (plain: string) => string
  clock: Pick<Clock, 'now'>
  newId: () => string
  /** A message with files that are still at the platform was stored. relay:ATT6 */
  filesToFetch: () => void
  counts?: Pick<Counts, 'messages' | 'duplicates' | 'ingestSeconds'>
}) {
  let waitingBytes = 0

  /** Members are added one by one, because this is done for every message and most have none of them. */
  function accepted(channel: ChannelRecord, inbound: Inbound): NewMessage {
    const metadata = sanitiseMembers(inbound.metadata)
    const message: NewMessage = {
      id: newId(),
      userId: channel.userId,
      channelId: channel.id,
      channelType: channel.type,
      from: sanitiseText(inbound.from),
      content: sanitiseText(inbound.content),
      metadata: Object.assign(metadata, channelMetadata(channel)),
      now: clock.now(),
    }
    const { target, dedupKey, idempotency, positions } = inbound
    if (target !== undefined) message.target = target
    if (dedupKey !== undefined) message.dedupKey = dedupKey
    if (idempotency) message.idempotency = idempotency
    if (positions) message.positions = positions
    if (inbound.files) addFiles(message, inbound.files)
    return message
  }

  function addFiles(message: NewMessage, files: InboundFile[]): void {
    const { kept, omitted } = acceptFiles(files, { seal, newId })
    if (kept.length > 0) message.files = kept
    if (omitted.length === 0) return
    // The channel itself may have left some out already. relay:ATT1
    const before = message.metadata.attachmentsOmitted
    message.metadata.attachmentsOmitted = [...(Array.isArray(before) ? before : []), ...omitted]
  }

  return async (channel: ChannelRecord, inbound: Inbound): Promise<{ messageId: string; duplicate: boolean }> => {
    const message = accepted(channel, inbound)
    const bytes = weight(message)
    if (store.maintenance.queued() > MAX_QUEUED || (waitingBytes > 0 && waitingBytes + bytes > MAX_QUEUED_BYTES)) throw overloaded()
    waitingBytes += bytes
    const began = performance.now()
    try {
      const appended = await store.inbox.append(message)
      if (appended.kind === 'conflict') throw conflict()
      if (appended.kind === 'duplicate') {
        counts.duplicates.add(channel.type)
        return { messageId: appended.messageId, duplicate: true }
      }
      counts.messages.add(channel.type)
      counts.ingestSeconds.observe((performance.now() - began) / 1000)
      if (message.files?.some((file) => 'sealedSource' in file)) filesToFetch()
      return { messageId: appended.message.id, duplicate: false }
    } finally {
      waitingBytes -= bytes
    }
  }
}

function overloaded(): RelayError {
  return new RelayError('storage_unavailable', 'The relay has too much to store at the moment. Try again in a second.', {
    retryAfter: QUEUE_RETRY_S,
  })
}

function conflict(): RelayError {
  return new RelayError('idempotency_conflict', 'This Idempotency-Key was used with another body. Use a new key for a new message.')
}

/** About the memory of a message that waits. */
function weight({ content, files }: NewMessage): number {
  let bytes = 2 * content.length
  if (files) for (const file of files) if ('bytes' in file) bytes += file.bytes.byteLength
  return bytes
}

/** What every message says about its channel. relay:CUR11 */
function channelMetadata(channel: ChannelRecord): Metadata {
  const metadata: Metadata = { channelDirection: channel.direction }
  if (channel.agentId) metadata.channelAgentId = sanitiseText(channel.agentId)
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
