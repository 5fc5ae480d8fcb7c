import { randomUUID } from 'node:crypto'
import { RelayError } from '#protocol/errors.ts'
import type { ReplyAnswer } from '#protocol/http.ts'
import type { ChannelHost } from '../channels/port.ts'
import { takenOver } from '../channels/takeOver.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type Counts, createCounts } from '../metrics/counts.ts'
import type { ReplyRecord, SessionRecord, Store } from '../store/port.ts'
import type { ChannelRecord } from '../store/records.ts'
import { readFiles } from './files.ts'
import { readReply } from './request.ts'
import { type Notify, statusFrame } from './status.ts'
import { findTarget, requireReady } from './target.ts'

export type Replies = ReturnType<typeof createReplies>

type Parts = {
  store: Pick<Store, 'inbox' | 'replies'>
  host: Pick<ChannelHost, 'channel'>
  clock: Pick<Clock, 'now'>
  log: Pick<Log, 'debug'>
  /** A reply waits to be sent: wake the outbox. */
  onQueued: () => void
  notify: Notify
  newId?: () => string
  counts?: Pick<Counts, 'repliesAccepted'>
}

/** The one way out: POST /reply and the `reply` frame both end here. */
export function createReplies({ store, host, clock, log, onQueued, notify, newId = randomUUID, counts = createCounts() }: Parts) {
  function ownChannel(channelId: string, userId: string): ChannelRecord {
    const channel = host.channel(channelId)
    if (channel?.userId === userId) return channel
    throw new RelayError('channel_not_found', 'This session has no such channel.')
  }

  /** Webhook replies have arrived once they are stored; told after the acknowledgement. relay:REP7 */
  function announce(reply: ReplyRecord): void {
    if (reply.state === 'queued') onQueued()
    else setImmediate(() => notify(reply.userId, statusFrame(reply)))
  }

  return {
    /**
     * Checks a reply, commits it to the outbox and answers. A repeated clientId or Idempotency-Key gets the first answer without a second effect.
     * Throws the codes of relay:REP1-REP5, REP12, DUR3 and TKO2; what it throws has stored nothing. relay:REP6, REP11
     */
    async accept(session: SessionRecord, body: unknown, idempotency?: { key: string; bodyHash: string }): Promise<ReplyAnswer> {
      const { userId } = session
      const wanted = readReply(body)
      const keys = { ...(wanted.clientId !== undefined && { clientId: wanted.clientId }), ...(idempotency && { idempotency }) }
      const repeat = await store.replies.repeated(userId, keys, clock.now())
      if (repeat) return repeat.kind === 'conflict' ? refuseConflict() : answer(repeat.reply)
      const channel = ownChannel(wanted.channelId, userId)
      requireReady(channel)
      const responseId = newId()
      const files = readFiles(wanted.attachments, responseId)
      const target = await findTarget(store.inbox, channel, wanted)
      const { replyTo: _, ...metadata } = wanted.metadata
      const enqueued = await store.replies.enqueue({
        responseId,
        userId,
        channelId: channel.id,
        channelType: channel.type,
        content: wanted.content,
        metadata: { ...metadata, ...(wanted.replyTo !== undefined && { replyTo: wanted.replyTo }) },
        files,
        ...(target !== undefined && { target }),
        ...keys,
        ...(wanted.by && { by: wanted.by }),
        state: channel.type === 'webhook' ? 'sent' : 'queued',
        now: clock.now(),
      })
      if (enqueued.kind === 'conflict') return refuseConflict()
      if (enqueued.kind === 'taken_over') throw takenOver()
      if (enqueued.kind === 'stored') {
        counts.repliesAccepted.add(channel.type)
        announce(enqueued.reply)
      }
      log.debug({ responseId: enqueued.reply.responseId, channelId: channel.id, outcome: enqueued.kind }, 'reply accepted')
      return answer(enqueued.reply)
    },
  }
}

function answer({ responseId, channelId, channelType, state }: ReplyRecord): ReplyAnswer {
  return { ok: true, responseId, channelId, channelType, state }
}

function refuseConflict(): never {
  throw new RelayError('idempotency_conflict', 'This Idempotency-Key was used with another body. Use a new key for a new reply.')
}
