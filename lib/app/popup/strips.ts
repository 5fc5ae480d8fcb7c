import type { Connection } from '../../relay/state.ts'

/** What stands between the reader and the messages, worst first; `undefined` while nothing does. */
export type Trouble =
  | 'blocked'
  | 'auth_error'
  | 'identity_lost'
  | 'stopped'
  | 'offline'
  | 'full'
  | 'polling'
  | 'unreached'
  | 'reconnecting'

/**
 * A wait this long means several attempts failed, so the reason is worth a strip; shorter ones are the header's countdown alone.
 * Milliseconds. client:SOC5
 */
const WORTH_SAYING_MS = 8_000

export function troubleOf(connection: Connection | undefined, online: boolean): Trouble | undefined {
  if (!connection) return undefined
  const { state } = connection
  if (state === 'blocked' || state === 'auth_error' || state === 'identity_lost' || state === 'stopped') return state
  if (!online && !connection.local) return 'offline'
  if (connection.storageFull) return 'full'
  if (connection.polling) return 'polling'
  if (state !== 'reconnecting') return undefined
  const wait = (connection.retryAt ?? connection.since) - connection.since
  return connection.reason !== undefined && wait > WORTH_SAYING_MS ? 'unreached' : 'reconnecting'
}
