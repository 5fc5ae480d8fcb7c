import { LogLevel, SocketModeClient } from '@slack/socket-mode'
import type { WebClientOptions } from '@slack/web-api'
import * as z from 'zod'
import type { Clock } from '../../clock.ts'
import { quietLogger } from './quietLogger.ts'
import { ConnectionTrouble } from './recovery.ts'

/** Slack says hello within a second. */
const HELLO_WITHIN_MS = 20_000
/** How long the library waits for the answer to its heartbeat, ms; it asks three times as often. */
const HEARTBEAT_MS = 30_000
/** A line that Slack does not close is left to the library. */
const CLOSE_WITHIN_MS = 1_000

const NO_ANSWER = 'Slack is not reachable. The relay keeps trying.'

/** Why a socket ended: Slack wants the next one opened, Socket Mode was switched off, or the line broke. */
export type End = 'refresh' | 'switched_off' | 'closed'

/** An event to confirm once it is safe; confirming one that Slack no longer waits for does nothing. */
export type Envelope = { payload: unknown; confirm(): Promise<void> }

export type Socket = { ended: Promise<End>; close(): Promise<void> }

const frameSchema = z.union([
  z.object({ type: z.literal('hello') }),
  z.object({ type: z.literal('disconnect'), reason: z.string().optional() }),
  z.object({ type: z.string(), envelope_id: z.string(), payload: z.unknown() }),
])

/**
 * Opens one Socket Mode connection. Rejects with the library's error when Slack refuses the token, with ConnectionTrouble when nobody says hello.
 * Connections that follow each other, and how fast, are the caller's business. relay:SL2
 */
export async function openSocket(relay: {
  appToken: string
  options: WebClientOptions
  onEnvelope: (envelope: Envelope) => void
  clock: Clock
  signal: AbortSignal
}): Promise<Socket> {
  const { appToken, options, onEnvelope, clock, signal } = relay
  const { logger: _, ...clientOptions } = options
  const client = new SocketModeClient({
    appToken,
    clientOptions,
    autoReconnectEnabled: false,
    clientPingTimeout: HEARTBEAT_MS,
    logger: quietLogger,
    logLevel: LogLevel.ERROR,
  })
  let end: (reason: End) => void = () => {}
  const ended = new Promise<End>((resolve) => {
    end = resolve
  })
  let closed = false

  const [inner] = client.listeners('ws_message')
  const handOn = (frame: unknown) => inner?.call(client, JSON.stringify(frame), false)
  // The library throws at frames it does not expect, takes the names of events for its own, and closes at "disconnect" before there is another
  // connection: it gets what it needs, in a wrapping of its own.
  client.removeAllListeners('ws_message')
  client.on('ws_message', (data: unknown) => {
    const frame = closed ? undefined : readFrame(data)
    if (!frame) return
    if ('envelope_id' in frame) handOn({ type: 'envelope', envelope_id: frame.envelope_id, payload: frame })
    else if (frame.type === 'hello') handOn(frame)
    else end(frame.reason === 'link_disabled' ? 'switched_off' : 'refresh')
  })
  client.on('envelope', ({ body, ack }: { body: { type: string; payload: unknown }; ack: () => Promise<void> }) => {
    const confirm = () => ack().catch(() => undefined)
    if (body.type === 'events_api') onEnvelope({ payload: body.payload, confirm })
    // Commands and buttons of this app belong to somebody else's program; unconfirmed they would come again.
    else void confirm()
  })
  client.on('disconnected', () => end('closed'))

  async function close(): Promise<void> {
    closed = true
    await within(
      client.disconnect().catch(() => undefined),
      CLOSE_WITHIN_MS,
      clock,
    )
  }

  try {
    await started(client, { clock, signal })
  } catch (error) {
    await close()
    throw error
  }
  return { ended, close }
}

/** The library's promise never settles when it is stopped on the way, and rejects with nothing when the line breaks. */
function started(client: SocketModeClient, { clock, signal }: { clock: Clock; signal: AbortSignal }): Promise<void> {
  return new Promise((resolve, reject) => {
    const unreachable = () => reject(new ConnectionTrouble(NO_ANSWER, { state: 'degraded', retryAfterMs: 0 }))
    const cancel = clock.after(HELLO_WITHIN_MS, unreachable)
    signal.addEventListener('abort', unreachable)
    client
      .start()
      .then(
        () => resolve(),
        (error: unknown) => (error === undefined ? unreachable() : reject(error)),
      )
      .finally(() => {
        cancel()
        signal.removeEventListener('abort', unreachable)
      })
  })
}

function readFrame(data: unknown): z.infer<typeof frameSchema> | undefined {
  try {
    return frameSchema.safeParse(JSON.parse(String(data))).data
  } catch {
    return undefined
  }
}

async function within(done: Promise<unknown>, ms: number, clock: Clock): Promise<void> {
  let cancel = () => {}
  const late = new Promise<void>((resolve) => {
    cancel = clock.after(ms, resolve)
  })
  await Promise.race([done, late])
  cancel()
}
