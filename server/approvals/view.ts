import type { Approval, ApprovalFrame, ApprovalOutcome, ApprovalState } from '#protocol/approval.ts'
import type { ApprovalRecord, Verdict } from '../store/approvalPort.ts'

/** Nobody decided before `expiresAt`. relay:APV4 */
export const TIMED_OUT = {
  state: 'denied',
  decidedBy: 'timeout',
  reason: 'Nobody decided in time.',
} as const satisfies Verdict

/** Nobody could be asked. relay:APV4 */
export const NOBODY_THERE = {
  state: 'denied',
  decidedBy: 'relay',
  reason: 'No client is connected that could decide.',
} as const satisfies Verdict

/** Who decided what, at `now`: the row of one whose time has just run out may not say so yet. relay:APV2 */
export function outcomeOf(approval: ApprovalRecord, now: number): ApprovalOutcome {
  if (approval.state === 'pending' && approval.expiresAt <= now) return TIMED_OUT
  return {
    state: stateOf(approval, now),
    ...(approval.decidedBy !== undefined && { decidedBy: approval.decidedBy }),
    ...(approval.reason !== undefined && { reason: approval.reason }),
  }
}

function stateOf({ state, expiresAt }: ApprovalRecord, now: number): ApprovalState {
  return state === 'allowed' && expiresAt <= now ? 'expired' : state
}

/** As its session sees it. */
export function viewApproval(approval: ApprovalRecord, now: number): Approval {
  const { id, action, args, argsHash, kind, channelId, conversation, agentId, createdAt, expiresAt, decidedAt, usedAt } = approval
  return {
    id,
    action,
    args,
    argsHash,
    kind,
    ...(channelId !== undefined && { channelId }),
    ...(conversation !== undefined && { conversation }),
    ...(agentId !== undefined && { agentId }),
    createdAt: iso(createdAt),
    expiresAt: iso(expiresAt),
    ...outcomeOf(approval, now),
    ...(decidedAt !== undefined && { decidedAt: iso(decidedAt) }),
    ...(usedAt !== undefined && { usedAt: iso(usedAt) }),
  }
}

export function requiredFrame(approval: ApprovalRecord, now: number): ApprovalFrame {
  return { type: 'approval_required', approval: viewApproval(approval, now) }
}

export function updateFrame(approval: ApprovalRecord, now: number): ApprovalFrame {
  return { type: 'approval_update', id: approval.id, ...outcomeOf(approval, now) }
}

const iso = (time: number) => new Date(time).toISOString()
