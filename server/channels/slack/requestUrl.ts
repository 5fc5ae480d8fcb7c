import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { backoff } from '../backoff.ts'
import { pause } from '../pause.ts'
import type { ChannelHost, Connection } from '../port.ts'
import { createCatchUp, type Missing } from './catchUp.ts'
import type { SlackClients } from './client.ts'
import type { Receive } from './receive.ts'
import { reportTrouble } from './recovery.ts'
import { connectedStatus } from './status.ts'

/** How often Slack is asked whether the token is still good: nothing else would tell. */
const CHECK_EVERY_MS = 60 * 60_000

/** Where Slack shall post the events of an app without Socket Mode. relay:SL3 */
export function requestUrl(publicUrl: string, channelId: string): string {
  return `${publicUrl}/slack/${channelId}`
}

/**
 * Looks after a channel whose events are posted to `url`: they come without our doing, so all there is to watch is the token. Without an https
 * CHAOS_PUBLIC_URL any more there is no `url`, and nothing can come.
 */
export function startRequestUrl(relay: {
  host: ChannelHost
  channelId: string
  url: string | undefined
  clients: SlackClients
  receive: Receive
  missing: Missing
  clock: Clock
  log: Pick<Log, 'warn'>
}): Connection {
  const { host, channelId, url, clients, receive, missing, clock, log } = relay
  const stop = new AbortController()
  const wait = backoff()
  const catchUp = createCatchUp({ host, channelId, clients, missing, receive, clock, log, signal: stop.signal })

  async function check(): Promise<void> {
    const channel = host.channel(channelId)
    if (!channel) return
    await clients.of(channel)?.auth.test()
    await host.setStatus(channelId, statusOf(host.channel(channelId) ?? channel))
    wait.reset()
  }

  function statusOf(channel: ChannelRecord) {
    if (url !== undefined)
      return connectedStatus(channel, `Enter ${url} as the Request URL under "Event Subscriptions" of the app.`)
    const detail =
      'Slack cannot reach this relay any more: CHAOS_PUBLIC_URL is not set to an https address. Set it again, or add the app with an app-level token.'
    return { state: 'degraded' as const, detail }
  }

  async function run(): Promise<void> {
    let caughtUp = false
    while (!stop.signal.aborted) {
      try {
        const since = await missing.lastRead.all(channelId)
        await check()
        if (!caughtUp) await catchUp(since)
        caughtUp = true
        await pause(clock, CHECK_EVERY_MS, stop.signal)
      } catch (error) {
        if (stop.signal.aborted) return
        const afterMs = await reportTrouble({ host, log, channelId, error, token: 'bot', wait })
        if (afterMs === undefined) return
        await pause(clock, afterMs, stop.signal)
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
