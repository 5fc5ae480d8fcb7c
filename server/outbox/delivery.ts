import { type ChannelAdapter, type ChannelHost, type Delivery, DeliveryFailure, type Part } from '../channels/port.ts'
import { AGENT_STOPPED, isTakenOver } from '../channels/takeOver.ts'
import type { Log } from '../log.ts'
import { scrub } from '../logScrub.ts'
import type { Counts } from '../metrics/counts.ts'
import type { ReplyRecord, Store } from '../store/port.ts'
import type { ChannelRecord } from '../store/records.ts'

/** How an attempt ended. `failed` is final, `later` is tried again. */
export type Outcome =
  | { state: 'sent'; platformMessageId: string; reason?: string }
  | { state: 'failed'; reason: string }
  | { state: 'later'; reason: string; retryAfterMs?: number; uncertain: boolean }

type Parts = {
  store: Pick<Store, 'replies' | 'attachments'>
  adapters: (type: ChannelRecord['type']) => ChannelAdapter | undefined
  host: Pick<ChannelHost, 'channel' | 'setStatus'>
  now: () => number
  log: Pick<Log, 'warn' | 'error'>
  /** Runs a write until the store takes it. */
  persist: (write: () => Promise<unknown>) => Promise<void>
  counts: Pick<Counts, 'providerErrors'>
}

const DELETED_REASON = 'The channel was deleted.'
/** So often a channel that is switched off is looked at again. */
const SWITCHED_OFF_RETRY_MS = 60_000
const SWITCHED_OFF = 'The channel is switched off. It is sent when you switch it on.'
const MAYBE_TWICE = 'It may have arrived twice: the answer to an earlier attempt was lost.'
const MAYBE_ARRIVED = 'An earlier attempt may have arrived.'

/** Hands one claimed reply to its platform, part by part, from the first that was not taken. Never throws. relay:REP8, REP9 */
export function createDelivery({ store, adapters, host, now, log, persist, counts }: Parts) {
  return async (reply: ReplyRecord): Promise<Outcome> => {
    const channel = host.channel(reply.channelId)
    if (!channel || channel.userId !== reply.userId || channel.type !== reply.channelType)
      return { state: 'failed', reason: DELETED_REASON }
    if (!channel.enabled) return { state: 'later', reason: SWITCHED_OFF, retryAfterMs: SWITCHED_OFF_RETRY_MS, uncertain: false }
    const adapter = adapters(channel.type)
    if (!adapter) return { state: 'failed', reason: `This relay cannot send to ${channel.type} channels.` }
    try {
      return await sendParts(adapter, adapter.parts(reply, channel), reply)
    } catch (error) {
      return explain(error, reply)
    }
  }

  async function sendParts(adapter: ChannelAdapter, parts: Part[], reply: ReplyRecord): Promise<Outcome> {
    let platformMessageId = reply.platformMessageId
    let repeatable = adapter.recognisesRepeats !== true
    for (const part of parts.slice(reply.partsSent)) {
      const channel = host.channel(reply.channelId)
      if (!channel) return { state: 'failed', reason: DELETED_REASON }
      // Also in the middle of a reply: what was not said yet is not said. relay:TKO3
      if (reply.by !== 'human' && isTakenOver(channel, reply.target)) return { state: 'failed', reason: AGENT_STOPPED }
      const taken = await adapter.send(delivery(channel, reply, part, parts.length))
      platformMessageId = taken.platformMessageId
      repeatable ||= taken.repeatable === true
      const done = parts.indexOf(part) + 1
      if (done < parts.length) await persist(() => store.replies.partSent(reply.responseId, done, taken.platformMessageId, now()))
    }
    if (platformMessageId === undefined) return { state: 'failed', reason: 'There was nothing to send in this reply.' }
    const doubtful = reply.uncertain && repeatable
    return { state: 'sent', platformMessageId, ...(doubtful && { reason: MAYBE_TWICE }) }
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
      return { state: 'later', reason: 'The relay could not send this reply.', uncertain: true }
    }
    counts.providerErrors.add(reply.channelType, error.permanent ? 'permanent' : 'passing')
    if (error.channelState) {
      await host
        .setStatus(channelId, error.channelState)
        .catch((err: unknown) => log.warn({ err, channelId }, 'channel status not stored'))
    }
    // A platform's sentence may quote what it was asked with: neither the database nor the client gets that.
    const reason = scrub(error.message)
    if (error.permanent) return { state: 'failed', reason: withDoubt(reason, reply) }
    const { retryAfterMs, uncertain } = error
    return { state: 'later', reason, uncertain, ...(retryAfterMs !== undefined && { retryAfterMs }) }
  }
}

/** A failure after an attempt of unknown outcome does not claim that nothing arrived. relay:REP9 */
export function withDoubt(reason: string, reply: Pick<ReplyRecord, 'uncertain'>): string {
  return reply.uncertain ? `${reason} ${MAYBE_ARRIVED}` : reason
}
