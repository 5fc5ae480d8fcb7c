import type { Clock } from '../../clock.ts'
import type { Guards, RateLimits, Route } from '../../http/route.ts'
import type { Log } from '../../log.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { createConnections } from '../connections.ts'
import type { Pairing } from '../pairing.ts'
import type { ChannelAdapter, ChannelHost, Connection } from '../port.ts'
import { createClients } from './client.ts'
import { createDownload } from './download.ts'
import { eventsRoute } from './eventsRoute.ts'
import { createLastRead } from './lastRead.ts'
import { createNames } from './names.ts'
import { slackParts } from './parts.ts'
import { createReceive } from './receive.ts'
import { registerRoute } from './register.ts'
import { requestUrl, startRequestUrl } from './requestUrl.ts'
import { createSending } from './sending.ts'
import { startSocketMode } from './socketMode.ts'
import { createThreads } from './threads.ts'
import { createUpload } from './upload.ts'

/**
 * What Slack channels need. `apiRoot` is the Web API's address without a slash at the end; `publicUrl` is CHAOS_PUBLIC_URL: only with an https one
 * can Slack post events, without it they come by Socket Mode (relay:SL1, SL2). `random` gives that many CSPRNG bytes.
 */
export type SlackDependencies = {
  host: ChannelHost
  pairing: Pairing
  guards: Guards
  limits: RateLimits
  clock: Clock
  random: (bytes: number) => Uint8Array
  log: Pick<Log, 'info' | 'warn'>
  fetch?: typeof fetch
  apiRoot: string
  publicUrl: string | undefined
}

/** The Slack channel: its adapter and its routes. relay §13 */
export function createSlack(relay: SlackDependencies): { adapter: ChannelAdapter; routes: Route[] } {
  const { host, pairing, guards, limits, clock, random, log, fetch = globalThis.fetch, apiRoot } = relay
  const publicUrl = relay.publicUrl?.startsWith('https://') ? relay.publicUrl : undefined
  const clients = createClients({ apiRoot, fetch, unseal: host.unseal })
  const names = createNames({ clients, clock })
  const threads = createThreads({ host, clients })
  const lastRead = createLastRead(host)
  const missing = { lastRead, threads }
  const receive = createReceive({ host, pairing, clients, names, threads, lastRead, log })
  const connections = createConnections(open)

  function open(channelId: string): Connection | undefined {
    const channel = host.channel(channelId)
    try {
      return channel && connect(channel)
    } catch {
      // Only unsealing can fail here, and no retry would mend it.
      const detail = 'The tokens of this channel cannot be read any more. Add the app again with both.'
      host.setStatus(channelId, { state: 'auth_failed', detail }).catch(() => log.warn({ channelId }, detail))
      return undefined
    }
  }

  function connect(channel: ChannelRecord): Connection | undefined {
    const { id: channelId } = channel
    if (clients.botToken(channel) === undefined) return undefined
    const appToken = clients.appToken(channel)
    const shared = { host, channelId, clients, receive, missing, clock, log }
    if (appToken !== undefined) return startSocketMode({ ...shared, appToken })
    const url = publicUrl && requestUrl(publicUrl, channelId)
    return startRequestUrl({ ...shared, url })
  }

  return {
    adapter: {
      type: 'slack',
      start: connections.start,
      parts: slackParts,
      send: createSending({ host, clients, threads, upload: createUpload({ apiRoot, fetch }) }),
      async removed({ id }) {
        threads.forget(id)
        lastRead.forget(id)
      },
      fetchFile: createDownload({ clients, apiRoot, fetch }),
    },
    routes: [
      registerRoute({ host, pairing, guards, clients, random, now: clock.now, publicUrl, restart: connections.restart }),
      eventsRoute({ host, limits, receive, clock }),
    ],
  }
}
