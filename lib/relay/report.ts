import type { Database } from '../database/open.ts'
import type { Changes } from '../messaging/changes.ts'
import { describe } from './describe.ts'
import type { SocketState } from './socketMachine.ts'
import type { Connection } from './state.ts'
import { isLocalRelay } from './url.ts'

/**
 * Writes what the connection is for every page to read (client:SOC3). Only the newest state is written when several wait; `onChanged`
 * runs after the commit of another `state`.
 */
export function createReport({
  db,
  profileId,
  changes,
  now,
  onChanged,
}: {
  db: Database
  profileId: string
  changes: Pick<Changes, 'tell'>
  now: () => number
  onChanged: (state: Connection['state']) => void
}) {
  let shown: Connection['state'] | undefined
  let since = now()
  let storageFull = false
  let wanted: { state: SocketState; malformedFrames: number } | undefined
  let writing: Promise<void> | undefined

  async function write(): Promise<void> {
    while (wanted) {
      const { state, malformedFrames } = wanted
      wanted = undefined
      const view = describe(state)
      const changed = view.state !== shown
      if (changed) since = now()
      shown = view.state
      const transaction = db.transaction(['connections', 'sessions', 'profiles'], 'readwrite')
      const session = await transaction.objectStore('sessions').get(profileId)
      const profile = await transaction.objectStore('profiles').get(profileId)
      // A profile that was deleted meanwhile has no connection any more. client:PRF5
      if (!profile) return
      await transaction.objectStore('connections').put({
        profileId,
        ...view,
        since,
        ...(session && { clockOffsetMs: session.clockOffsetMs }),
        ...(session?.older && { older: true }),
        ...(malformedFrames > 0 && { malformedFrames }),
        ...(isLocalRelay(profile.relayUrl) && { local: true }),
        ...(storageFull && { storageFull }),
      })
      await transaction.done
      changes.tell({ topic: 'connection', profileId })
      if (changed) onChanged(view.state)
    }
  }

  let last: { state: SocketState; malformedFrames: number } | undefined
  function show(state: SocketState, malformedFrames: number): void {
    last = { state, malformedFrames }
    wanted = last
    writing ??= write()
      // A full disk must not end the connection; the next state is written again.
      .catch(() => undefined)
      .finally(() => {
        writing = undefined
      })
  }

  return {
    show,
    /** client:CDD10 */
    setStorageFull(full: boolean): void {
      if (full === storageFull) return
      storageFull = full
      if (last) show(last.state, last.malformedFrames)
    },
    close: async (): Promise<void> => {
      await writing
    },
  }
}
