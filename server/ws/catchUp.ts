import type { ChannelMessage } from '#protocol/message.ts'
import type { Log } from '../log.ts'
import type { InboxStore } from '../store/port.ts'
import { drained } from './backlog.ts'
import { type Connection, hasRoom, LIVE, type Stage, shut, writeRun } from './connection.ts'
import { runsOf } from './frame.ts'

/** Rows of the first read, when nothing is known about their size; and the most at once. */
const FIRST_ROWS = 32
const MAX_ROWS = 500
/** What one read should come to: half of what a socket may have unsent. */
const PAGE_BYTES = 512 * 1024
/** WebSocket close code "internal error". */
const CLOSE_INTERNAL = 1011

export type CatchUp = ReturnType<typeof createCatchUp>

type Reading = {
  /** The first read, where it is not simply "after `sent`". */
  first?: (rows: number) => Promise<ChannelMessage[]>
  /** Called once, when everything up to seq `upTo` is written. */
  reached?: { upTo: number; tell: () => void }
}

/**
 * Brings a connection from `sent` to the newest message, page by page from the store, and makes it live: after resume, when a slow socket has
 * drained, and when a push would leave a gap. What is committed meanwhile is found by reading on. relay:WS8-WS10, WS15
 */
export function createCatchUp({ inbox, log }: { inbox: Pick<InboxStore, 'readAfter'>; log: Pick<Log, 'error'> }) {
  async function run(connection: Connection, stage: Stage & { at: 'catchingUp' }, { first, reached }: Reading): Promise<void> {
    const { userId } = connection.known.session
    let waiting = reached
    let rows = FIRST_ROWS
    let read = first ?? ((count: number) => inbox.readAfter(userId, connection.sent, count))
    const current = () => connection.stage === stage
    for (;;) {
      if (!hasRoom(connection)) await drained(connection)
      if (!current()) return
      stage.more = false
      const page = await read(rows)
      if (!current()) return
      const bytes = writePage(connection, page)
      read = (count) => inbox.readAfter(userId, connection.sent, count)
      const complete = page.length < rows
      if (waiting && (complete || connection.sent >= waiting.upTo)) {
        waiting.tell()
        waiting = undefined
      }
      if (complete && !stage.more && current()) {
        connection.stage = LIVE
        return
      }
      rows = rowsFor(page.length, bytes)
    }
  }

  return (connection: Connection, reading: Reading = {}): void => {
    const stage: Stage & { at: 'catchingUp' } = { at: 'catchingUp', more: false }
    connection.stage = stage
    run(connection, stage, reading).catch((error) => {
      log.error({ err: error }, 'a socket could not be caught up')
      shut(connection, CLOSE_INTERNAL, 'The relay could not read its storage')
    })
  }
}

/** Writes a page in one go and returns its bytes. */
function writePage(connection: Connection, page: ChannelMessage[]): number {
  let bytes = 0
  connection.socket.cork()
  for (const run of runsOf(page.filter(({ seq }) => seq > connection.sent))) bytes += writeRun(connection, run)
  connection.socket.uncork()
  return bytes
}

function rowsFor(rows: number, bytes: number): number {
  if (rows === 0) return FIRST_ROWS
  return Math.max(1, Math.min(MAX_ROWS, Math.floor((PAGE_BYTES * rows) / Math.max(1, bytes))))
}
