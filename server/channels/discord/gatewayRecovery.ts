import type { ChannelState } from '#protocol/channel.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { backoff } from '../backoff.ts'
import { pause } from '../pause.ts'
import type { ChannelHost } from '../port.ts'
import type { DiscordClients } from './client.ts'
import { explain, isTrouble, readTrouble } from './trouble.ts'

/** A session Discord does not know is begun anew after 1 to 5 seconds, as Discord asks. relay:DC3 */
const ANEW_MS = { least: 1_000, spread: 4_000 }
/** Lines that were cut come back within a second, not all in the same moment. */
const SOON_MS = 1_000
/** The second attempt in a row that leads to nothing is worth telling; one is not. */
const WORTH_TELLING = 2

type Status = { state: ChannelState; detail?: string }

/** What the owner hears of a connection, and how long to wait before the next attempt. Never throws. relay:DC3, DC4, CH11 */
export function createRecovery(relay: {
  host: ChannelHost
  clients: DiscordClients
  channelId: string
  clock: Clock
  chance: () => number
  log: Pick<Log, 'warn'>
  signal: AbortSignal
}) {
  const { host, clients, channelId, clock, chance, log, signal } = relay
  const wait = backoff()
  let failures = 0

  /** `statusOf` sees the record as it is when its turn has come: somebody may be pairing at this moment. */
  async function tell(statusOf: (channel: ChannelRecord) => Status): Promise<void> {
    const change = (channel: ChannelRecord) => {
      const { state, detail } = statusOf(channel)
      const same = channel.status.state === state && channel.status.detail === detail
      return same ? channel : { ...channel, status: { state, ...(detail !== undefined && { detail }) } }
    }
    await host.update(channelId, change).catch(() => log.warn({ channelId }, 'The status of a channel could not be stored.'))
  }

  async function failed(why: string): Promise<void> {
    failures += 1
    if (failures >= WORTH_TELLING) await tell(() => ({ state: 'degraded', detail: `${why} The relay keeps trying.` }))
  }

  return {
    tell: (status: Status): Promise<void> => tell(() => status),
    /** Several attempts led to nothing. */
    inVain: (): boolean => failures >= WORTH_TELLING,
    connected(statusOf: (channel: ChannelRecord) => Status): void {
      failures = 0
      wait.reset()
      void tell(statusOf)
    },
    /** `anew`: Discord did not know the session. */
    async beforeReconnecting({ anew }: { anew: boolean }): Promise<void> {
      await failed('Discord is not reachable.')
      const least = anew ? ANEW_MS.least + ANEW_MS.spread * chance() : SOON_MS * chance()
      await pause(clock, failures >= WORTH_TELLING ? Math.max(least, wait.next()) : least, signal)
    },
    async noStartsLeft(resetMs: number): Promise<void> {
      const detail =
        'Discord allows no more connections of this bot today, because it connected too often. The relay tries again later.'
      await tell(() => ({ state: 'degraded', detail }))
      await pause(clock, Math.max(resetMs, wait.next()), signal)
    },
    /** After a call to Discord failed. True when there is a next attempt. */
    async afterTrouble(error: unknown, token: string): Promise<boolean> {
      if (signal.aborted) return false
      // Only the name: the text of an unforeseen error could quote a message.
      if (!isTrouble(error))
        log.warn({ channelId, error: error instanceof Error ? error.name : 'unknown' }, 'Connecting to Discord failed.')
      const trouble = isTrouble(error) ? readTrouble(error) : undefined
      if (trouble?.kind === 'unauthorised') {
        clients.forget(token)
        await tell(() => ({ state: 'auth_failed', detail: explain(trouble) }))
        return false
      }
      await failed(trouble ? explain(trouble) : 'Connecting to Discord failed.')
      await pause(clock, Math.max(wait.next(), trouble?.kind === 'tooFast' ? trouble.retryAfterMs : 0), signal)
      return true
    },
  }
}
