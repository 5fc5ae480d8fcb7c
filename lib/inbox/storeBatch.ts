import { unwrap } from 'idb'
import type { Database } from '../database/open.ts'
import type { ChaosDatabase } from '../database/schema.ts'
import type { Cursor } from '../profiles/model.ts'
import { addToConversation } from './conversation.ts'
import { leaseFor } from './leases.ts'
import type { Conversation, GapNotice, InboxMessage } from './model.ts'
import type { Unindexed } from './search/model.ts'

export type Batch = {
  profileId: string
  rows: InboxMessage[]
  /** Why records of this batch were refused. client:ARC7 */
  refused: string[]
  /** From the stored cursor to the new one, with the number of messages that are lost for good. `undefined` leaves it. */
  advance(cursor: Cursor | undefined): { cursor: Cursor; missing: number | 'unknown' } | undefined
  now: number
}

/** `gap`: a notice about lost messages was stored too. */
export type Committed = { fresh: InboxMessage[]; cursor: Cursor | undefined; gap: boolean }

type Automation = ChaosDatabase['automations']['value']

const STORES = ['cursors', 'seen', 'messages', 'conversations', 'gaps', 'quarantine', 'leases', 'automations', 'unindexed']

/**
 * Stores a batch in one transaction: messages, ids, conversation rows, what is to be done about them, gap notice and cursor, all or nothing; resolves after the commit
 * with the messages that were not known before, in the order given. client:CDD1, CDD3
 *
 * Works on raw requests without an await per row: several times the rate of the promise wrapper.
 */
export function storeBatch(db: Database, batch: Batch): Promise<Committed> {
  const { profileId, rows, now } = batch
  return new Promise((resolve, reject) => {
    const transaction = unwrap(db).transaction(STORES, 'readwrite', { durability: 'relaxed' })
    const stores = {
      cursors: transaction.objectStore('cursors'),
      seen: transaction.objectStore('seen'),
      messages: transaction.objectStore('messages'),
      conversations: transaction.objectStore('conversations'),
      gaps: transaction.objectStore('gaps'),
      quarantine: transaction.objectStore('quarantine'),
      leases: transaction.objectStore('leases'),
      automations: transaction.objectStore('automations'),
      unindexed: transaction.objectStore('unindexed'),
    }
    const known = new Set<InboxMessage>()
    const before = new Map<string, Conversation | undefined>()
    let newCursor: Cursor | undefined
    let gap = false
    let waiting = rows.length

    transaction.oncomplete = () => resolve({ fresh: rows.filter((row) => !known.has(row)), cursor: newCursor, gap })
    transaction.onabort = () => reject(transaction.error ?? new DOMException('The transaction was aborted', 'AbortError'))

    for (const reason of batch.refused) stores.quarantine.add({ profileId, at: now, source: 'message', reason })

    const answering = new Set<string>()
    const automations: IDBRequest<Automation[]> = stores.automations.getAll(IDBKeyRange.bound([profileId], [profileId, []]))
    automations.onsuccess = () => {
      for (const { channelId, away } of automations.result) if (away.on) answering.add(channelId)
    }

    for (const { conversationId } of rows) {
      if (before.has(conversationId)) continue
      before.set(conversationId, undefined)
      const request: IDBRequest<Conversation | undefined> = stores.conversations.get([profileId, conversationId])
      request.onsuccess = () => before.set(conversationId, request.result)
    }

    for (const row of rows) {
      const request = stores.seen.add({ profileId, messageId: row.id, at: now })
      request.onsuccess = () => {
        stores.messages.put(row)
        settle()
      }
      request.onerror = (event) => {
        if (request.error?.name !== 'ConstraintError') return
        // Known already: neither an error nor a reason to abort.
        event.preventDefault()
        event.stopPropagation()
        known.add(row)
        settle()
      }
    }

    const cursorRequest: IDBRequest<Cursor | undefined> = stores.cursors.get(profileId)
    cursorRequest.onsuccess = () => {
      const step = batch.advance(cursorRequest.result)
      newCursor = step?.cursor ?? cursorRequest.result
      if (!step) return
      stores.cursors.put(step.cursor)
      gap = step.missing !== 0
      if (gap) noteGap(stores.gaps, profileId, step.missing, step.cursor, now)
    }

    /** Runs when the last id is decided: the requests for the old rows were made before it and have answered. */
    function settle(): void {
      waiting--
      if (waiting > 0) return
      const fresh = rows.filter((row) => !known.has(row))
      for (const row of fresh) {
        before.set(row.conversationId, addToConversation(before.get(row.conversationId), row))
        const lease = leaseFor(row, answering, now)
        if (lease) stores.leases.put(lease)
      }
      for (const id of new Set(fresh.map((row) => row.conversationId))) stores.conversations.put(before.get(id))
      const ids = fresh.map(({ id }) => id)
      if (ids.length > 0) stores.unindexed.add({ profileId, kind: 'message', ids } satisfies Unindexed)
    }
  })
}

/** Adds to the notice the reader has not dismissed yet, or makes one: once per gap, not once per page. client:CDD6 */
function noteGap(gaps: IDBObjectStore, profileId: string, count: number | 'unknown', cursor: Cursor, now: number): void {
  const request: IDBRequest<GapNotice[]> = gaps.getAll(IDBKeyRange.bound([profileId], [profileId, []]))
  request.onsuccess = () => {
    const open = request.result.find((gap) => gap.dismissed === 0 && gap.count !== 'unknown')
    if (open && typeof open.count === 'number' && count !== 'unknown') gaps.put({ ...open, count: open.count + count })
    else gaps.put({ profileId, id: `${cursor.epoch}:${cursor.seq}`, at: now, count, dismissed: 0 } satisfies GapNotice)
  }
}
