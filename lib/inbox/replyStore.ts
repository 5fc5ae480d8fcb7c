import type { ReplyStatus } from '#protocol/message.ts'
import type { Database } from '../database/open.ts'
import type { Reply } from './model.ts'

/** What became of handing a reply to the relay. */
export type Handed =
  | { kind: 'taken'; responseId: string; state: 'queued' | 'sent' }
  | { kind: 'refused'; code: string; reason: string }

/** clientIds of replies not on the relay yet, in the order they were written (clientIds begin with their time). client:CRP7 */
export async function listSending(db: Database, profileId: string): Promise<string[]> {
  return db.getAllKeysFromIndex('replies', 'state', IDBKeyRange.only([profileId, 'sending']))
}

/** responseIds of replies the relay has and may have delivered meanwhile. client:CRP3 */
export async function listQueued(db: Database, profileId: string): Promise<string[]> {
  const replies = await db.getAllFromIndex('replies', 'state', IDBKeyRange.only([profileId, 'queued']))
  return replies.flatMap(({ responseId }) => (responseId === undefined ? [] : [responseId]))
}

/** An attempt to hand a reply over failed; it is tried again. The changed reply, if it still waits. client:OBX2 */
export async function noteTry(db: Database, clientId: string, reason: string): Promise<Reply | undefined> {
  const transaction = db.transaction('replies', 'readwrite')
  const reply = await transaction.store.get(clientId)
  const tried = reply?.state === 'sending' ? { ...reply, tries: (reply.tries ?? 0) + 1, trouble: reason } : undefined
  if (tried) await transaction.store.put(tried)
  await transaction.done
  return tried
}

/** Notes the outcome, unless a status overtook it or the reply was discarded. The changed reply, if it changed. */
export async function settleHanded(db: Database, clientId: string, handed: Handed, now: number): Promise<Reply | undefined> {
  const transaction = db.transaction('replies', 'readwrite')
  const reply = await transaction.store.get(clientId)
  if (reply?.state !== 'sending') {
    await transaction.done
    return undefined
  }
  const { trouble: _over, ...rest } = reply
  const tried = { ...rest, tries: (reply.tries ?? 0) + 1 }
  const settled: Reply =
    handed.kind === 'taken'
      ? lighten({ ...tried, responseId: handed.responseId, state: handed.state, handedAt: now, updatedAt: now })
      : { ...tried, state: 'failed', code: handed.code, reason: handed.reason, updatedAt: now }
  await transaction.store.put(settled)
  await transaction.done
  return settled
}

/** relay:REP10. A final state stays. The changed reply, if it is kept here and changed. */
export async function applyStatus(db: Database, profileId: string, status: ReplyStatus, now: number): Promise<Reply | undefined> {
  const transaction = db.transaction('replies', 'readwrite')
  const known = await transaction.store.index('response').getAll(status.responseId)
  const reply = known.find((one) => one.profileId === profileId) ?? (await transaction.store.get(status.clientId ?? ''))
  if (reply?.profileId !== profileId || reply.state === 'sent' || reply.state === 'failed') return undefined
  const { trouble: _over, ...rest } = reply
  const changed = withStatus(rest, status, now)
  await transaction.store.put(changed)
  await transaction.done
  return changed
}

/** How far it came, in the relay's words. relay:REP10 */
export function withStatus(reply: Omit<Reply, 'state' | 'updatedAt' | 'reason' | 'code'>, status: ReplyStatus, now: number): Reply {
  const statusAt = Date.parse(status.updatedAt)
  const told = {
    ...reply,
    responseId: status.responseId,
    handedAt: reply.handedAt ?? now,
    attempts: status.attempts,
    ...(!Number.isNaN(statusAt) && { statusAt }),
    updatedAt: now,
  }
  return status.state === 'failed'
    ? { ...told, state: 'failed', code: 'delivery_failed', reason: status.reason ?? 'The message could not be delivered.' }
    : lighten({
        ...told,
        state: status.state,
        ...(status.platformMessageId !== undefined && { platformMessageId: status.platformMessageId }),
        ...(status.reason !== undefined && (status.state === 'sent' ? { doubt: status.reason } : { trouble: status.reason })),
      })
}

/** A delivered reply keeps its files' names, not their bytes. client:ARC5 */
function lighten(reply: Reply): Reply {
  if (reply.state !== 'sent') return reply
  return { ...reply, attachments: reply.attachments.map((attachment) => ({ ...attachment, dataBase64: '' })) }
}
