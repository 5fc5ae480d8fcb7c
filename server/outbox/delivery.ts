import { type ChannelAdapter, type ChannelHost, type Delivery, DeliveryFailure, type Part } from '../channels/port.ts'
import type { Log } from '../log.ts'
import type { ReplyRecord, Store } from '../store/port.ts'
import type { ChannelRecord } from '../store/records.ts'

/** How an attempt ended. `failed` is final, `later` is tried again. */
export type Outcome =
  | { kind: 'sent'; platformMessageId: string }
  | { kind: 'failed'; reason: string }
  | { kind: 'later'; reason: string; retryAfterMs?: number }

type Parts = {
  store: Pick<Store, 'replies' | 'attachments'>
  adapters: (type: ChannelRecord['type']) => ChannelAdapter | undefined
  host: Pick<ChannelHost, 'channel' | 'setStatus'>
  now: () => number
  log: Pick<Log, 'warn' | 'error'>
  /** Runs a write until the store takes it. */
  persist: (write: () => Promise<unknown>) => Promise<void>
}

const DELETED_REASON = 'The channel was deleted.'

/** Hands one claimed reply to its platform, part by part, from the first that was not taken. Never throws. relay:REP8, REP9 */
export function createDelivery({ store, adapters, host, now, log, persist }: Parts) {
  return async (reply: ReplyRecord): Promise<Outcome> => {
    const channel = host.channel(reply.channelId)
    if (!channel || channel.userId !== reply.userId || channel.type !== reply.channelType)
      return { kind: 'failed', reason: DELETED_REASON }
    if (!channel.enabled) return { kind: 'later', reason: 'The channel is switched off. It is sent when you switch it on.' }
    const adapter = adapters(channel.type)
    if (!adapter) return { kind: 'failed', reason: `This relay cannot send to ${channel.type} channels.` }
    try {
      return await sendParts(adapter, adapter.parts(reply, channel), reply)
    } catch (error) {
      return explain(error, reply)
    }
  }

  async function sendParts(adapter: ChannelAdapter, parts: Part[], reply: ReplyRecord): Promise<Outcome> {
    let platformMessageId = reply.platformMessageId
    for (const part of parts.slice(reply.partsSent)) {
      const channel = host.channel(reply.channelId)
      if (!channel) return { kind: 'failed', reason: DELETED_REASON }
      platformMessageId = (await adapter.send(delivery(channel, reply, part, parts.length))).platformMessageId
      const taken = platformMessageId
      const done = parts.indexOf(part) + 1
      if (done < parts.length) await persist(() => store.replies.partSent(reply.responseId, done, taken, now()))
    }
    if (platformMessageId === undefined) return { kind: 'failed', reason: 'There was nothing to send in this reply.' }
    return { kind: 'sent', platformMessageId }
  }

  function delivery(channel: ChannelRecord, reply: ReplyRecord, part: Part, parts: number): Delivery {
    return { channel, reply, part, parts, file: (index) => readFile(reply, index) }
  }

  async function readFile(reply: ReplyRecord, index: number) {
    const file = reply.attachments[index]
    const stored = file && (await store.attachments.read(reply.responseId, file.id))
    if (stored?.state !== 'stored')
      throw new DeliveryFailure('A file of this reply is no longer readable. Send it again.', { permanent: true })
    return { filename: stored.file.filename, mimeType: stored.file.mimeType, bytes: stored.bytes }
  }

  async function explain(error: unknown, reply: ReplyRecord): Promise<Outcome> {
    const { responseId, channelId } = reply
    if (!(error instanceof DeliveryFailure)) {
      log.error({ err: error, responseId, channelId }, 'sending a reply failed unexpectedly')
      return { kind: 'later', reason: 'The relay could not send this reply.' }
    }
    if (error.channelState) {
      await host
        .setStatus(channelId, error.channelState)
        .catch((err: unknown) => log.warn({ err, channelId }, 'channel status not stored'))
    }
    if (error.permanent) return { kind: 'failed', reason: error.message }
    return { kind: 'later', reason: error.message, ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }) }
  }
}
