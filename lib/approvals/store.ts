import { type Approval, type ApprovalOutcome, approvalHash } from '#protocol/approval.ts'
import type { Database } from '../database/open.ts'
import { type ApprovalRow, type Asked, isOpen, TIMED_OUT, type Verdict } from './model.ts'

type Key = Pick<ApprovalRow, 'profileId' | 'id'>
type New = Omit<ApprovalRow, 'afterSeq' | 'epoch' | 'expiresAt'> & { relayExpiresAt: number }

/**
 * Keeps a request before anything is asked. One whose hash is not that of what it asks for is quarantined and times out; one that is known
 * stays as it is. client:APR4, APR11, ARC7
 */
export async function keepRequest(
  db: Database,
  profileId: string,
  approval: Approval,
  now: number,
): Promise<'kept' | 'known' | 'refused'> {
  const wanted = await readRequest(profileId, approval, now)
  const transaction = db.transaction(['profiles', 'sessions', 'cursors', 'messages', 'approvals', 'quarantine'], 'readwrite')
  const approvals = transaction.objectStore('approvals')
  if (typeof wanted === 'string' || !(await transaction.objectStore('profiles').getKey(profileId))) {
    const reason = typeof wanted === 'string' ? wanted : 'profile: gone'
    await transaction.objectStore('quarantine').add({ profileId, at: now, source: 'approval', reason })
    await transaction.done
    return 'refused'
  }
  const known = await approvals.getKey([profileId, wanted.id])
  if (known === undefined) {
    const cursor = await transaction.objectStore('cursors').get(profileId)
    const all = IDBKeyRange.bound([profileId], [profileId, []])
    const newest = (await transaction.objectStore('messages').index('time').openCursor(all, 'prev'))?.value
    const session = await transaction.objectStore('sessions').get(profileId)
    const { relayExpiresAt, ...request } = wanted
    await approvals.add({
      ...request,
      // A message may have come ahead of those before it.
      afterSeq: Math.max(cursor?.seq ?? 0, newest && newest.epoch === cursor?.epoch ? newest.seq : 0),
      epoch: cursor?.epoch ?? '',
      expiresAt: relayExpiresAt - (session?.clockOffsetMs ?? 0),
    })
  }
  await transaction.done
  return known === undefined ? 'kept' : 'known'
}

/** The request as a row, or why it cannot be kept. */
async function readRequest(profileId: string, approval: Approval, receivedAt: number): Promise<New | string> {
  const { id, action, args, kind, channelId, conversation, agentId } = approval
  if (args === undefined) return 'args: missing'
  const argsHash = await approvalHash(action, args)
  if (argsHash !== approval.argsHash) return 'argsHash: not of action and args'
  const createdAt = Date.parse(approval.createdAt)
  const relayExpiresAt = Date.parse(approval.expiresAt)
  if (Number.isNaN(createdAt) || Number.isNaN(relayExpiresAt)) return 'expiresAt: not a date'
  return {
    profileId,
    id,
    action,
    args,
    argsHash,
    kind,
    ...(channelId !== undefined && { channelId }),
    ...(conversation !== undefined && { conversation }),
    ...(agentId !== undefined && { agentId }),
    createdAt,
    relayExpiresAt,
    receivedAt,
    standing: { state: 'new' },
  }
}

/** Changes a row, if `change` wants to. The row as it is afterwards, and whether it was changed now. */
async function update(
  db: Database,
  { profileId, id }: Key,
  change: (row: ApprovalRow) => ApprovalRow | undefined,
): Promise<{ row: ApprovalRow | undefined; changed: boolean }> {
  const transaction = db.transaction('approvals', 'readwrite')
  const before = await transaction.store.get([profileId, id])
  const after = before && change(before)
  if (after) await transaction.store.put(after)
  await transaction.done
  return { row: after ?? before, changed: after !== undefined }
}

/** Notes where it will be asked, before it is. client:APR4 */
export function startAsking(db: Database, key: Key, asked: Asked) {
  return update(db, key, (row) => (row.standing.state === 'new' ? { ...row, standing: { state: 'asking' }, asked } : undefined))
}

export function noteAsked(db: Database, key: Key, what: 'told' | 'reminded') {
  return update(db, key, (row) => (row.asked ? { ...row, asked: { ...row.asked, [what]: true } } : undefined))
}

/** The first decision wins. client:APR11, APR12, APR13 */
export function decide(db: Database, key: Key, verdict: Verdict, now: number) {
  return update(db, key, (row) => (isOpen(row, now) ? decided(row, verdict, now) : undefined))
}

export function decided(row: ApprovalRow, verdict: Verdict, now: number): ApprovalRow {
  return { ...row, standing: { state: 'deciding', ...verdict, decidedAt: now } }
}

/** What ran out is refused, whoever was asleep meanwhile. client:APR12 */
export function expire(db: Database, key: Key, now: number) {
  return update(db, key, (row) => {
    const { state } = row.standing
    if ((state !== 'new' && state !== 'asking') || isOpen(row, now)) return undefined
    return { ...row, standing: { state: 'denied', by: TIMED_OUT, decidedAt: row.expiresAt } }
  })
}

/** What the relay says of it: that counts. */
export function applyOutcome(db: Database, key: Key, { state, decidedBy, reason }: ApprovalOutcome, now: number) {
  return update(db, key, (row) => {
    if (state === 'pending' || row.standing.state === state) return undefined
    const known = 'by' in row.standing ? row.standing : undefined
    return {
      ...row,
      standing: {
        state,
        by: decidedBy ?? known?.by ?? '',
        ...(reason !== undefined && { reason }),
        decidedAt: known?.decidedAt ?? now,
      },
    }
  })
}
