import type { Timers } from '../platform/timers.ts'
import type { Change, Changes } from './changes.ts'

/** Pages re-read what they show on every change: during a burst they are told at most this often. */
const QUIET_MS = 30

/** Tells a change at once when it is quiet, else merged with others of its topic at the end of a short window. */
export function createTeller({ changes, timers }: { changes: Pick<Changes, 'tell'>; timers: Timers }) {
  const open = new Map<string, { cancel: () => void; pending: Change | undefined }>()

  function close(key: string, quietMs: number): void {
    const window = open.get(key)
    open.delete(key)
    if (window?.pending) tell(window.pending, quietMs)
  }

  function tell(change: Change, quietMs = QUIET_MS): void {
    const key = `${change.topic} ${change.profileId}`
    const window = open.get(key)
    if (window) {
      window.pending = merge(window.pending, change)
      return
    }
    open.set(key, { cancel: timers.after(quietMs, () => close(key, quietMs)), pending: undefined })
    changes.tell(change)
  }

  return {
    tell,
    close(): void {
      for (const { cancel } of open.values()) cancel()
      open.clear()
    },
  }
}

/** Changes of two conversations become one of the whole profile. */
function merge(before: Change | undefined, change: Change): Change {
  if (!before || before.conversationId === change.conversationId) return change
  return { topic: change.topic, profileId: change.profileId }
}
