import type { browser } from 'wxt/browser'
import { type Approvals, createApprovals } from '../approvals/service.ts'
import type { Database } from '../database/open.ts'
import { createWriting } from '../inbox/writing.ts'
import type { Changes } from '../messaging/changes.ts'
import type { Caller } from '../messaging/define.ts'
import type { socketMessages } from '../relay/socketMessages.ts'
import type { createApprovalNotices } from './approvalNotices.ts'

/** Before the id of a profile: when something of its approvals is due. */
export const APPROVALS_ALARM = 'approvals:'

/** The worker's approvals on what the other features have: channels, replies, sockets, notifications, alarms. */
export function wireApprovals({
  db,
  now,
  alarms,
  changes,
  sockets,
  notices,
  refreshChannels,
  onRead,
}: {
  db: Database
  now: () => number
  alarms: (typeof browser)['alarms']
  changes: Changes
  sockets: Caller<typeof socketMessages.table>
  notices: ReturnType<typeof createApprovalNotices>
  refreshChannels: (profileId: string) => Promise<unknown>
  onRead: () => Promise<void>
}): Approvals {
  const writing = createWriting({ db, now })
  const known = async (profileId: string, channelId: string) => (await db.get('channels', [profileId, channelId]))?.config
  return createApprovals({
    db,
    now,
    notices,
    onRead,
    tell: changes.tell,
    async channelOf(profileId, channelId) {
      const channel = await known(profileId, channelId)
      if (channel) return channel
      // Just made, or this browser has only just started.
      await refreshChannels(profileId).catch(() => undefined)
      return known(profileId, channelId)
    },
    async say(what) {
      const { profileId, conversationId } = await writing.say(what)
      changes.tell({ topic: 'replies', profileId, conversationId })
      void sockets.flush({ profileId }).catch(() => undefined)
    },
    async discard(clientId) {
      const reply = await writing.discard(clientId)
      if (reply) changes.tell({ topic: 'replies', profileId: reply.profileId, conversationId: reply.conversationId })
    },
    // Not awaited: the decision is stored, and a document that cannot be reached hands it over at its next connection.
    hand: (profileId) => void sockets.handDecisions({ profileId }).catch(() => undefined),
    wakeAt: (profileId, when) => alarms.create(`${APPROVALS_ALARM}${profileId}`, { when }),
  })
}
