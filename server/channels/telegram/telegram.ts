import type { Clock } from '../../clock.ts'
import type { Guards, RateLimits, Route } from '../../http/route.ts'
import type { Log } from '../../log.ts'
import type { Pairing } from '../pairing.ts'
import type { ChannelAdapter, ChannelHost } from '../port.ts'

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

/** The Telegram channel: its adapter and its routes. relay §11 */
export function createTelegram(_relay: TelegramDependencies): { adapter: ChannelAdapter; routes: Route[] } {
  return {
    adapter: { type: 'telegram', parts: () => [], send: () => Promise.reject(new Error('Telegram cannot send yet.')) },
    routes: [],
  }
}
