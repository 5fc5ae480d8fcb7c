import type { Database } from '../database/open.ts'
import type { Change } from '../messaging/changes.ts'
import type { Handlers } from '../messaging/define.ts'
import type { Timers } from '../platform/timers.ts'
import type { FetchFile } from './fetchFile.ts'
import { changeMark } from './marking.ts'
import type { inboxMessages } from './messages.ts'
import type { Reply } from './model.ts'
import { isObserved } from './observed.ts'
import { createReading } from './reading.ts'
import { createWriting } from './writing.ts'

/** What pages may ask of the inbox. client §9, §12 */
export function createInboxHandlers({
  db,
  timers,
  tell,
  fetchFile,
  flush,
  typing,
  onRead,
}: {
  db: Database
  timers: Timers
  tell: (change: Change) => void
  fetchFile: FetchFile
  /** Replies wait to be handed to the relay. */
  flush: (profileId: string) => void
  typing: (profileId: string, channelId: string, channelType: string) => Promise<unknown>
  /** The unread count went down. */
  onRead: (profileId: string, conversationId: string) => Promise<void>
}): Handlers<typeof inboxMessages.table> {
  const writing = createWriting({ db, now: timers.now })
  const reading = createReading({ db })

  function written({ profileId, conversationId, clientId }: Reply): { clientId: string } {
    tell({ topic: 'replies', profileId, conversationId })
    tell({ topic: 'drafts', profileId, conversationId })
    flush(profileId)
    return { clientId }
  }

  async function unreadChanged(profileId: string, conversationId: string): Promise<void> {
    tell({ topic: 'messages', profileId, conversationId })
    await onRead(profileId, conversationId)
  }

  return {
    send: async (wanted) => written(await writing.write(wanted)),
    retry: async ({ clientId }) => written(await writing.retry(clientId)),
    async discard({ clientId }) {
      const reply = await writing.discard(clientId)
      if (reply) tell({ topic: 'replies', profileId: reply.profileId, conversationId: reply.conversationId })
    },
    async markRead({ profileId, conversationId }) {
      await reading.markRead(profileId, conversationId)
      await unreadChanged(profileId, conversationId)
    },
    async markUnread({ profileId, conversationId }) {
      await reading.markUnread(profileId, conversationId)
      await unreadChanged(profileId, conversationId)
    },
    async mark({ profileId, conversationId, change }) {
      await changeMark(db, { profileId, conversationId }, change, timers.now())
      tell({ topic: 'marks', profileId, conversationId })
      await onRead(profileId, conversationId)
    },
    async saveDraft({ profileId, conversationId, text }) {
      await writing.saveDraft(profileId, conversationId, text)
      tell({ topic: 'drafts', profileId, conversationId })
    },
    async typing({ profileId, conversationId }) {
      const conversation = await db.get('conversations', [profileId, conversationId])
      // client:CRP6: whether the other side sees it is nothing to bother the writer with.
      if (conversation && !(await isObserved(db, profileId, conversation.channelId)))
        await typing(profileId, conversation.channelId, conversation.channelType).catch(() => undefined)
    },
    fetchFile: ({ profileId, messageId, attachmentId }) => fetchFile(profileId, messageId, attachmentId),
  }
}
