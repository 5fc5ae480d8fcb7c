import { CLOSE } from '#protocol/limits.ts'
import { adjustReading, type Connection, hasRoom, shut } from './connection.ts'

/** A socket that takes nothing for this long is closed, ms. relay:WS15 */
const STALLED_MS = 60_000

/**
 * Watches a socket from the moment too much is unsent until all of it has left. Progress is what the operating system reports (the socket's own
 * timeout starts anew with every byte it takes), so a slow line is not mistaken for a dead one. relay:WS15
 */
export function createBacklogWatch({ stalledMs = STALLED_MS }: { stalledMs?: number | undefined }) {
  return (connection: Connection): void => {
    if (connection.congested || hasRoom(connection)) return
    connection.congested = true
    adjustReading(connection)
    const { socket } = connection
    const stalled = () => shut(connection, CLOSE.tooSlow, 'Too slow: nothing was taken for a minute')
    socket.setTimeout(stalledMs, stalled)
    socket.once('drain', () => {
      socket.setTimeout(0, stalled)
      connection.congested = false
      if (connection.stage.at !== 'closed') adjustReading(connection)
    })
  }
}

/** Resolves when everything written has left, or the socket is gone. */
export function drained({ socket }: Connection): Promise<void> {
  if (!socket.writableNeedDrain || socket.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    socket.once('drain', done)
    socket.once('close', done)
  })
}
