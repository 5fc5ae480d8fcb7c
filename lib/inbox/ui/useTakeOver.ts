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
  const change = useAction(async () => {
    if (!row || taken === undefined) return
    await takeOver(row, !taken)
    announce(i18n.t(taken ? 'takeOver.saidBack' : 'takeOver.said'))
  })
  return { taken, change }
}
