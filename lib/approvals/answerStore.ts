import type { Database } from '../database/open.ts'
import type { InboxMessage } from '../inbox/model.ts'
import { type AnswerOutcome, type AnswerRow, type ApprovalRow, isOpen, type Verdict } from './model.ts'
import { decided } from './store.ts'

/** Enough of a message to know it again in the list of decisions. */
const KEPT_CHARACTERS = 300
/** Of one conversation and look: more is not read by anybody within the life of a request. */
const MOST_MESSAGES = 2_000

type Answered = { message: InboxMessage; rows: ApprovalRow[]; outcome: AnswerOutcome }

/**
 * An answer that decides: the decision, the record of it and the message taken off the unread ones, all or nothing. False when somebody else
 * was faster or the message has been looked at before. client:APR13, APR15
 */
export async function decideByAnswer(
  db: Database,
  row: ApprovalRow,
  verdict: Verdict,
  message: InboxMessage,
  now: number,
): Promise<boolean> {
  const transaction = db.transaction(['approvals', 'answers', 'messages', 'conversations'], 'readwrite')
  const approvals = transaction.objectStore('approvals')
  const answers = transaction.objectStore('answers')
  const current = await approvals.get([row.profileId, row.id])
  const seen = await answers.getKey([message.profileId, message.id])
  const wins = current !== undefined && seen === undefined && isOpen(current, now)
  if (wins) {
    await approvals.put(decided(current, verdict, now))
    await answers.add(record({ message, rows: [row], outcome: verdict.decision === 'allow' ? 'allowed' : 'denied' }, now))
    await consume(transaction.objectStore('messages'), transaction.objectStore('conversations'), message, row.id)
  }
  await transaction.done
  return wins
}

/** What did not decide anything is remembered too, and some of it is nothing for automation either. client:APR15 */
export async function noteAnswer(db: Database, answered: Answered, now: number): Promise<void> {
  const { message, rows, outcome } = answered
  const transaction = db.transaction(['answers', 'messages', 'conversations'], 'readwrite')
  await transaction.objectStore('answers').put(record(answered, now))
  const [row] = rows
  if (row && outcome !== 'reminded' && outcome !== 'ignored')
    await consume(transaction.objectStore('messages'), transaction.objectStore('conversations'), message, row.id)
  await transaction.done
}

type Store<V> = { get(key: [string, string]): Promise<V | undefined>; put(value: V): Promise<unknown> }
type Counted = { profileId: string; id: string; unread: number }

/** The message is an answer and nothing else: marked as such, and read. */
async function consume<C extends Counted>(
  messages: Store<InboxMessage>,
  conversations: Store<C>,
  { profileId, id, conversationId }: InboxMessage,
  approvalId: string,
): Promise<void> {
  const message = await messages.get([profileId, id])
  if (!message) return
  await messages.put({ ...message, approvalId, read: 1 })
  const conversation = message.read === 0 ? await conversations.get([profileId, conversationId]) : undefined
  if (conversation) await conversations.put({ ...conversation, unread: Math.max(0, conversation.unread - 1) })
}

function record({ message, rows, outcome }: Answered, at: number): AnswerRow {
  const { profileId, id: messageId, from, content, channelType } = message
  const text = content.slice(0, KEPT_CHARACTERS)
  return { profileId, messageId, approvalIds: rows.map(({ id }) => id), outcome, from, text, channelType, at }
}

/** Messages of these requests' conversations, and those named, that nobody has looked at yet; in the order they were said. */
export async function readUnlooked(
  db: Database,
  profileId: string,
  rows: readonly ApprovalRow[],
  arrived: readonly string[],
): Promise<InboxMessage[]> {
  const since = new Map<string, number>()
  for (const { asked, createdAt } of rows)
    if (asked) since.set(asked.conversationId, Math.min(createdAt, since.get(asked.conversationId) ?? createdAt))
  const transaction = db.transaction(['messages', 'answers'])
  const messages = transaction.objectStore('messages')
  const found = new Map<string, InboxMessage>()
  for (const [conversationId, from] of since) {
    const later = IDBKeyRange.bound([profileId, conversationId, from], [profileId, conversationId, []])
    for (const message of await messages.index('conversation').getAll(later, MOST_MESSAGES)) found.set(message.id, message)
  }
  for (const id of arrived) {
    const message = found.has(id) ? undefined : await messages.get([profileId, id])
    if (message) found.set(id, message)
  }
  const answers = transaction.objectStore('answers')
  for (const id of [...found.keys()]) if ((await answers.getKey([profileId, id])) !== undefined) found.delete(id)
  return [...found.values()].sort((a, b) => a.seq - b.seq)
}
