import type { Database } from '../database/open.ts'
import type { InboxMessage } from '../inbox/model.ts'
import { type ApprovalRow, isOpen } from './model.ts'

/** What a person can decide now, the most urgent first. client:APR13 */
export async function listPending(db: Database, profileId: string, now: number): Promise<ApprovalRow[]> {
  const rows = await dueAfter(db, profileId, now)
  return rows.filter((row) => isOpen(row, now) && row.standing.state === 'asking')
}

/** Requests whose time ends, or ended, after this moment. */
export function dueAfter(db: Database, profileId: string, moment: number): Promise<ApprovalRow[]> {
  return db.getAllFromIndex('approvals', 'due', IDBKeyRange.bound([profileId, moment], [profileId, []], true))
}

export function byState(db: Database, profileId: string, state: ApprovalRow['standing']['state']): Promise<ApprovalRow[]> {
  return db.getAllFromIndex('approvals', 'state', IDBKeyRange.only([profileId, state]))
}

export function readApproval(db: Database, profileId: string, id: string): Promise<ApprovalRow | undefined> {
  return db.get('approvals', [profileId, id])
}

/** The message an action was caused by, as far as it can be told: the newest of its conversation before the request. */
export async function readCause(db: Database, { profileId, asked, createdAt }: ApprovalRow): Promise<InboxMessage | undefined> {
  if (!asked) return undefined
  const before = IDBKeyRange.bound([profileId, asked.conversationId], [profileId, asked.conversationId, createdAt, []])
  const cursor = await db.transaction('messages').store.index('conversation').openCursor(before, 'prev')
  return cursor?.value
}
