import type { Database } from '../../database/open.ts'

/** Replies that still wait in this browser, and the conversations with one that was not sent. */
export type Unsent = { waiting: number; failed: ReadonlySet<string> }

export async function readUnsent(db: Database, profileId: string): Promise<Unsent> {
  const states = db.transaction('replies').store.index('state')
  const [waiting, failed] = await Promise.all([
    states.count(IDBKeyRange.only([profileId, 'sending'])),
    states.getAll(IDBKeyRange.only([profileId, 'failed'])),
  ])
  return { waiting, failed: new Set(failed.map((reply) => reply.conversationId)) }
}
