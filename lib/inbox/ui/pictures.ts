import type { Attachment } from '#protocol/message.ts'
import type { Database } from '../../database/open.ts'
import type { InboxMessage } from '../model.ts'
import { mayShow } from './files.ts'

export type Shown = { message: InboxMessage; file: Attachment }
export type Direction = 'earlier' | 'later'

/** The next picture of a conversation on one side of another, however far away. client:PIC2 */
export async function nextPicture(
  db: Database,
  { message, file }: Shown,
  direction: Direction,
  signal: AbortSignal,
): Promise<Shown | undefined> {
  const step = direction === 'later' ? 1 : -1
  const own = picturesOf(message)
  const beside = own[own.findIndex(({ id }) => id === file.id) + step]
  if (beside) return { message, file: beside }
  const thread = [message.profileId, message.conversationId]
  const here = [...thread, message.at, message.seq]
  const range =
    direction === 'later' ? IDBKeyRange.bound(here, [...thread, []], true) : IDBKeyRange.bound(thread, here, false, true)
  const index = db.transaction('messages').store.index('conversation')
  let cursor = await index.openCursor(range, direction === 'later' ? 'next' : 'prev')
  for (; cursor && !signal.aborted; cursor = await cursor.continue()) {
    const found = picturesOf(cursor.value).at(direction === 'later' ? 0 : -1)
    if (found) return { message: cursor.value, file: found }
  }
  return undefined
}

function picturesOf({ attachments }: InboxMessage): Attachment[] {
  return attachments.filter((file) => file.role !== 'html' && mayShow(file))
}
