import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { ChannelHost } from '../port.ts'
import type { SlackClients } from './client.ts'
import type { LastRead, ReadUpTo } from './lastRead.ts'
import { takeMissed } from './missed.ts'
import type { Receive } from './receive.ts'
import type { Threads } from './threads.ts'

/** Until it is tried again what Slack could not tell, ms. */
const AGAIN_MS = 60_000

/** What a connection needs to learn what it missed. */
export type Missing = { lastRead: LastRead; threads: Threads }

/** Takes in what was missed, however often it takes until `signal` says it is no longer wanted. relay:SL6 */
export function createCatchUp(relay: {
  host: ChannelHost
  channelId: string
  clients: SlackClients
  missing: Missing
  receive: Receive
  clock: Clock
  log: Pick<Log, 'warn'>
  signal: AbortSignal
}) {
  const { host, channelId, clients, missing, receive, clock, log, signal } = relay

  /** `since` as it was before anything newer could come in. Never rejects. */
  return async function catchUp(since: ReadUpTo): Promise<void> {
    const channel = host.channel(channelId)
    if (!channel || signal.aborted) return
    try {
      await takeMissed({ channel, clients, since, threads: missing.threads, receive, now: clock.now(), signal })
    } catch (error) {
      // Only the name: the text of an unforeseen error could quote a message.
      const reason = error instanceof Error ? error.name : 'unknown'
      log.warn({ channelId, reason }, 'What was written in Slack meanwhile could not be read yet.')
      const cancel = clock.after(AGAIN_MS, () => void catchUp(since))
      signal.addEventListener('abort', cancel, { once: true })
    }
  }
}
