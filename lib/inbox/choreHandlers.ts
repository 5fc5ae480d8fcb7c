import type { Database } from '../database/open.ts'
import type { Change } from '../messaging/changes.ts'
import type { Handlers } from '../messaging/define.ts'
import { saveAway } from './awayRecord.ts'
import { cleanUp } from './cleanUp.ts'
import { clipKey } from './clipStore.ts'
import { dismissGap } from './gaps.ts'
import type { choreMessages } from './messages.ts'
import { createRemoving } from './removing.ts'

/** What pages may ask of the script that does the chores. client:CDD6, CDD9, CDD10, RCH4 */
export function createChoreHandlers({
  db,
  tell,
  onRemoved,
}: {
  db: Database
  tell: (change: Change) => void
  /** Badge and notifications may be less now. */
  onRemoved: (profileId: string, conversationId: string) => void
}): Handlers<typeof choreMessages.table> {
  const removing = createRemoving({ db })

  function removed(profileId: string, conversationId: string): void {
    for (const topic of ['messages', 'scheduled'] as const) tell({ topic, profileId, conversationId })
    onRemoved(profileId, conversationId)
  }

  return {
    async cleanUp() {
      const freed = await cleanUp(db)
      for (const profileId of await db.getAllKeys('profiles')) tell({ topic: 'messages', profileId })
      for (const { profileId, storageFull } of await db.getAll('connections')) if (storageFull) tell({ topic: 'room', profileId })
      return freed
    },
    async setAway({ profileId, channelId, away }) {
      await saveAway(db, profileId, channelId, away)
      tell({ topic: 'automations', profileId })
    },
    async removeMessage({ profileId, messageId }) {
      const conversationId = await removing.removeMessage(profileId, messageId)
      if (conversationId !== undefined) removed(profileId, conversationId)
    },
    async removeConversation({ profileId, conversationId }) {
      await removing.removeConversation(profileId, conversationId)
      removed(profileId, conversationId)
    },
    dropClip: ({ id }) => db.delete('settings', clipKey(id)),
    async dismissGap({ profileId, id }) {
      await dismissGap(db, profileId, id)
      tell({ topic: 'gaps', profileId })
    },
  }
}
