import { SlackError } from '@slack/web-api'
import type { ChannelState } from '#protocol/channel.ts'
import type { Log } from '../../log.ts'
import type { Backoff } from '../backoff.ts'
import type { ChannelHost } from '../port.ts'
import { explain, readTrouble } from './trouble.ts'

/** Thrown where a connection fails for a reason that is told as it is, at this pace. */
export class ConnectionTrouble extends Error {
  readonly state: ChannelState
  readonly retryAfterMs: number
  constructor(detail: string, { state, retryAfterMs }: { state: ChannelState; retryAfterMs: number }) {
    super(detail)
    this.name = 'ConnectionTrouble'
    this.state = state
    this.retryAfterMs = retryAfterMs
  }
}

type Failure = {
  host: ChannelHost
  log: Pick<Log, 'warn'>
  channelId: string
  error: unknown
  /** Which token was shown. */
  token: 'bot' | 'app'
  wait: Backoff
}

/** Tells the owner why a connection does not work; the result says when to try again, undefined when only somebody can mend it. relay:CH11 */
export async function reportTrouble({ host, log, channelId, error, token, wait }: Failure): Promise<number | undefined> {
  const tell = (state: ChannelState, detail: string) =>
    host
      .setStatus(channelId, { state, detail })
      .catch(() => log.warn({ channelId }, 'The status of a channel could not be stored.'))
  if (error instanceof ConnectionTrouble) {
    await tell(error.state, error.message)
    return Math.max(error.retryAfterMs, wait.next())
  }
  if (!(error instanceof SlackError)) {
    // Only the name: the text of an unforeseen error could quote the message.
    log.warn({ channelId, error: error instanceof Error ? error.name : 'unknown' }, 'A connection to Slack could not be kept.')
    return wait.next()
  }
  const trouble = readTrouble(error)
  switch (trouble.kind) {
    case 'unauthorised':
      await tell('auth_failed', explain(trouble, token))
      return undefined
    case 'tooFast':
      await tell('degraded', `${explain(trouble)} The relay keeps trying.`)
      return Math.max(trouble.retryAfterMs, wait.next())
    case 'unreachable':
    case 'refused':
      await tell('degraded', `${explain(trouble)} The relay keeps trying.`)
      return wait.next()
  }
}
