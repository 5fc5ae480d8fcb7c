import type { Api } from 'grammy'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { backoff } from '../backoff.ts'
import { pause } from '../pause.ts'
import type { ChannelHost, Connection } from '../port.ts'
import { signalFor } from './client.ts'
import { connectedStatus } from './receive.ts'
import { reportTrouble } from './recovery.ts'
import { UPDATE_KINDS } from './update.ts'

/** How often to ask Telegram whether its deliveries reach us: it tells nobody else. */
const CHECK_EVERY_MS = 5 * 60_000

/**
 * Has Telegram post updates to `url`, proven by `secret`, and watches that it can. The webhook outlives the connection: what Telegram cannot
 * deliver while the relay is down it keeps and delivers later. relay:TG4
 */
export function startWebhook(relay: {
  host: ChannelHost
  channel: ChannelRecord
  api: Api
  url: string
  secret: string
  clock: Clock
  log: Pick<Log, 'warn'>
}): Connection {
  const { host, api, url, secret, clock, log } = relay
  const { id } = relay.channel
  const stop = new AbortController()
  const signal = signalFor(stop.signal)
  const wait = backoff()

  async function register(): Promise<void> {
    await api.setWebhook(url, { secret_token: secret, allowed_updates: UPDATE_KINDS, drop_pending_updates: false }, signal)
    await report(undefined)
  }

  /** `problem` as Telegram words it. */
  async function report(problem: string | undefined): Promise<void> {
    wait.reset()
    const channel = host.channel(id)
    if (!channel) return
    await host.setStatus(
      id,
      problem === undefined
        ? connectedStatus(channel)
        : {
            state: 'degraded',
            detail: `Telegram cannot deliver messages to ${url}: ${problem}. Check that the address is reachable.`,
          },
    )
  }

  /** True while the webhook is still ours. */
  async function check(): Promise<boolean> {
    const info = await api.getWebhookInfo(signal)
    if (info.url !== url) return false
    await report(info.pending_update_count > 0 ? info.last_error_message : undefined)
    return true
  }

  async function run(): Promise<void> {
    let registered = false
    while (!stop.signal.aborted) {
      try {
        if (registered) registered = await check()
        if (!registered) await register()
        registered = true
        await pause(clock, CHECK_EVERY_MS, stop.signal)
      } catch (error) {
        if (stop.signal.aborted) return
        const next = await reportTrouble({ host, log, channelId: id, error, wait })
        if (next.kind === 'giveUp') return
        await pause(clock, next.afterMs, stop.signal)
      }
    }
  }

  const running = run()
  return {
    async close() {
      stop.abort()
      await running
    },
  }
}
