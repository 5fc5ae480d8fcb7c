import type { DatabaseSync } from 'node:sqlite'
import { RelayError } from '#protocol/errors.ts'
import type { ApprovalRecord, ApprovalStore, NewApproval, Verdict } from '../approvalPort.ts'
import * as sql from './approvalsSql.ts'
import type { CommitQueue } from './queue.ts'
import { SESSION_KEY } from './sessionsSql.ts'

type Row = {
  id: string
  user_id: string
  action: string
  args: string
  args_hash: string
  kind: NewApproval['kind']
  channel_id: string | null
  conversation: string | null
  agent_id: string | null
  created_at: number
  expires_at: number
  state: ApprovalRecord['state']
  decided_by: string | null
  reason: string | null
  decided_at: number | null
  used_at: number | null
}

/** What is asked, decided and spent. Each step is one job, so of two at once the second sees what the first did. relay:APV1-APV4 */
export function createApprovals({ database, queue }: { database: DatabaseSync; queue: CommitQueue }): ApprovalStore {
  const sessionKey = database.prepare(SESSION_KEY)
  const countPending = database.prepare(sql.COUNT_PENDING)
  const insert = database.prepare(sql.INSERT_APPROVAL)
  const settle = database.prepare(sql.DECIDE)
  const spend = database.prepare(sql.SPEND)
  const one = database.prepare(sql.ONE_APPROVAL)
  const allPending = database.prepare(sql.PENDING_APPROVALS)
  const page = database.prepare(sql.APPROVALS_OF)

  const find = (userId: string, id: string): ApprovalRecord | undefined => {
    const row = one.get(userId, id) as Row | undefined
    return row && toRecord(row)
  }

  function write(userId: string, id: string, { state, decidedBy, reason }: Verdict, now: number): void {
    settle.run(state, decidedBy, reason ?? null, now, userId, id)
  }

  /** What the row says once it is changed. */
  function changed<O extends string>(outcome: O, { userId, id }: { userId: string; id: string }) {
    const approval = find(userId, id)
    if (!approval) throw new Error('an approval that was just changed cannot be read back')
    return { outcome, approval }
  }

  return {
    add: (approval, maxPending, verdict) =>
      queue.add(() => {
        const session = sessionKey.get(approval.userId) as { key: number } | undefined
        if (!session) return new RelayError('invalid_token', 'This session no longer exists. Register again.')
        if (find(approval.userId, approval.id)) return 'taken'
        const { count } = countPending.get(session.key, approval.createdAt) as { count: number }
        if (!verdict && count >= maxPending) return 'full'
        insert.run(...insertValues(session.key, approval))
        if (verdict) write(approval.userId, approval.id, verdict, approval.createdAt)
        return 'added'
      }),
    decide: (wanted, now) =>
      queue.add(() => {
        const approval = find(wanted.userId, wanted.id)
        if (!approval) return undefined
        if (approval.argsHash !== wanted.argsHash) return { outcome: 'mismatch' as const, approval }
        if (approval.state !== 'pending') return { outcome: 'already' as const, approval }
        if (approval.expiresAt <= now) return { outcome: 'expired' as const, approval }
        write(wanted.userId, wanted.id, wanted.verdict, now)
        return changed('decided' as const, wanted)
      }),
    use: (wanted, now) =>
      queue.add(() => {
        const approval = find(wanted.userId, wanted.id)
        if (!approval) return undefined
        const refusal = whyNot(approval, wanted.argsHash, now)
        if (refusal) return { outcome: refusal, approval }
        spend.run(now, wanted.userId, wanted.id)
        return changed('used' as const, wanted)
      }),
    denyOverdue: (verdict, now) =>
      queue.add(() =>
        (allPending.all() as Row[])
          .filter((row) => row.expires_at <= now)
          .map((row) => {
            write(row.user_id, row.id, verdict, now)
            return changed('denied', { userId: row.user_id, id: row.id }).approval
          }),
      ),
    byId: (userId, id) => queue.read(() => find(userId, id)),
    pending: () => queue.read(() => (allPending.all() as Row[]).map(toRecord)),
    list: (userId, { since, before, limit }) =>
      queue.read(() => (page.all({ userId, since, before: before ?? null, limit }) as Row[]).map(toRecord)),
  }
}

function whyNot(approval: ApprovalRecord, argsHash: string, now: number) {
  if (approval.argsHash !== argsHash) return 'mismatch'
  if (approval.state === 'used') return 'already'
  if (approval.state === 'denied') return 'denied'
  if (approval.expiresAt <= now) return 'expired'
  return approval.state === 'pending' ? 'pending' : undefined
}

function insertValues(session: number, approval: NewApproval) {
  const { id, action, args, argsHash, kind, channelId, conversation, agentId, createdAt, expiresAt } = approval
  return [
    id,
    session,
    action,
    JSON.stringify(args),
    argsHash,
    kind,
    channelId ?? null,
    conversation ?? null,
    agentId ?? null,
    createdAt,
    expiresAt,
  ] as const
}

function toRecord(row: Row): ApprovalRecord {
  return {
    id: row.id,
    userId: row.user_id,
    action: row.action,
    args: JSON.parse(row.args),
    argsHash: row.args_hash,
    kind: row.kind,
    ...(row.channel_id !== null && { channelId: row.channel_id }),
    ...(row.conversation !== null && { conversation: row.conversation }),
    ...(row.agent_id !== null && { agentId: row.agent_id }),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    state: row.state,
    ...(row.decided_by !== null && { decidedBy: row.decided_by }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.decided_at !== null && { decidedAt: row.decided_at }),
    ...(row.used_at !== null && { usedAt: row.used_at }),
  }
}
