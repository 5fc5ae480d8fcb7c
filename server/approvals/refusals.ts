import { RelayError } from '#protocol/errors.ts'
import type { ApprovalRecord } from '../store/approvalPort.ts'
import { outcomeOf, TIMED_OUT } from './view.ts'

export function notFound(): RelayError {
  return new RelayError('not_found', 'This session has no such approval.')
}

/** Why a decision does not count. relay:APV3 */
export function notDecided(outcome: 'already' | 'mismatch' | 'expired', approval: ApprovalRecord, now: number): RelayError {
  if (outcome === 'mismatch')
    return new RelayError(
      'approval_mismatch',
      'This argsHash is not that of the action and arguments that were asked. Show them again.',
    )
  if (outcome === 'expired' || approval.decidedBy === TIMED_OUT.decidedBy) return tooLate()
  const { state, decidedBy } = outcomeOf(approval, now)
  return new RelayError('approval_decided', `This was decided before (${state}, by ${decidedBy}). The first decision counts.`)
}

/** Why an action may not run. relay:APV4 */
export function notUsed(
  outcome: 'already' | 'mismatch' | 'expired' | 'denied' | 'pending',
  { decidedBy, reason }: ApprovalRecord,
): RelayError {
  switch (outcome) {
    case 'mismatch':
      return new RelayError(
        'approval_mismatch',
        'Another action or other arguments were approved. Ask for these with POST /approvals.',
      )
    case 'already':
      return new RelayError(
        'approval_used',
        'This approval was used before, and each is good for once. Ask again with POST /approvals.',
      )
    case 'pending':
      return new RelayError('approval_pending', 'Nobody has decided yet. Wait with GET /approvals/:id?waitMs=30000.')
    case 'denied':
      if (decidedBy === TIMED_OUT.decidedBy) return tooLate()
      return new RelayError(
        'approval_denied',
        `This was refused${reason === undefined ? '' : ` (${reason})`}. Do not retry; ask what to do instead.`,
      )
    case 'expired':
      return tooLate()
  }
}

function tooLate(): RelayError {
  return new RelayError('approval_expired', 'The time for this approval is over. Ask again with POST /approvals.')
}
