import type { HistoryAnswer } from '#protocol/http.ts'
import type { ReplyStatus } from '#protocol/message.ts'
import type { ServerFrame } from '#protocol/socket.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Timers } from '../platform/timers.ts'
import { isKnown, type Place, readPlace, storeElsewhere } from './elsewhereStore.ts'

/** How soon the place moves past what this browser wrote itself. */
const READ_ON_MS = 2_000

export type Elsewhere = ReturnType<typeof createElsewhere>

/**
 * Brings what agents and other browsers of the owner answered into its conversations: at once when the relay tells of a reply nobody here
 * wrote, and with every connection what was missed. client:ELS1, ELS2, ELS3
 */
export function createElsewhere({
  db,
  profileId,
  timers,
  history,
  onStored,
}: {
  db: Database
  profileId: string
  timers: Timers
  /** GET /replies from a place on. Throws Failure. */
  history: (place: Place) => Promise<HistoryAnswer>
  /** After the commit. */
  onStored: (conversationId: string) => void
}) {
  let running: Promise<void> | undefined
  let wanted = false
  let closed = false
  /** The relay has no such list. */
  let absent = false
  let cancelLater: (() => void) | undefined

  async function readOn(): Promise<void> {
    for (let more = true; more && !closed; ) {
      const place = await readPlace(db, profileId)
      const answer = await history(place)
      for (const conversationId of await storeElsewhere(db, profileId, place, answer, timers.now())) onStored(conversationId)
      more = answer.hasMore && answer.replies.length > 0
    }
  }

  /** What fails is not lost: the place stays, and the next reply or connection reads on from there. */
  async function work(): Promise<void> {
    while (wanted && !absent && !closed) {
      wanted = false
      await readOn().catch((error: unknown) => {
        absent = error instanceof Failure && error.code === 'not_found'
      })
    }
  }

  function start(): void {
    running ??= work().finally(() => {
      running = undefined
      // Asked for just as the last round ended.
      if (wanted && !absent && !closed) start()
    })
  }

  function read(): void {
    cancelLater?.()
    cancelLater = undefined
    wanted = true
    if (!absent && !closed) start()
  }

  async function look(status: ReplyStatus): Promise<void> {
    if (!(await isKnown(db, profileId, status))) read()
    else cancelLater ??= timers.after(READ_ON_MS, read)
  }

  return {
    connected(): void {
      absent = false
      read()
    },
    take(frame: ServerFrame): void {
      if (frame.type === 'reply_status' && !closed) look(frame).catch(() => undefined)
    },
    async close(): Promise<void> {
      closed = true
      cancelLater?.()
      await running
    },
  }
}
