import * as z from 'zod/mini'
import { RelayError } from '#protocol/errors.ts'
import { resumeFrameSchema } from '#protocol/socket.ts'
import type { Clock } from '../clock.ts'
import type { InboxState, InboxStore } from '../store/port.ts'
import type { CatchUp } from './catchUp.ts'
import { type Connection, say, write } from './connection.ts'
import { type Start, startOf } from './cursor.ts'
import { textFrame } from './frame.ts'

/** A legacy socket first gets what it may have missed while it reconnected, ms. relay:WS6 */
const LEGACY_REPLAY_MS = 5 * 60_000

type Wanted = { cursor: number; epoch: string | null }

export type Resume = ReturnType<typeof createResume>

/** Where a socket's messages begin. */
export function createResume({
  inbox,
  catchUp,
  onResumed,
  clock,
}: {
  inbox: Pick<InboxStore, 'state' | 'droppedAbove' | 'readSince'>
  catchUp: CatchUp
  /** A v2 socket has just been told `resumed`. */
  onResumed: (connection: Connection) => void
  clock: Pick<Clock, 'now'>
}) {
  async function find({ known }: Connection, { cursor, epoch }: Wanted): Promise<{ state: InboxState; start: Start }> {
    const { userId } = known.session
    const state = await inbox.state(userId)
    if (epoch === null) return { state, start: { from: 0, recovered: true, dropped: 0 } }
    return { state, start: await startOf(inbox, userId, state, { after: cursor, epoch }) }
  }

  function begin(connection: Connection, held: string[], { epoch, head }: InboxState, { from, recovered, dropped }: Start): void {
    connection.sent = from
    catchUp(connection, {
      reached: {
        upTo: head,
        tell() {
          say(connection, { type: 'resumed', epoch, recovered, dropped, head: Math.max(head, connection.sent) })
          connection.resumed = true
          onResumed(connection)
        },
      },
    })
    for (const text of held) write(connection, textFrame(text))
  }

  return {
    /** The last five minutes, then live. `state` is the inbox as the socket was opened. relay:WS6 */
    legacy(connection: Connection, state: InboxState): void {
      const { userId } = connection.known.session
      const since = clock.now() - LEGACY_REPLAY_MS
      catchUp(connection, {
        first: async (rows) => {
          const page = await inbox.readSince(userId, since, rows)
          connection.sent = page[0] === undefined ? state.head : page[0].seq - 1
          return page
        },
      })
    },

    /** `{type:"resume", cursor, epoch}`; a second one changes nothing. Throws invalid_field, invalid_cursor. relay:WS7-WS9, CUR8 */
    async v2(connection: Connection, frame: Record<string, unknown>): Promise<void> {
      const greeting = connection.stage
      if (greeting.at !== 'greeting' || greeting.resuming) return
      const wanted = parseResume(frame)
      greeting.resuming = true
      try {
        const { state, start } = await find(connection, wanted)
        if (connection.stage === greeting) begin(connection, greeting.held, state, start)
      } finally {
        greeting.resuming = false
      }
    },
  }
}

function parseResume(frame: Record<string, unknown>): Wanted {
  const parsed = z.safeParse(resumeFrameSchema, { epoch: null, ...frame })
  if (!parsed.success)
    throw new RelayError('invalid_field', 'resume needs cursor (a number) and epoch (a text, or null for a fresh client).')
  if (!Number.isSafeInteger(parsed.data.cursor) || parsed.data.cursor < 0)
    throw new RelayError('invalid_cursor', 'cursor must be a whole number of 0 or more.')
  return parsed.data
}
