import type { Database } from '../database/open.ts'
import type { ApprovalRow } from './model.ts'
import { noteAsked } from './store.ts'
import { promptText } from './words.ts'

/** client:APR6 */
export const ACK_WITHIN_MS = 30_000

/** Stores a reply in a conversation, once per clientId. Throws Failure when the conversation takes none. */
export type Say = (what: {
  profileId: string
  conversationId: string
  clientId: string
  content: string
  /** Of the prompt: whoever asked is told how far it got. */
  approvalId?: string
}) => Promise<void>

/** Asks in the conversation, and refuses what cannot be asked there. client:APR5, APR6 */
export function createPrompting({
  db,
  now,
  say,
  discard,
  refuse,
}: {
  db: Database
  now: () => number
  say: Say
  discard: (clientId: string) => Promise<unknown>
  refuse: (row: ApprovalRow, why: string) => Promise<void>
}) {
  async function prompt(row: ApprovalRow, { promptId, conversationId }: NonNullable<ApprovalRow['asked']>): Promise<void> {
    const { profileId, id } = row
    await say({ profileId, conversationId, clientId: promptId, content: promptText(row, now()), approvalId: id })
    await noteAsked(db, row, 'told')
  }

  return {
    /** When to look again for an acknowledgement. */
    async follow(row: ApprovalRow): Promise<number[]> {
      const { asked } = row
      if (!asked) return []
      if (!asked.told) {
        try {
          await prompt(row, asked)
        } catch (error) {
          await refuse(row, error instanceof Error ? error.message : String(error))
          return []
        }
      }
      const reply = await db.get('replies', asked.promptId)
      const due = asked.at + ACK_WITHIN_MS
      if (reply?.state === 'sending' && due > now()) return [due]
      if (reply?.state !== 'failed' && reply?.state !== 'sending') return []
      // A question nobody needs to answer any more must not go out later.
      await discard(asked.promptId)
      await refuse(row, reply.state === 'failed' ? reply.reason : 'the relay did not take the question within 30 s.')
      return []
    },
  }
}
