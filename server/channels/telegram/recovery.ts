import { GrammyError, HttpError } from 'grammy'
import type { ChannelState } from '#protocol/channel.ts'
import type { Log } from '../../log.ts'
import type { Backoff } from '../backoff.ts'
import type { ChannelHost } from '../port.ts'
import { explain, readTrouble, type Trouble } from './trouble.ts'

export type NextAttempt = { kind: 'retry' | 'conflict'; afterMs: number } | { kind: 'giveUp' }

/** Tells the owner why a connection does not work, and says when to try again. Never throws. relay:TG6, CH11 */
export async function reportTrouble({ host, log, channelId, error, wait }: Failure): Promise<NextAttempt> {
  if (!(error instanceof GrammyError || error instanceof HttpError)) {
    // Only the name: the text of an unforeseen error could quote the message.
    log.warn({ channelId, error: error instanceof Error ? error.name : 'unknown' }, 'Messages of Telegram could not be taken in.')
    return { kind: 'retry', afterMs: wait.next() }
  }
  const trouble = readTrouble(error)
  const { state, persistent } = STATES[trouble.kind]
  const detail = persistent ? explain(trouble) : `${explain(trouble)} The relay keeps trying.`
  await host
    .setStatus(channelId, { state, detail })
    .catch(() => log.warn({ channelId }, 'The status of a channel could not be stored.'))
  if (trouble.kind === 'unauthorised') return { kind: 'giveUp' }
  if (trouble.kind === 'conflict') return { kind: 'conflict', afterMs: wait.nextAfterConflict() }
  const least = trouble.kind === 'tooFast' ? trouble.retryAfterMs : 0
  return { kind: 'retry', afterMs: Math.max(least, wait.next()) }
}

type Failure = { host: ChannelHost; log: Pick<Log, 'warn'>; channelId: string; error: unknown; wait: Backoff }

/** `persistent`: only somebody can mend it. */
const STATES = {
  unauthorised: { state: 'auth_failed', persistent: true },
  conflict: { state: 'conflict', persistent: true },
  tooFast: { state: 'degraded', persistent: false },
  unreachable: { state: 'degraded', persistent: false },
  refused: { state: 'degraded', persistent: false },
} as const satisfies Record<Trouble['kind'], { state: ChannelState; persistent: boolean }>
