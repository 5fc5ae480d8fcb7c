import type { ApprovalDecision, ApprovalOutcome } from '#protocol/approval.ts'
import type { ErrorCode } from '#protocol/errors.ts'
import type { ServerFrame } from '#protocol/socket.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Timers } from '../platform/timers.ts'
import { byState } from './queries.ts'
import { applyOutcome, keepRequest } from './store.ts'

/** After a decision the relay could not take just now. */
const TRY_AGAIN_MS = 5_000
const UNSTORED = 'The browser could not store the request.'
const FORGOTTEN: ApprovalOutcome = { state: 'denied', decidedBy: 'relay', reason: 'The relay does not know this request any more.' }

export type Desk = ReturnType<typeof createDesk>

/**
 * One profile's approvals at the socket: stores what the relay asks, hands it the decisions, and stores what it says of them. What to decide
 * is not known here. client:APR4, APR6, APR13
 */
export function createDesk({
  db,
  profileId,
  timers,
  settled,
  send,
  outcome,
  onChanged,
}: {
  db: Database
  profileId: string
  timers: Timers
  /** Resolves when the messages that came before are stored. */
  settled: () => Promise<void>
  /** Over the live socket; false if there is none. */
  send: (decision: ApprovalDecision) => boolean
  /** GET /approvals/:id. Throws Failure. */
  outcome: (id: string) => Promise<ApprovalOutcome>
  /** After the commit. */
  onChanged: () => void
}) {
  let turn: Promise<void> = Promise.resolve()
  let cancelRetry: (() => void) | undefined
  let closed = false

  /** One after the other. What fails is not lost: it is asked again at the next connection. */
  function inTurn(run: () => Promise<void>): void {
    const guarded = () => (closed ? Promise.resolve() : run())
    turn = turn.then(guarded, guarded).catch(() => undefined)
  }

  async function flush(): Promise<void> {
    for (const { id, argsHash, standing } of await byState(db, profileId, 'deciding')) {
      if (standing.state !== 'deciding') continue
      const { decision, by, reason } = standing
      if (!send({ type: 'approval_decision', id, decision, argsHash, decidedBy: by, ...(reason !== undefined && { reason }) }))
        return
    }
  }

  async function apply(id: string, known: ApprovalOutcome): Promise<void> {
    if ((await applyOutcome(db, { profileId, id }, known, timers.now())).changed) onChanged()
  }

  async function refresh(id: string): Promise<void> {
    const known = await outcome(id).catch((error: unknown) => {
      if (error instanceof Failure && error.code === 'not_found') return FORGOTTEN
      throw error
    })
    await apply(id, known)
  }

  /** What others decided while we were away. */
  async function refreshAll(): Promise<void> {
    for (const state of ['new', 'asking', 'deciding', 'allowed'] as const)
      for (const { id } of await byState(db, profileId, state)) await refresh(id)
  }

  async function take(frame: Extract<ServerFrame, { type: 'approval_required' }>): Promise<void> {
    const { id, argsHash } = frame.approval
    await settled()
    try {
      if ((await keepRequest(db, profileId, frame.approval, timers.now())) === 'kept') onChanged()
    } catch {
      send({ type: 'approval_decision', id, decision: 'deny', argsHash, decidedBy: 'extension', reason: UNSTORED })
    }
  }

  return {
    take(frame: ServerFrame): void {
      if (frame.type === 'approval_required') inTurn(() => take(frame))
      else if (frame.type === 'approval_update') inTurn(() => apply(frame.id, frame))
      else if (frame.type === 'error' && frame.id !== undefined) {
        const { id, code, retryAfter } = frame
        if (FINAL.includes(code)) inTurn(() => refresh(id))
        else
          cancelRetry ??= timers.after(retryAfter === undefined ? TRY_AGAIN_MS : retryAfter * 1000, () => {
            cancelRetry = undefined
            inTurn(flush)
          })
      }
    },
    /** Decisions wait in the database. */
    flush: (): void => inTurn(flush),
    connected(): void {
      inTurn(flush)
      inTurn(refreshAll)
    },
    async close(): Promise<void> {
      closed = true
      cancelRetry?.()
      await turn
    },
  }
}

/** Refusals that say it is decided, one way or another: the relay knows which. */
const FINAL: readonly string[] = [
  'approval_decided',
  'approval_expired',
  'approval_mismatch',
  'not_found',
  'invalid_field',
] satisfies ErrorCode[]
