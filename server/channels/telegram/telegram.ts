import type { Clock } from '../../clock.ts'
import type { Guards, RateLimits, Route } from '../../http/route.ts'
import type { Log } from '../../log.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { createConnections } from '../connections.ts'
import type { Pairing } from '../pairing.ts'
import type { ChannelAdapter, ChannelHost, Connection } from '../port.ts'
import { createClients, signalFor } from './client.ts'
import { createDownload } from './download.ts'
import { currentChat } from './migration.ts'
import { telegramParts } from './parts.ts'
import { startPolling } from './polling.ts'
import { createReceive } from './receive.ts'
import { registerRoute } from './register.ts'
import { createSending } from './sending.ts'
import { startWebhook } from './webhook.ts'
import { webhookRoute } from './webhookRoute.ts'

/**
 * What Telegram channels need. `apiRoot` is the Bot API's address without a slash at the end; `publicUrl` is CHAOS_PUBLIC_URL: with an https one
 * updates come by webhook, otherwise by long polling (relay:TG3, TG4). `random` gives that many CSPRNG bytes.
 */
export type TelegramDependencies = {
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

/** Deleting a channel waits this long for Telegram to forget its webhook. */
const FAREWELL_TIMEOUT_MS = 5_000

/** The Telegram channel: its adapter and its routes. relay §11 */
export function createTelegram(relay: TelegramDependencies): { adapter: ChannelAdapter; routes: Route[] } {
  const { host, pairing, guards, limits, clock, random, log, fetch = globalThis.fetch, apiRoot, publicUrl } = relay
  const clients = createClients({ apiRoot, fetch, unseal: host.unseal })
  const receive = createReceive({ host, pairing, log })
  const webhookBase = publicUrl?.startsWith('https://') ? publicUrl : undefined
  const connections = createConnections(open)

  function open(channelId: string): Connection | undefined {
    const channel = host.channel(channelId)
    try {
      return channel && connect(channel)
    } catch {
      // Only unsealing can fail here, and no retry would mend it.
      const detail = 'The bot token of this channel cannot be read any more. Add the bot again.'
      host.setStatus(channelId, { state: 'auth_failed', detail }).catch(() => log.warn({ channelId }, detail))
      return undefined
    }
  }

  function connect(channel: ChannelRecord): Connection | undefined {
    const api = clients.of(channel)
    const sealed = channel.secrets.platform
    if (!api || sealed === undefined) return undefined
    if (webhookBase === undefined) return startPolling({ host, channel, api, receive, clock, log })
    const url = `${webhookBase}/telegram/${channel.id}`
    return startWebhook({ host, channel, api, url, secret: host.unseal(sealed), clock, log })
  }

  async function typing(channel: ChannelRecord, target: string | undefined): Promise<void> {
    if (target !== undefined) await clients.of(channel)?.sendChatAction(await currentChat(host, channel.id, target), 'typing')
  }

  async function removed(channel: ChannelRecord): Promise<void> {
    const api = clients.of(channel)
    // Whoever deletes a channel whose bot is gone, or while offline, is not to be told so.
    await api?.deleteWebhook(undefined, signalFor(AbortSignal.timeout(FAREWELL_TIMEOUT_MS))).catch(() => undefined)
  }

  return {
    adapter: {
      type: 'telegram',
      start: connections.start,
      parts: telegramParts,
      send: createSending({ host, clients }),
      typing,
      removed,
      fetchFile: createDownload({ clients, apiRoot, fetch }),
    },
    routes: [
      registerRoute({
        host,
        pairing,
        guards,
        clients,
        random,
        now: clock.now,
        mode: webhookBase === undefined ? 'polling' : 'webhook',
        restart: connections.restart,
      }),
      webhookRoute({ host, limits, clients, receive }),
    ],
  }
}
