import type { AdminChannel, AdminRecent, AdminSession } from '#protocol/admin.ts'
import type { ChannelHost } from '../channels/port.ts'
import type { SessionOverview } from '../store/operatorPort.ts'
import type { Store } from '../store/port.ts'
import type { Hub } from '../ws/hub.ts'
import { toAdminChannel } from './channels.ts'
import { preview } from './preview.ts'

/** relay:ADM6 */
const PREVIEW_CHARACTERS = 100
const RECENT_MESSAGES = 30

export type AdminFacts = ReturnType<typeof createAdminFacts>

/** On pages channels have their names too, and sessions say whether they have a key. */
export type ShownChannel = AdminChannel & { name?: string }
export type ShownSession = Omit<AdminSession, 'channels'> & Pick<SessionOverview, 'keyed' | 'stored'> & { channels: ShownChannel[] }

/** What the operator's answers and pages are made of. `unackedDropped` counts since the start. relay:ADM6, CUR10 */
export function createAdminFacts({
  store,
  host,
  hub,
  unackedDropped,
}: {
  store: Pick<Store, 'inbox' | 'maintenance'>
  host: Pick<ChannelHost, 'list' | 'view'>
  hub: Pick<Hub, 'countOf'>
  unackedDropped: (userId: string) => number
}) {
  const views = (userId: string) => host.list(userId).map((channel) => host.view(channel, ''))

  function session({ userId, createdAt, unacked }: SessionOverview): AdminSession {
    return {
      userId,
      createdAt: new Date(createdAt).toISOString(),
      wsConnections: hub.countOf(userId),
      unacked,
      dropped: unackedDropped(userId),
      channels: views(userId).map(toAdminChannel),
    }
  }

  return {
    session,
    shown: (overview: SessionOverview): ShownSession => ({
      ...session(overview),
      keyed: overview.keyed,
      stored: overview.stored,
      channels: views(overview.userId).map((view) => ({
        ...toAdminChannel(view),
        ...(view.name !== undefined && { name: view.name }),
      })),
    }),
    async recentMessages(): Promise<AdminRecent[]> {
      const messages = await store.inbox.recent(RECENT_MESSAGES)
      return messages.map(({ id, seq, userId, channelType, channelId, from, content, timestamp }) => ({
        id,
        seq,
        userId,
        channelType,
        channelId,
        from,
        content: preview(content, PREVIEW_CHARACTERS),
        timestamp,
      }))
    },
    /** Whether the store takes a write. */
    async writable(): Promise<boolean> {
      try {
        await store.maintenance.probe()
        return true
      } catch {
        return false
      }
    },
  }
}
