import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { ApprovalRecord, ApprovalStore } from '../store/approvalPort.ts'
import { TIMED_OUT } from './view.ts'

/** After a store that did not take a denial. Nothing is allowed meanwhile: the time counts, not the row. */
const RETRY_MS = 5_000

/** Everything that waits for a decision, in the order it was asked, ready for clients that connect; and the clock that ends the waiting. */
export function createPending({
  store,
  clock,
  log,
  onDenied,
}: {
  store: Pick<ApprovalStore, 'pending' | 'denyOverdue'>
  clock: Clock
  log: Pick<Log, 'error'>
  onDenied: (approval: ApprovalRecord) => void
}) {
  const users = new Map<string, Map<string, ApprovalRecord>>()
  let timer: { at: number; cancel: () => void } | undefined
  let closed = false

  function wakeAt(at: number): void {
    if (closed || (timer && timer.at <= at)) return
    timer?.cancel()
    timer = { at, cancel: clock.after(Math.max(0, at - clock.now()), expire) }
  }

  function expire(): void {
    timer = undefined
    const now = clock.now()
    store.denyOverdue(TIMED_OUT, now).then(
      (denied) => {
        for (const approval of denied) {
          remove(approval)
          onDenied(approval)
        }
        const next = Math.min(
          ...[...users.values()].flatMap((waiting) => Array.from(waiting.values(), ({ expiresAt }) => expiresAt)),
        )
        if (next !== Number.POSITIVE_INFINITY) wakeAt(Math.max(next, now + 1))
      },
      (error) => {
        log.error({ err: error }, 'approvals could not be denied; tried again later')
        wakeAt(now + RETRY_MS)
      },
    )
  }

  function add(approval: ApprovalRecord): void {
    const waiting = users.get(approval.userId) ?? new Map<string, ApprovalRecord>()
    users.set(approval.userId, waiting.set(approval.id, approval))
    wakeAt(approval.expiresAt)
  }

  function remove({ userId, id }: Pick<ApprovalRecord, 'userId' | 'id'>): void {
    const waiting = users.get(userId)
    waiting?.delete(id)
    if (waiting?.size === 0) users.delete(userId)
  }

  return {
    add,
    remove,
    count: (): number => [...users.values()].reduce((sum, waiting) => sum + waiting.size, 0),
    of: (userId: string): ApprovalRecord[] => [...(users.get(userId)?.values() ?? [])],
    /** The session is gone, its rows with it. */
    forget: (userId: string): void => void users.delete(userId),
    /** Takes up what was pending when the relay ended. relay:APV1 */
    async start(): Promise<void> {
      for (const approval of await store.pending()) add(approval)
    },
    close(): void {
      closed = true
      timer?.cancel()
    },
  }
}
