import type { InboxMessage, Reply } from '../model.ts'
import { fold } from './fold.ts'
import type { Columns } from './model.ts'

export function noColumns(): Columns {
  return { ids: [], ours: [], at: [], from: [], conversations: [], files: [], texts: [] }
}

/** What someone wrote is found by its words, its sender, its subject and the names of its files. client:SRC1 */
export function addMessage(to: Columns, { id, at, from, conversationId, content, metadata, attachments }: InboxMessage): void {
  const files = attachments.filter(({ role }) => role !== 'html')
  const subject = typeof metadata.subject === 'string' ? metadata.subject : ''
  to.ids.push(id)
  to.ours.push(false)
  to.at.push(at)
  to.from.push(fold(from))
  to.conversations.push(conversationId)
  to.files.push(files.length > 0)
  to.texts.push(fold([content, from, subject, ...files.map(({ filename }) => filename)].join('\n')))
}

export function addReply(to: Columns, { clientId, createdAt, conversationId, content, attachments, elsewhere }: Reply): void {
  to.ids.push(clientId)
  to.ours.push(true)
  to.at.push(createdAt)
  to.from.push(elsewhere === 'agent' ? elsewhere : '')
  to.conversations.push(conversationId)
  to.files.push(attachments.length > 0)
  to.texts.push(fold([content, ...attachments.map(({ filename }) => filename)].join('\n')))
}

/** The same done to every column. */
export function mapColumns(all: Columns, change: <T>(column: T[], name: keyof Columns) => T[]): Columns {
  return {
    ids: change(all.ids, 'ids'),
    ours: change(all.ours, 'ours'),
    at: change(all.at, 'at'),
    from: change(all.from, 'from'),
    conversations: change(all.conversations, 'conversations'),
    files: change(all.files, 'files'),
    texts: change(all.texts, 'texts'),
  }
}
