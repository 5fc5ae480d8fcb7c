import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import { CLOSE } from '#protocol/limits.ts'
import type { ServerFrame } from '#protocol/socket.ts'
import type { Known } from '../auth/sessions.ts'
import { type MessageRun, textFrame } from './frame.ts'

/** Above this much unsent data nothing more is pushed live. relay:WS15 */
const HIGH_WATER_BYTES = 1024 * 1024
/** Frames kept for a client that has not said `resume` yet; one that talks on without resuming is not one of ours. */
const MAX_HELD = 100

/**
 * What a connection may be sent now. `ticksLeft` counts the sweeps until relay:WS7's deadline, `held` is what was to be said before `resume`, `resuming`
 * that `resume` is being worked on. `more` tells a running catch-up that something was committed after its last read.
 */
export type Stage =
  | { at: 'greeting'; ticksLeft: number; held: string[]; resuming: boolean }
  | { at: 'catchingUp'; more: boolean }
  | { at: 'live' }
  | { at: 'closed' }

/** One open socket. Thousands of these idle, so it is data: no timers, and functions only by reference. */
export type Connection = {
  readonly kind: 'v2' | 'legacy'
  readonly known: Known
  /** Epoch ms. */
  readonly openedAt: number
  /** How this client reaches the relay: the URLs it is told begin with it. relay:GEN6 */
  readonly baseUrl: string
  readonly ws: WebSocket
  /** The TCP or TLS socket below `ws`, for frames built once and for counting bytes. */
  readonly socket: Socket
  /** Called when a write did not leave at once. */
  readonly onBacklog: (connection: Connection) => void
  stage: Stage
  /** It was told `resumed`: what a reconnect repeats may be told from now on. */
  resumed: boolean
  /** Seq of the last message written. Messages go out in order and without gaps, so this alone makes each go exactly once. relay:WS10 */
  sent: number
  /** Too much is unsent. Reading is paused too, so that a client cannot make the relay collect answers without end. */
  congested: boolean
  /** Too many frames of the client wait for their turn; reading is paused. */
  crowded: boolean
  /** Bytes the client had sent at the last sweep, and sweeps since it sent any. */
  heard: number
  quietTicks: number
  pingTicks: number
}

export const LIVE: Stage = { at: 'live' }
export const CLOSED: Stage = { at: 'closed' }

export function isOpen(connection: Connection): boolean {
  return connection.stage.at !== 'closed' && connection.ws.readyState === WebSocket.OPEN
}

/** Whether there is room to push. */
export function hasRoom(connection: Connection): boolean {
  return connection.socket.writableLength <= HIGH_WATER_BYTES
}

export function write(connection: Connection, frame: Buffer): void {
  if (isOpen(connection) && !connection.socket.write(frame)) connection.onBacklog(connection)
}

/** Returns how many bytes the messages took. */
export function writeRun(connection: Connection, run: MessageRun): number {
  const frames = connection.kind === 'v2' ? run.v2() : run.legacy()
  write(connection, frames)
  connection.sent = run.last
  return frames.length
}

/** Says something that is not a message. Before `resume` only `hello` and `pong` go out at once. relay:WS7 */
export function say(connection: Connection, frame: ServerFrame): void {
  const { stage } = connection
  const text = JSON.stringify(frame)
  if (stage.at !== 'greeting' || frame.type === 'pong' || frame.type === 'hello') write(connection, textFrame(text))
  else if (stage.held.length < MAX_HELD) stage.held.push(text)
  else shut(connection, CLOSE.policy, 'Say resume before anything else')
}

/** Ends a connection from our side: nothing more is written to it, whatever it says is ignored. */
export function shut(connection: Connection, code: number, reason: string): void {
  if (connection.stage.at === 'closed') return
  connection.stage = CLOSED
  connection.congested = false
  connection.crowded = false
  adjustReading(connection)
  connection.ws.close(code, reason)
}

/** Reads on unless something speaks against it. */
export function adjustReading(connection: Connection): void {
  const { ws } = connection
  if (connection.congested || connection.crowded) ws.pause()
  else if (ws.isPaused) ws.resume()
}
