import type { Database } from '../database/open.ts'
import type { ChaosDatabase } from '../database/schema.ts'
import type { Conversation, Draft, GapNotice, Mark, Reply, Scheduled } from './model.ts'

/** `lastReply` is set when our own reply is the newest item. */
export type ConversationRow = Conversation & { draft?: string; lastReply?: Reply; mark?: Mark }

/** All conversations of a profile: what is pinned, then newest first. client:MRK1, SNZ2 */
export async function listConversations(db: Database, profileId: string): Promise<ConversationRow[]> {
  const transaction = db.transaction(['conversations', 'drafts', 'replies', 'marks'])
  const [conversations, drafts, marks] = await Promise.all([
    transaction.objectStore('conversations').index('recent').getAll(within(profileId)),
    transaction.objectStore('drafts').getAll(within(profileId)),
    transaction.objectStore('marks').getAll(within(profileId)),
  ])
  const markOf = new Map(marks.map((mark) => [mark.conversationId, mark]))
  const draftOf = new Map(drafts.map((draft) => [draft.conversationId, draft.text]))
  const replies = transaction.objectStore('replies')
  const rows = conversations.map(async (conversation): Promise<ConversationRow> => {
    const draft = draftOf.get(conversation.id)
    const lastReply = conversation.lastReplyId === undefined ? undefined : await replies.get(conversation.lastReplyId)
    const mark = markOf.get(conversation.id)
    return { ...conversation, ...(draft && { draft }), ...(lastReply && { lastReply }), ...(mark && { mark }) }
  })
  return (await Promise.all(rows)).reverse().sort(byPlace)
}

function byPlace(a: ConversationRow, b: ConversationRow): number {
  const pinned = Number(b.mark?.pinnedAt !== undefined) - Number(a.mark?.pinnedAt !== undefined)
  return pinned || placeOf(b) - placeOf(a)
}

/** One that came back from a snooze stands where it came back, not where it was. */
function placeOf({ lastAt, mark }: ConversationRow): number {
  return Math.max(lastAt, mark?.returnedAt ?? 0)
}

export async function readMark(db: Database, profileId: string, conversationId: string): Promise<Mark | undefined> {
  return db.get('marks', [profileId, conversationId])
}

export async function readConversation(db: Database, profileId: string, id: string): Promise<Conversation | undefined> {
  return db.get('conversations', [profileId, id])
}

/** Our replies in a conversation that the relay could not be given yet; 0 while nothing is wrong. client:OBX2 */
export async function countWaiting(db: Database, profileId: string, conversationId: string): Promise<number> {
  const waiting = await db.getAllFromIndex('replies', 'state', IDBKeyRange.only([profileId, 'sending']))
  if (!waiting.some(({ trouble }) => trouble !== undefined)) return 0
  return waiting.filter((reply) => reply.conversationId === conversationId).length
}

/** What is to be sent in a conversation, the next first. client:SCH1 */
export async function listScheduled(db: Database, profileId: string, conversationId: string): Promise<Scheduled[]> {
  const all = IDBKeyRange.bound([profileId, conversationId], [profileId, conversationId, []])
  return (await db.getAll('scheduled', all)).sort((a, b) => a.sendAt - b.sendAt || a.createdAt - b.createdAt)
}

/** client:CRP5 */
export async function readDraft(db: Database, profileId: string, conversationId: string): Promise<Draft | undefined> {
  return db.get('drafts', [profileId, conversationId])
}

/** Gap notices the reader has not dismissed, oldest first. client:CDD6 */
export async function listGaps(db: Database, profileId: string): Promise<GapNotice[]> {
  const gaps = await db.getAll('gaps', within(profileId))
  return gaps.filter((gap) => gap.dismissed === 0).sort((a, b) => a.at - b.at)
}

export async function readFile(
  db: Database,
  profileId: string,
  messageId: string,
  attachmentId: string,
): Promise<ChaosDatabase['files']['value'] | undefined> {
  return db.get('files', [profileId, messageId, attachmentId])
}

/** Every key that begins with this profile. */
function within(profileId: string): IDBKeyRange {
  return IDBKeyRange.bound([profileId], [profileId, []])
}
