import type { Database } from '../database/open.ts'
import type { Change } from '../messaging/changes.ts'
import type { Handlers } from '../messaging/define.ts'
import { saveAway } from './awayRecord.ts'
import { cleanUp } from './cleanUp.ts'
import { dismissGap } from './gaps.ts'
import type { choreMessages } from './messages.ts'

/** What pages may ask of the script that does the chores. client:CDD6, CDD9, CDD10 */
export function createChoreHandlers({
  db,
  tell,
}: {
  db: Database
  tell: (change: Change) => void
}): Handlers<typeof choreMessages.table> {
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
    async dismissGap({ profileId, id }) {
      await dismissGap(db, profileId, id)
      tell({ topic: 'gaps', profileId })
    },
  }
}
