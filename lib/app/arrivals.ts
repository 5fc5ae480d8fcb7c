import type { InboxMessage } from '../inbox/model.ts'
import type { Caller } from '../messaging/define.ts'
import type { Timers } from '../platform/timers.ts'
import type { arrivalMessages } from '../relay/socketMessages.ts'

/** While catching up the worker is told once a second, not once a batch. */
const BULK_EVERY_MS = 1_000
/** A summary needs no more than this many names. */
const BULK_NAMED = 50

/** Tells the worker what is stored, which wakes it for badge and notifications only. Nothing depends on it arriving. client:ARC3 */
export function createArrivals({
  worker,
  profileId,
  timers,
}: {
  worker: Caller<typeof arrivalMessages.table>
  profileId: string
  timers: Timers
}) {
  let bulk: InboxMessage[] = []
  let cancel: (() => void) | undefined

  function tell(messages: InboxMessage[], isBulk: boolean): void {
    const named = messages.slice(-BULK_NAMED).map(({ id, conversationId }) => ({ id, conversationId }))
    worker.arrived({ profileId, messages: named, bulk: isBulk }).catch(() => undefined)
  }

  return {
    add(fresh: InboxMessage[], isBulk: boolean): void {
      if (fresh.length === 0) return
      if (!isBulk) {
        tell(fresh, false)
        return
      }
      bulk = [...bulk, ...fresh].slice(-BULK_NAMED)
      cancel ??= timers.after(BULK_EVERY_MS, () => {
        cancel = undefined
        tell(bulk, true)
        bulk = []
      })
    },
    close(): void {
      cancel?.()
    },
  }
}
