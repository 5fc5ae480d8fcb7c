import { RelayError } from '#protocol/errors.ts'
import { REPLY_ACK_WITHIN_MS } from '#protocol/limits.ts'
import type { Clock } from '../clock.ts'
import type { RateLimits } from '../http/route.ts'
import type { Log } from '../log.ts'
import type { SessionRecord } from '../store/port.ts'
import { adjustReading, type Connection, isOpen, say } from './connection.ts'
import { errorFrame } from './errorFrame.ts'

/** Answers leave a little before relay:WS13's ten seconds are over, ms. */
const ANSWER_WITHIN_MS = REPLY_ACK_WITHIN_MS - 500
/** Frames of one socket that may wait for their turn, by count and by bytes; beyond it reading stops until some are done. */
const MAX_WAITING = 32
const MAX_WAITING_BYTES = 32 * 1024 * 1024

/** Takes a reply in, as POST /reply does. Resolves after the commit; throws RelayError. */
export type Replies = {
  accept(session: SessionRecord, body: Record<string, unknown>, idempotency: undefined): Promise<{ responseId: string }>
}

type Waiting = { frame: Record<string, unknown>; bytes: number }

/** Answers every `reply` frame exactly once and in order, one socket independent of the other. relay:WS13 */
export function createReplyFrames({
  replies,
  limits,
  clock,
  log,
}: {
  replies: Replies
  limits: RateLimits
  clock: Pick<Clock, 'after'>
  log: Pick<Log, 'error'>
}) {
  /** Only sockets with frames at work have an entry. */
  const queues = new Map<Connection, { waiting: Waiting[]; bytes: number }>()

  async function work(connection: Connection, queue: { waiting: Waiting[]; bytes: number }): Promise<void> {
    for (let next = queue.waiting[0]; next && isOpen(connection); next = queue.waiting[0]) {
      await answer(connection, next.frame)
      queue.waiting.shift()
      queue.bytes -= next.bytes
      setCrowded(connection, isFull(queue))
    }
    queues.delete(connection)
  }

  async function answer(connection: Connection, frame: Record<string, unknown>): Promise<void> {
    const clientId = typeof frame.clientId === 'string' ? { clientId: frame.clientId } : {}
    try {
      const { responseId } = await inTime(accept(connection.known.session, frame))
      say(connection, { type: 'reply_ack', ok: true, responseId, ...clientId })
    } catch (error) {
      if (!(error instanceof RelayError)) log.error({ err: error }, 'a reply frame failed')
      say(connection, { ...errorFrame(error), ...clientId })
    }
  }

  async function accept(session: SessionRecord, { type: _, ...body }: Record<string, unknown>): Promise<{ responseId: string }> {
    limits.consume('wsReply', session.userId)
    return replies.accept(session, body, undefined)
  }

  /** An answer that comes later than this is never sent: the client asks again, and the same clientId gets the same reply (relay:REP11). */
  function inTime<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = clock.after(ANSWER_WITHIN_MS, () =>
        reject(
          new RelayError('storage_unavailable', 'The relay could not store this in time. Send it again with the same clientId.'),
        ),
      )
      work.then(resolve, reject).finally(cancel)
    })
  }

  return (connection: Connection, frame: Record<string, unknown>, bytes: number): void => {
    const queue = queues.get(connection) ?? { waiting: [], bytes: 0 }
    queue.waiting.push({ frame, bytes })
    queue.bytes += bytes
    setCrowded(connection, isFull(queue))
    if (queues.has(connection)) return
    queues.set(connection, queue)
    void work(connection, queue)
  }
}

function isFull(queue: { waiting: Waiting[]; bytes: number }): boolean {
  return queue.waiting.length >= MAX_WAITING || queue.bytes >= MAX_WAITING_BYTES
}

function setCrowded(connection: Connection, crowded: boolean): void {
  if (connection.crowded === crowded || connection.stage.at === 'closed') return
  connection.crowded = crowded
  adjustReading(connection)
}
