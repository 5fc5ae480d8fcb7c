import type { ErrorCode } from '#protocol/errors.ts'
import { REPLY_ACK_WITHIN_MS } from '#protocol/limits.ts'
import type { ReplyRequest, ReplyState, ReplyStatus } from '#protocol/message.ts'
import type { ServerFrame } from '#protocol/socket.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Timers } from '../platform/timers.ts'
import type { Reply } from './model.ts'
import { applyStatus, type Handed, listQueued, listSending, noteTry, settleHanded } from './replyStore.ts'

/** client:CRP7 */
export const GIVE_UP_AFTER_MS = 24 * 60 * 60_000
/** Without a connection: how soon the next reply is tried by HTTP. A new connection tries at once. */
const TRY_AGAIN_MS = 30_000

/** How replies reach the relay. */
export type ReplyRoads = {
  /** Over the live socket; false if there is none. */
  overSocket(request: ReplyRequest & { clientId: string }): boolean
  /** POST /reply. Throws Failure. */
  overHttp(request: ReplyRequest & { clientId: string }): Promise<{ responseId: string; state: ReplyState }>
  /** False for a relay that would deliver twice what is sent twice. client:LEG3 */
  mayRepeat(): boolean
  /** GET /replies/:id. Throws Failure. */
  status(responseId: string): Promise<ReplyStatus>
}

export type Outbox = ReturnType<typeof createOutbox>

/**
 * Hands stored replies to the relay, one after the other, each under its own clientId for ever: by socket, without an ack within 10 s by
 * HTTP, after a crash again. The relay delivers a clientId once. client:CRP1, CRP2, CRP3, CRP7
 */
export function createOutbox({
  db,
  profileId,
  timers,
  roads,
  onChanged,
}: {
  db: Database
  profileId: string
  timers: Timers
  roads: ReplyRoads
  onChanged: (reply: Reply) => void
}) {
  const acks = new Map<string, (answer: Handed | 'none') => void>()
  const startedAt = timers.now()
  /** Replies an earlier try may have brought to the relay already: it may have delivered them before it acked them here. */
  const doubtful = new Set<string>()
  let wanted = false
  let working = false
  let cancelRetry: (() => void) | undefined
  let closed = false

  /** Resolves with `none` when nothing answered in time: the same clientId then goes by HTTP. */
  function acked(clientId: string): Promise<Handed | 'none'> {
    return new Promise((resolve) => {
      const cancel = timers.after(REPLY_ACK_WITHIN_MS, () => settle('none'))
      const settle = (answer: Handed | 'none'): void => {
        cancel()
        acks.delete(clientId)
        resolve(answer)
      }
      acks.set(clientId, settle)
    })
  }

  /** Throws Failure when it should be tried again later. */
  async function hand(reply: Reply): Promise<Handed> {
    const { clientId, channelId, channelType, content, replyTo, metadata, attachments, by = 'human' } = reply
    const request: ReplyRequest & { clientId: string } = {
      clientId,
      channelId,
      channelType,
      content,
      metadata,
      by,
      ...(replyTo !== undefined && { replyTo }),
      ...(attachments.length > 0 && { attachments }),
    }
    // Files may take longer than an ack may: they go by HTTP at once.
    if (attachments.length === 0 && roads.overSocket(request)) {
      const answer = await acked(clientId)
      // relay:REP7: what is stored for a webhook's sender has arrived.
      if (answer !== 'none') return answer.kind === 'taken' && channelType === 'webhook' ? { ...answer, state: 'sent' } : answer
      if (!roads.mayRepeat()) return { kind: 'refused', code: 'not_confirmed', reason: NOT_CONFIRMED }
      doubtful.add(clientId)
    }
    try {
      const { responseId, state } = await roads.overHttp(request)
      return { kind: 'taken', responseId, state: state === 'sent' ? 'sent' : 'queued' }
    } catch (error) {
      if (error instanceof Failure && isFinal(error.code)) return { kind: 'refused', code: error.code, reason: error.message }
      throw error
    }
  }

  /** It stays what it was, and says why it still waits. client:OBX2 */
  async function failedTry(clientId: string, error: unknown): Promise<never> {
    const reason = error instanceof Error ? error.message : 'The relay could not be reached.'
    doubtful.add(clientId)
    const changed = await noteTry(db, clientId, reason)
    if (changed) onChanged(changed)
    throw error
  }

  async function work(): Promise<void> {
    while (wanted && !closed) {
      wanted = false
      let unsure = false
      for (const clientId of await listSending(db, profileId)) {
        const reply = await db.get('replies', clientId)
        if (closed) return
        if (reply?.state !== 'sending') continue
        const tooOld = timers.now() - reply.createdAt > GIVE_UP_AFTER_MS
        const handed: Handed = tooOld
          ? { kind: 'refused', code: 'not_sent', reason: 'The relay could not be reached for 24 hours.' }
          : await hand(reply).catch((error: unknown) => failedTry(clientId, error))
        const changed = await settleHanded(db, clientId, handed, timers.now())
        if (changed) onChanged(changed)
        // Nobody tells again what became of a reply before this connection.
        if (changed?.state === 'queued') unsure ||= doubtful.has(clientId) || reply.updatedAt < startedAt
        doubtful.delete(clientId)
      }
      if (unsure) await refresh()
    }
  }

  function flush(): void {
    wanted = true
    cancelRetry?.()
    cancelRetry = undefined
    if (working) return
    working = true
    work()
      .catch((error: unknown) => {
        const seconds = error instanceof Failure ? error.retryAfter : undefined
        cancelRetry = timers.after(seconds === undefined ? TRY_AGAIN_MS : seconds * 1000, flush)
      })
      .finally(() => {
        working = false
        // Asked for while the last attempt failed: a connection may have come up meanwhile.
        if (wanted && !closed) flush()
      })
  }

  async function take(status: ReplyStatus): Promise<void> {
    const changed = await applyStatus(db, profileId, status, timers.now())
    if (changed) onChanged(changed)
  }

  async function refresh(): Promise<void> {
    for (const responseId of await listQueued(db, profileId)) {
      if (closed) return
      try {
        await take(await roads.status(responseId))
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'not_found') return
        const reason = 'The relay does not know this message any more. It may not have been delivered.'
        await take({ responseId, channelId: '', state: 'failed', reason, attempts: 0, updatedAt: '' })
      }
    }
  }

  return {
    /** Something waits to be sent. */
    flush,
    /** A connection is up. client:CRP3, CRP7 */
    connected(): void {
      flush()
      void refresh()
    },
    /** The connection is gone: acks will not come. */
    disconnected(): void {
      for (const settle of [...acks.values()]) settle('none')
    },
    /** reply_ack, error and reply_status frames. */
    take(frame: ServerFrame): void {
      if (frame.type === 'reply_status') void take(frame)
      else if (frame.type === 'reply_ack' && frame.clientId !== undefined)
        acks.get(frame.clientId)?.({ kind: 'taken', responseId: frame.responseId, state: 'queued' })
      else if (frame.type === 'error' && frame.clientId !== undefined)
        acks.get(frame.clientId)?.(isFinal(frame.code) ? { kind: 'refused', code: frame.code, reason: frame.error } : 'none')
    },
    /** An answer that names no reply means the oldest one under way; there is never a second one. client:LEG3 */
    settleOldest(answer: Handed): void {
      for (const settle of [...acks.values()].slice(0, 1)) settle(answer)
    },
    close(): void {
      closed = true
      cancelRetry?.()
      for (const settle of [...acks.values()]) settle('none')
    },
  }
}

const NOT_CONFIRMED = 'The relay did not confirm this message. It may have been delivered; send it again if it was not.'

/** Refusals that no repetition changes: the relay will never take this reply as it is. relay:REP1-4, REP12 */
const FINAL: readonly string[] = [
  'missing_field',
  'invalid_field',
  'invalid_body',
  'invalid_json',
  'content_too_large',
  'body_too_large',
  'attachment_too_large',
  'channel_not_found',
  'channel_disabled',
  'not_found',
  'not_paired',
  'not_verified',
  'no_target',
  'taken_over',
  'idempotency_conflict',
] satisfies ErrorCode[]

function isFinal(code: string): boolean {
  return FINAL.includes(code)
}
