import type { IDBPIndex } from 'idb'
import type { Database } from '../database/open.ts'
import type { ChaosDatabase } from '../database/schema.ts'
import type { InboxMessage } from './model.ts'
import type { ThreadItem } from './thread.ts'

/** A message with what it was edited to, or an edit whose message is not here, with the later ones of the same. client:EDT1, EDT3 */
type Head = { head: InboxMessage; edits: InboxMessage[] }
type Index = IDBPIndex<ChaosDatabase, ['messages'], 'messages', 'platformId' | 'slackTs'>

/** Puts each edit behind the message it edits: it stands where that stands, and nowhere else. client:EDT1 */
export async function gatherEdits(db: Database, items: readonly ThreadItem[]): Promise<ThreadItem[]> {
  const { store } = db.transaction('messages')
  const indexes = { platformId: store.index('platformId'), slackTs: store.index('slackTs') }
  const gathered = items.map(async (item): Promise<ThreadItem[]> => {
    if (item.kind === 'reply') return [item]
    const { head, edits } = await headOf(indexes, item.message)
    if (head.id !== item.message.id) return []
    return [edits.length > 0 ? { ...item, edits } : item]
  })
  return (await Promise.all(gathered)).flat()
}

/** The id of the message under which this one is shown. client:EDT4 */
export async function shownUnder(db: Database, message: InboxMessage): Promise<InboxMessage> {
  const { store } = db.transaction('messages')
  return (await headOf({ platformId: store.index('platformId'), slackTs: store.index('slackTs') }, message)).head
}

/** The words and files of a message as they are now: an edit that brings no files leaves those there were. client:EDT1 */
export function newestOf(head: InboxMessage, edits: readonly InboxMessage[] = []): InboxMessage {
  const all = inOrder([head, ...edits])
  const newest = all.at(-1) ?? head
  return newest.attachments.length > 0 ? newest : { ...newest, ...filesOf(all) }
}

/** What it said before, the oldest first. client:EDT2 */
export function earlierOf(head: InboxMessage, edits: readonly InboxMessage[] = []): InboxMessage[] {
  return inOrder([head, ...edits]).slice(0, -1)
}

/** Whether the platform calls it an edit. Others write into `metadata` what they like, and mail is not edited. client:EDT3 */
export function isEdit(message: Pick<InboxMessage, 'channelType' | 'metadata'>): boolean {
  return message.metadata.edited === true && nameOf(message) !== undefined
}

/** Files are fetched by the message they came with. */
function filesOf(all: readonly InboxMessage[]): Partial<Pick<InboxMessage, 'id' | 'attachments'>> {
  const last = all.findLast(({ attachments }) => attachments.length > 0)
  return last ? { id: last.id, attachments: last.attachments } : {}
}

async function headOf(indexes: Record<Name['index'], Index>, message: InboxMessage): Promise<Head> {
  const { profileId, conversationId } = message
  const name = nameOf(message)
  if (!name) return { head: message, edits: [] }
  const same = (await indexes[name.index].getAll([profileId, conversationId, name.value])).filter(isWritten)
  const ordered = inOrder(same)
  const head = ordered.find(({ metadata }) => metadata.edited !== true) ?? ordered[0]
  if (!head || !isWritten(message)) return { head: message, edits: [] }
  // A platform that repeats itself under one name without calling it an edit: each stands for itself.
  if (message.metadata.edited !== true) return { head: message, edits: message.id === head.id ? editsIn(ordered, head) : [] }
  return { head, edits: editsIn(ordered, head) }
}

function editsIn(ordered: readonly InboxMessage[], head: InboxMessage): InboxMessage[] {
  return ordered.filter(({ id, metadata }) => id !== head.id && metadata.edited === true)
}

/** Pressing a button comes under the name of the message it stands below. relay:CUR11 */
function isWritten({ metadata }: InboxMessage): boolean {
  return metadata.callbackQueryId === undefined && metadata.interactionId === undefined
}

type Name = { index: 'platformId' | 'slackTs'; value: string }

/** What its platform calls a message, edits included. */
function nameOf({ channelType, metadata }: Pick<InboxMessage, 'channelType' | 'metadata'>): Name | undefined {
  switch (channelType) {
    case 'telegram':
    case 'discord':
      return typeof metadata.messageId === 'string' ? { index: 'platformId', value: metadata.messageId } : undefined
    case 'slack':
      return typeof metadata.messageTs === 'string' ? { index: 'slackTs', value: metadata.messageTs } : undefined
    default:
      return undefined
  }
}

function inOrder(messages: readonly InboxMessage[]): InboxMessage[] {
  return messages.toSorted((a, b) => a.at - b.at || a.seq - b.seq)
}
