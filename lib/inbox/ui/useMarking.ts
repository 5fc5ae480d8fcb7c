import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import type { MarkChange } from '../marking.ts'
import type { ConversationRow } from '../queries.ts'
import { isAway, standingOf } from '../standing.ts'
import { useHost } from './host.ts'

/** What one key does, and undoes. */
export type Toggle = 'read' | 'pin' | 'archive'
type Said = 'pin' | 'unpin' | 'archive' | 'restore' | 'snooze' | 'wake' | 'mute' | 'unmute'
export type Marking = ReturnType<typeof useMarking>

/**
 * Marks a conversation as the reader wants, and says what has been done, since the row may be gone by then. `onGone` runs when it left
 * the inbox, or is not to be seen as read. client:MRK5
 */
export function useMarking(onGone: (row: ConversationRow) => void) {
  const { profileId, inbox, settings, changeSettings } = useHost()
  const announce = useAnnounce()

  async function mark(row: ConversationRow, change: MarkChange, said: Said): Promise<void> {
    const before = isAway(standingOf(row.mark, row, Date.now()))
    await inbox.mark({ profileId, conversationId: row.id, change })
    announce(i18n.t(`marks.said.${said}`))
    if (!before && (change.archived || change.snoozedUntil)) onGone(row)
  }

  return {
    mark,
    async toggle(row: ConversationRow, what: Toggle): Promise<void> {
      const conversation = { profileId, conversationId: row.id }
      const standing = standingOf(row.mark, row, Date.now())
      if (what === 'pin') return mark(row, { pinned: !standing.pinned }, standing.pinned ? 'unpin' : 'pin')
      if (what === 'archive') {
        if (isAway(standing)) return mark(row, { archived: false, snoozedUntil: 0 }, 'restore')
        return mark(row, { archived: true }, 'archive')
      }
      if (row.unread > 0) await inbox.markRead(conversation)
      else {
        await inbox.markUnread(conversation)
        onGone(row)
      }
      announce(i18n.t(row.unread > 0 ? 'marks.said.read' : 'marks.said.unread'))
    },
    isChannelMuted: ({ channelId }: ConversationRow): boolean => settings?.mutedChannels.includes(channelId) ?? false,
    async muteChannel({ channelId }: ConversationRow): Promise<void> {
      const muted = settings?.mutedChannels ?? []
      const others = muted.filter((id) => id !== channelId)
      await changeSettings({ mutedChannels: others.length < muted.length ? others : [...others, channelId] })
    },
  }
}
