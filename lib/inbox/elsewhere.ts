import type { HistoryAnswer } from '#protocol/http.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Timers } from '../platform/timers.ts'
import { type Place, readPlace, storeElsewhere } from './elsewhereStore.ts'

/** After a word about any reply, so that a burst of them is read at once. Milliseconds. */
const SOON_MS = 300

export type Elsewhere = ReturnType<typeof createElsewhere>

/**
 * Brings what agents and other browsers of the owner answered into its conversations: soon after the relay says something about a reply, and with
 * every connection what was missed. The place moves past this browser's own replies too, so that one taken out of a conversation stays out. client:ELS1, ELS2, ELS3
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
  onStored: () => void
}) {
  let turn: Promise<void> = Promise.resolve()
  /** Not while one is waited for, nor where the relay has no such list. */
  let mayAsk = true
  let closed = false
  let cancelLater: (() => void) | undefined

  async function readOn(): Promise<void> {
    mayAsk = true
    const answer = await history(await readPlace(db, profileId))
    if (await storeElsewhere(db, profileId, answer, timers.now())) onStored()
    if (answer.hasMore && !closed) await readOn()
  }

  /** What fails is not lost: the place stays, and the next reply or connection reads on from there. */
  function read(): void {
    if (!mayAsk) return
    mayAsk = false
    turn = turn.then(readOn).catch((error: unknown) => {
      mayAsk = !(error instanceof Failure && error.code === 'not_found')
    })
  }

  return {
    connected(): void {
      mayAsk = true
      read()
    },
    told(): void {
      cancelLater ??= timers.after(SOON_MS, () => {
        cancelLater = undefined
        read()
      })
    },
    async close(): Promise<void> {
      closed = true
      cancelLater?.()
      await turn
    },
  }
}
