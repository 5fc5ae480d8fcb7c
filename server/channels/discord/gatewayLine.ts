import type { FetchingStrategyOptions, SessionInfo } from '@discordjs/ws'
import type { GatewayDispatchPayload } from 'discord-api-types/v10'
import type { Clock } from '../../clock.ts'
import type { GatewaySession } from './gatewaySession.ts'

const CONNECT_TIMEOUT_MS = 10_000
/** More than the time to connect: a line is never given up while it is still being opened. */
const HELLO_TIMEOUT_MS = 20_000
const READY_TIMEOUT_MS = 30_000
/** The library's own: closed like this, a session can be resumed. */
const RESUMABLE = 4200
/** Stopping waits this long for the other side to close too. */
const FAREWELL_MS = 1_000

/** Why a line ended. */
export type Ending =
  | { kind: 'closed'; code: number }
  /** Cut, silent, or asked to come back: the session goes on. */
  | { kind: 'lost' }
  /** Discord does not know the session (any more). */
  | { kind: 'invalidSession' }
  | { kind: 'stopped' }

/** What happens on a line, in order. */
export type LineEvents = {
  /** A new session: what was missed before it is not replayed. */
  began(session: Omit<GatewaySession, 'content'>): void
  /** The session goes on: what was missed has been replayed. */
  resumed(): void
  event(event: GatewayDispatchPayload): void
}

/**
 * One connection to the Gateway, from opening to its end. The library speaks the protocol: heartbeats with jitter, identify or resume, and noticing
 * that nobody answers. It would also reconnect by itself, without pause and without regard to what is committed; that is kept from it, and is
 * up to the caller. relay:DC3
 */
export async function openLine(relay: {
  token: string
  url: string
  intents: number
  session: GatewaySession | undefined
  on: LineEvents
  clock: Clock
  signal: AbortSignal
}): Promise<Ending> {
  const { token, url, intents, on, clock, signal } = relay
  const { Encoding, WebSocketShard, WebSocketShardEvents, WebSocketShardStatus } = await import('@discordjs/ws')
  if (signal.aborted) return { kind: 'stopped' }
  let session: SessionInfo | null = relay.session ? { ...relay.session, resumeURL: relay.session.resumeUrl, ...ONE_OF_ONE } : null
  let phase: 'opening' | 'open' | 'over' = 'opening'
  let begun = false
  let forgotten = false
  const ended = Promise.withResolvers<Ending>()

  const shard = new WebSocketShard(
    {
      options: lineOptions({ token, url, intents, encoding: Encoding.JSON }),
      retrieveSessionInfo() {
        // Asked by an idle shard, this is the beginning of a connection: the library reconnects once it resolves.
        if (shard.status === WebSocketShardStatus.Idle && begun) finish({ kind: 'lost' })
        begun = true
        return phase === 'over' ? new Promise<never>(() => undefined) : session
      },
      updateSessionInfo(_shard, next) {
        if (!next) forgotten ||= phase === 'open'
        else if (next.sessionId !== session?.sessionId)
          on.began({ sessionId: next.sessionId, resumeUrl: resumeUrl(next.resumeURL, url), sequence: next.sequence })
        session = next
      },
      waitForIdentify: async () => undefined,
    },
    ONE_OF_ONE.shardId,
  )
  const send = shard.send.bind(shard)
  shard.send = async (payload) => {
    if (phase !== 'over') await send(payload)
  }
  shard.on(WebSocketShardEvents.Hello, () => {
    if (phase === 'over') void hangUp()
    else phase = 'open'
  })
  shard.on(WebSocketShardEvents.Resumed, () => on.resumed())
  shard.on(WebSocketShardEvents.Dispatch, (event) => {
    if (phase === 'open') on.event(event)
  })
  // The reason is in the close code; an event that nobody hears would be thrown.
  shard.on(WebSocketShardEvents.Error, () => undefined)
  shard.on(WebSocketShardEvents.Closed, (code) => finish(code === RESUMABLE ? { kind: 'lost' } : { kind: 'closed', code }))

  function finish(ending: Ending): void {
    phase = 'over'
    ended.resolve(signal.aborted ? { kind: 'stopped' } : forgotten ? { kind: 'invalidSession' } : ending)
  }
  const hangUp = () => shard.destroy({ code: RESUMABLE, reason: 'The relay stops.' })
  let cancelFarewell = () => {}
  const stop = () => {
    cancelFarewell = clock.after(phase === 'open' ? FAREWELL_MS : 0, () => ended.resolve({ kind: 'stopped' }))
    if (phase === 'open') void hangUp().catch(() => undefined)
    phase = 'over'
  }
  signal.addEventListener('abort', stop)
  // Settles with the first READY and fails with the line; the events above tell more.
  void shard.connect().catch(() => undefined)
  const ending = await ended.promise
  signal.removeEventListener('abort', stop)
  cancelFarewell()
  return ending
}

/** One connection takes all guilds of a bot; Discord asks for more than one only beyond 2,500. */
const ONE_OF_ONE = { shardId: 0, shardCount: 1 }

function lineOptions(
  given: Pick<FetchingStrategyOptions, 'token' | 'intents' | 'encoding'> & { url: string },
): FetchingStrategyOptions {
  const { url, ...options } = given
  const limit = { total: 1, remaining: 1, reset_after: 0, max_concurrency: 1 }
  return {
    ...options,
    version: '10',
    compression: null,
    useIdentifyCompression: false,
    identifyProperties: { browser: 'chaos-relay', device: 'chaos-relay', os: process.platform },
    initialPresence: null,
    largeThreshold: null,
    handshakeTimeout: CONNECT_TIMEOUT_MS,
    helloTimeout: HELLO_TIMEOUT_MS,
    readyTimeout: READY_TIMEOUT_MS,
    shardCount: ONE_OF_ONE.shardCount,
    gatewayInformation: { url, shards: 1, session_start_limit: limit },
  }
}

/** The library does not expect an address that is none. */
function resumeUrl(told: string, url: string): string {
  return /^wss?:$/.test(URL.parse(told)?.protocol ?? '') ? told : url
}
