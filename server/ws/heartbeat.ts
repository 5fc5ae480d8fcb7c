import { CLOSE, RESUME_WITHIN_MS, SERVER_PING_MS, SERVER_SILENCE_MS } from '#protocol/limits.ts'
import type { Clock } from '../clock.ts'
import { type Connection, shut } from './connection.ts'

/** One sweep over all sockets, instead of timers in each. */
const SWEEP_MS = 1_000
/** A socket opens between two sweeps: only the one after the last is certainly late enough. */
const ticks = (ms: number) => Math.ceil(ms / SWEEP_MS) + 1

export const RESUME_TICKS = ticks(RESUME_WITHIN_MS)
const PING_TICKS = Math.floor(SERVER_PING_MS / SWEEP_MS)
const SILENCE_TICKS = ticks(SERVER_SILENCE_MS)

/**
 * Pings every 25 s, drops what was silent for 60 s, and closes v2 sockets that never said `resume`. Counts sweeps and not wall time, so that a
 * changed system clock closes nobody. relay:WS7, WS11
 */
export function createHeartbeat({ clock, connections }: { clock: Pick<Clock, 'after'>; connections: () => Iterable<Connection> }) {
  let cancel: (() => void) | undefined

  function sweep(): void {
    let any = false
    for (const connection of connections()) {
      any = true
      beat(connection)
    }
    cancel = any ? clock.after(SWEEP_MS, sweep) : undefined
  }

  return {
    /** A connection was added: sweep from now on, until there is none. */
    start(): void {
      cancel ??= clock.after(SWEEP_MS, sweep)
    },
    close(): void {
      cancel?.()
      cancel = undefined
    },
  }
}

function beat(connection: Connection): void {
  const { stage, ws } = connection
  if (stage.at === 'greeting' && !stage.resuming && --stage.ticksLeft <= 0)
    shut(connection, CLOSE.noResume, 'No resume within 10 seconds')
  else if (stage.at !== 'closed' && !connection.congested) {
    if (isSilent(connection)) ws.terminate()
    else if (++connection.pingTicks >= PING_TICKS) {
      connection.pingTicks = 0
      ws.ping()
    }
  }
}

/** Any byte counts, the pong of our ping too. A congested socket is judged by what it takes instead. */
function isSilent(connection: Connection): boolean {
  const { bytesRead } = connection.socket
  connection.quietTicks = bytesRead === connection.heard ? connection.quietTicks + 1 : 0
  connection.heard = bytesRead
  return connection.quietTicks >= SILENCE_TICKS
}
