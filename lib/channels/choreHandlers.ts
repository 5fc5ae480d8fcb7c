import type { Database } from '../database/open.ts'
import type { Change } from '../messaging/changes.ts'
import type { Handlers } from '../messaging/define.ts'
import type { channelChoreMessages } from './messages.ts'

/** What pages may ask about channels of the script that does the chores. client:WIZ7 */
export function createChannelChores({
  db,
  tell,
}: {
  db: Database
  tell: (change: Change) => void
}): Handlers<typeof channelChoreMessages.table> {
  return {
    async dismissStep({ profileId, channelId }) {
      const transaction = db.transaction('steps', 'readwrite')
      const step = await transaction.store.get([profileId, channelId])
      if (step) await transaction.store.put({ ...step, dismissed: 1 })
      await transaction.done
      tell({ topic: 'steps', profileId })
    },
  }
}
