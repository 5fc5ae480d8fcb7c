import type { Clock } from '../../clock.ts'
import type { Guards, RateLimits, Route } from '../../http/route.ts'
import type { Log } from '../../log.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { createConnections } from '../connections.ts'
import type { Pairing } from '../pairing.ts'
import type { ChannelAdapter, ChannelHost, Connection } from '../port.ts'
import { createClients } from './client.ts'
import { createDownload } from './download.ts'
import { startGateway } from './gateway.ts'
import { inboundRoute } from './inboundRoute.ts'
import { createInteract } from './interact.ts'
import { createInteractionTokens } from './interactionTokens.ts'
import { discordParts } from './parts.ts'
import { createReceive } from './receive.ts'
import { registerRoute } from './register.ts'
import { createSending } from './sending.ts'

/**
 * What Discord channels need. `apiRoot` is the API's address without version and slash at the end, `gatewayUrl` another Gateway than the one the API
 * names. `random` gives that many CSPRNG bytes, `chance` a number from 0 to 1.
 */
export type DiscordDependencies = {
  host: ChannelHost
  pairing: Pairing
  guards: Guards
  limits: RateLimits
  clock: Clock
  random: (bytes: number) => Uint8Array
  chance: () => number
  log: Pick<Log, 'info' | 'warn'>
  fetch?: typeof fetch
  apiRoot: string
  gatewayUrl: string | undefined
}

/** The Discord channel: its adapter and its routes. relay §12 */
export function createDiscord(relay: DiscordDependencies): { adapter: ChannelAdapter; routes: Route[] } {
  const { host, pairing, guards, limits, clock, random, chance, log, apiRoot, gatewayUrl } = relay
  const { fetch = globalThis.fetch } = relay
  const clients = createClients({ apiRoot, fetch, unseal: host.unseal })
  const tokens = createInteractionTokens({ host, now: clock.now })
  const receive = createReceive({ host, pairing, clientOf: clients.of, now: clock.now, log })
  const interact = createInteract({ host, pairing, tokens })
  const connections = createConnections(open)

  function open(channelId: string): Connection | undefined {
    const channel = host.channel(channelId)
    try {
      if (!channel || clients.tokenOf(channel) === undefined) return undefined
      return startGateway({ host, channel, clients, receive, interact, gatewayUrl, clock, chance, log })
    } catch {
      // Only unsealing can fail here, and no retry would mend it.
      const detail = 'The bot token of this channel cannot be read any more. Add the bot again.'
      host.setStatus(channelId, { state: 'auth_failed', detail }).catch(() => log.warn({ channelId }, detail))
      return undefined
    }
  }

  async function typing(channel: ChannelRecord, target: string | undefined): Promise<void> {
    if (target !== undefined) await (await clients.of(channel))?.channels.showTyping(target)
  }

  return {
    adapter: {
      type: 'discord',
      recognisesRepeats: true,
      start: connections.start,
      parts: discordParts,
      send: createSending({ host, clients, tokens, now: clock.now }),
      typing,
      fetchFile: createDownload({ clients, apiRoot, fetch }),
    },
    routes: [
      registerRoute({ host, pairing, guards, clients, random, now: clock.now, restart: connections.restart }),
      inboundRoute({ host, limits, receive, interact }),
    ],
  }
}
