import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import type { Conversation } from '../model.ts'
import { isTakenOver } from '../takenOver.ts'
import { useHost } from './host.ts'

/** Whether the owner answers this conversation alone, and what changes it. client:TKO1 */
export function useTakeOver(row: Conversation | undefined) {
  const { channels, takeOver } = useHost()
  const announce = useAnnounce()
  const taken =
    row &&
    isTakenOver(
      channels?.find(({ id }) => id === row.channelId),
      row,
    )
  // What is wanted is said, and not "the other": an answer that was lost may have been a yes.
  const change = useAction(async (wanted: boolean) => {
    if (!row) return
    await takeOver(row, wanted)
    announce(i18n.t(wanted ? 'takeOver.said' : 'takeOver.saidBack'))
  })
  return { taken, change }
}
