import type { API } from '@discordjs/core/http-only'
import { GatewayIntentBits } from 'discord-api-types/v10'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { ChannelRecord } from '../../store/records.ts'
import type { ChannelHost, Connection } from '../port.ts'
import type { DiscordClients } from './client.ts'
import { createGatewayEvents } from './gatewayEvents.ts'
import { type Ending, openLine } from './gatewayLine.ts'
import { findGateway, mayReadContent } from './gatewayLookup.ts'
import { createRecovery } from './gatewayRecovery.ts'
import { type GatewaySession, NO_SESSION, readSession, SESSION } from './gatewaySession.ts'
import { afterEnding } from './gatewayState.ts'
import { createInlet } from './inlet.ts'
import { watchIntent } from './intentWatch.ts'
import type { Interact } from './interact.ts'
import type { Receive } from './receive.ts'
import { connectedStatus } from './status.ts'

/** relay:DC2 */
const INTENTS =
  GatewayIntentBits.GuildMessages |
  GatewayIntentBits.DirectMessages |
  GatewayIntentBits.GuildMessageTyping |
  GatewayIntentBits.DirectMessageTyping

/** Keeps one bot connected to the Gateway until closed, or until only somebody can mend it. relay:DC2-DC5, DUR4 */
export function startGateway(relay: {
  host: ChannelHost
  channel: ChannelRecord
  clients: DiscordClients
  receive: Receive
  interact: Interact
  /** CHAOS_DISCORD_GATEWAY_URL */
  gatewayUrl: string | undefined
  clock: Clock
  /** 0 to 1. */
  chance: () => number
  log: Pick<Log, 'warn'>
}): Connection {
  const { host, clients, clock, log } = relay
  const { id } = relay.channel
  const stop = new AbortController()
  const { signal } = stop
  const inlet = createInlet({ clock, log, channelId: id })
  const events = createGatewayEvents({ ...relay, channelId: id, inlet, clientOf: clients.of, signal })
  const recovery = createRecovery({ ...relay, channelId: id, signal })
  /** As far as it is in the inlet: everything up to here will be committed. */
  let session: GatewaySession | undefined
  let content = true

  const connected = () => recovery.connected((channel) => connectedStatus(channel, content))

  /** Undefined when this is not the moment to connect. */
  async function addressOf(api: API): Promise<string | undefined> {
    if (relay.gatewayUrl !== undefined) return relay.gatewayUrl
    if (session && !recovery.inVain()) return session.resumeUrl
    const { url, startsLeft, resetMs } = await findGateway(api, signal)
    if (session || startsLeft) return url
    await recovery.noStartsLeft(resetMs)
    return undefined
  }

  async function connect(token: string, api: API, url: string): Promise<Ending> {
    const line = new AbortController()
    const end = () => line.abort()
    signal.addEventListener('abort', end)
    const anew = () => {
      content = true
      session = undefined
      end()
    }
    const stopWatching = content ? () => {} : watchIntent({ clock, mayRead: () => mayReadContent(api, signal), on: anew })
    const on = {
      began(next: Omit<GatewaySession, 'content'>) {
        session = { ...next, content }
        events.began(session)
        connected()
      },
      resumed: connected,
      event(event: Parameters<typeof events.event>[0]) {
        if (inlet.isFull()) end()
        if (!session || line.signal.aborted) return
        session = { ...session, sequence: event.s }
        events.event(event, session)
      },
    }
    try {
      const intents = content ? INTENTS | GatewayIntentBits.MessageContent : INTENTS
      return await openLine({
        token,
        url,
        intents,
        session: session && { ...session, resumeUrl: url },
        on,
        clock,
        signal: line.signal,
      })
    } finally {
      stopWatching()
      signal.removeEventListener('abort', end)
    }
  }

  /** True as long as there is a next attempt. */
  async function attempt(): Promise<boolean> {
    const channel = host.channel(id)
    const token = channel && clients.tokenOf(channel)
    if (token === undefined) return false
    try {
      const api = await clients.byToken(token)
      const url = await addressOf(api)
      return url === undefined || (await goOn(await connect(token, api, url)))
    } catch (error) {
      return recovery.afterTrouble(error, token)
    }
  }

  async function goOn(ending: Ending): Promise<boolean> {
    const next = afterEnding(ending, content)
    if (next.kind === 'giveUp') {
      await recovery.tell(next)
      // A new token knows nothing of the sessions of the old one.
      await host.setPosition(id, SESSION, NO_SESSION)
      return false
    }
    if (next.kind === 'stop') {
      // The inlet was full, or the intent was switched on: on from what is in it.
      await inlet.drained()
      return true
    }
    if (next.kind === 'withoutContent' || next.forget) session = undefined
    if (next.kind === 'withoutContent') content = false
    else await recovery.beforeReconnecting(next)
    return true
  }

  async function run(): Promise<void> {
    session = readSession(await host.position(id, SESSION))
    content = session?.content ?? true
    for (let again = true; again && !signal.aborted; ) again = await attempt()
  }

  const running = run()
  return {
    async close() {
      stop.abort()
      await Promise.all([running.catch(() => undefined), inlet.close()])
    },
  }
}
