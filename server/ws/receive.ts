import type { RawData } from 'ws'
import * as z from 'zod/mini'
import { RelayError } from '#protocol/errors.ts'
import { ackFrameSchema } from '#protocol/socket.ts'
import { isShallow } from '../http/jsonDepth.ts'
import type { Log } from '../log.ts'
import type { InboxStore } from '../store/port.ts'
import { type Connection, isOpen, say } from './connection.ts'
import type { createDecisions } from './decisions.ts'
import { errorFrame } from './errorFrame.ts'
import type { createReplyFrames } from './replyFrames.ts'
import type { Resume } from './resume.ts'

/** What a client says: `resume`, `ping`, `ack`, `reply`, `approval_decision`; other types are ignored, what is no frame is answered with an error. relay:WS11, WS12 */
export function createReceiver({
  inbox,
  resume,
  replyFrame,
  decide,
  log,
}: {
  inbox: Pick<InboxStore, 'ack'>
  resume: Resume
  replyFrame: ReturnType<typeof createReplyFrames>
  decide: ReturnType<typeof createDecisions>['decide']
  log: Pick<Log, 'error'>
}) {
  function handle(connection: Connection, data: RawData, isBinary: boolean): Promise<void> | void {
    const frame = parseFrame(data, isBinary)
    if (frame.type === 'ping') return say(connection, { type: 'pong' })
    if (frame.type === 'reply') return replyFrame(connection, frame, sizeOf(data))
    if (frame.type === 'ack') return acknowledge(connection, frame)
    if (connection.kind === 'legacy') return
    if (frame.type === 'resume') return resume.v2(connection, frame)
    if (frame.type === 'approval_decision') return decide(connection, frame)
  }

  /** relay:CUR10 */
  function acknowledge(connection: Connection, frame: Record<string, unknown>): Promise<void> {
    const { data } = z.safeParse(ackFrameSchema, frame)
    if (!data || !Number.isSafeInteger(data.seq) || data.seq < 0)
      throw new RelayError('invalid_field', 'ack needs seq, the number of the last message that was stored.')
    return inbox.ack(connection.known.session.userId, data.seq)
  }

  function failed(connection: Connection, error: unknown): void {
    if (!(error instanceof RelayError)) log.error({ err: error }, 'a frame failed')
    say(connection, errorFrame(error))
  }

  return (connection: Connection, data: RawData, isBinary: boolean): void => {
    if (!isOpen(connection)) return
    try {
      handle(connection, data, isBinary)?.catch((error) => failed(connection, error))
    } catch (error) {
      failed(connection, error)
    }
  }
}

/** Throws invalid_json, invalid_body. relay:WS12 */
function parseFrame(data: RawData, isBinary: boolean): Record<string, unknown> {
  if (isBinary) throw new RelayError('invalid_body', 'Frames must be text, not binary.')
  let value: unknown
  try {
    value = JSON.parse(String(data))
  } catch {
    throw new RelayError('invalid_json', 'This frame is not valid JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RelayError('invalid_body', 'A frame must be a JSON object.')
  if (!isShallow(value)) throw new RelayError('invalid_body', 'This frame is nested too deeply.')
  return value as Record<string, unknown>
}

function sizeOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.length, 0) : data.byteLength
}
