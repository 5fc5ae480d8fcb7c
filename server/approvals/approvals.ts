import type { Approval, ApprovalCreated, ApprovalFrame, ApprovalOutcome } from '#protocol/approval.ts'
import { approvalHash } from '#protocol/approval.ts'
import { RelayError } from '#protocol/errors.ts'
import { APPROVAL_LIFE_MS, APPROVALS_KEPT_MS, MAX_PENDING_APPROVALS } from '#protocol/limits.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type Counts, createCounts } from '../metrics/counts.ts'
import type { ApprovalRecord, ApprovalStore, NewApproval } from '../store/approvalPort.ts'
import { newApprovalId } from './id.ts'
import { createPending } from './pending.ts'
import { notDecided, notFound, notUsed } from './refusals.ts'
import type { readRequest, WantedDecision } from './request.ts'
import { NOBODY_THERE, outcomeOf, requiredFrame, updateFrame, viewApproval } from './view.ts'
import { createWaits } from './waits.ts'

export type Approvals = ReturnType<typeof createApprovals>

/**
 * Asks the session's clients, hands the decision to who asked, and lets it be used once. Every step is committed before it is told. `tell` reaches the
 * clients that have resumed; `listens` says whether there is one at all.
 */
export function createApprovals({
  store,
  clock,
  log,
  random,
  listens,
  tell,
  counts = createCounts(),
}: {
  store: ApprovalStore
  clock: Clock
  log: Pick<Log, 'debug' | 'error'>
  random: (bytes: number) => Uint8Array
  listens: (userId: string) => boolean
  tell: (userId: string, frame: ApprovalFrame) => void
  counts?: Pick<Counts, 'approvals'>
}) {
  const waits = createWaits(clock)
  const pending = createPending({ store, clock, log, onDenied: changed })

  /** Wakes who waits for it and tells every window, so that no prompt stays behind. */
  function changed(approval: ApprovalRecord): void {
    log.debug({ approvalId: approval.id, state: approval.state }, 'approval')
    counts.approvals.add(approval.state)
    waits.tell(waitKey(approval.userId, approval.id))
    tell(approval.userId, updateFrame(approval, clock.now()))
  }

  /** Ids are short, because people type them; one that is taken is drawn again. */
  async function keep(wanted: Omit<NewApproval, 'id'>): Promise<ApprovalRecord> {
    const verdict = listens(wanted.userId) ? undefined : NOBODY_THERE
    for (;;) {
      const approval = { ...wanted, id: newApprovalId(random) }
      const added = await store.add(approval, MAX_PENDING_APPROVALS, verdict)
      if (added === 'added') return { ...approval, state: 'pending', ...verdict }
      if (added === 'full')
        throw new RelayError(
          'too_many_approvals',
          `${MAX_PENDING_APPROVALS} approvals of this session wait for a decision. Wait for some of them.`,
        )
    }
  }

  return {
    /** relay:APV1 */
    async ask(
      userId: string,
      { timeoutMs = APPROVAL_LIFE_MS, args, ...wanted }: ReturnType<typeof readRequest>,
    ): Promise<ApprovalCreated> {
      const argsHash = await approvalHash(wanted.action, args)
      const now = clock.now()
      const approval = await keep({ ...wanted, args, userId, argsHash, createdAt: now, expiresAt: now + timeoutMs })
      counts.approvals.add('asked')
      if (approval.state === 'denied') counts.approvals.add('denied')
      else {
        pending.add(approval)
        tell(userId, requiredFrame(approval, clock.now()))
      }
      return { id: approval.id, argsHash, expiresAt: new Date(approval.expiresAt).toISOString() }
    },

    /** Answers at once when it is decided, otherwise at the decision or after `waitMs`. relay:APV2 */
    async outcome(userId: string, id: string, waitMs: number): Promise<ApprovalOutcome> {
      const wait = waits.begin(waitKey(userId, id), waitMs)
      const first = await store.byId(userId, id)
      if (!first || waitMs === 0 || outcomeOf(first, clock.now()).state !== 'pending') wait.end()
      await wait.ended
      const approval = first && (await store.byId(userId, id))
      if (!approval) throw notFound()
      return outcomeOf(approval, clock.now())
    },

    async list(userId: string, page: { before?: string; limit: number }): Promise<{ approvals: Approval[]; hasMore: boolean }> {
      const now = clock.now()
      const found = await store.list(userId, { ...page, since: now - APPROVALS_KEPT_MS, limit: page.limit + 1 })
      const approvals = found.slice(0, page.limit).map((approval) => viewApproval(approval, now))
      return { approvals, hasMore: found.length > page.limit }
    },

    /** The first decision wins. Saying the same once more is answered with what holds; anything else is refused. relay:APV3 */
    async decide(
      userId: string,
      { id, decision, argsHash, decidedBy, reason }: WantedDecision,
    ): Promise<ApprovalFrame | undefined> {
      const state = decision === 'allow' ? 'allowed' : 'denied'
      const verdict = { state, decidedBy, ...(reason !== undefined && { reason }) } as const
      const now = clock.now()
      const decided = await store.decide({ userId, id, argsHash, verdict }, now)
      if (!decided) throw notFound()
      const { outcome, approval } = decided
      if (outcome === 'decided') {
        pending.remove(approval)
        changed(approval)
        return undefined
      }
      if (outcome === 'already' && said(approval) === state) return updateFrame(approval, now)
      throw notDecided(outcome, approval, now)
    },

    /** relay:APV4 */
    async use(userId: string, id: string, { action, args }: { action: string; args?: unknown }): Promise<ApprovalOutcome> {
      const now = clock.now()
      const used = await store.use({ userId, id, argsHash: await approvalHash(action, args) }, now)
      if (!used) throw notFound()
      if (used.outcome !== 'used') throw notUsed(used.outcome, used.approval)
      changed(used.approval)
      return outcomeOf(used.approval, now)
    },

    /** What a client that has just resumed must be asked. relay:APV1 */
    waitingFor(userId: string): ApprovalFrame[] {
      const now = clock.now()
      return pending
        .of(userId)
        .filter(({ expiresAt }) => expiresAt > now)
        .map((approval) => requiredFrame(approval, now))
    },

    /** How many wait for a decision, of all sessions. */
    waiting: pending.count,
    forget: pending.forget,
    start: pending.start,
    /** Held requests are answered at once, so that they do not hold up the stop. relay:GEN8 */
    endWaits: waits.close,
    close: pending.close,
  }
}

const waitKey = (userId: string, id: string) => `${userId} ${id}`

/** What was decided, also about one that is used by now. */
const said = ({ state }: ApprovalRecord) => (state === 'used' ? 'allowed' : state)
