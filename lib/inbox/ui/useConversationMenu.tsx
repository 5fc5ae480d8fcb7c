import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { channelName } from '../../ui/channelName.ts'
import type { MenuItem } from '../../ui/Menu.tsx'
import { useCopied } from '../../ui/useCopied.ts'
import type { ConversationRow } from '../queries.ts'
import { conversationMarkdown } from './asMarkdown.ts'
import { conversationItems } from './conversationItems.ts'
import { useHost } from './host.ts'
import { PickTime } from './PickTime.tsx'
import { useMarking } from './useMarking.ts'
import { useTakeOver } from './useTakeOver.ts'

type Options = {
  now: number
  /** The conversation left the inbox or this browser. */
  onGone: (row: ConversationRow) => void
}

/** The menu of a conversation, and what some of its items ask first. */
export function useConversationMenu(
  row: ConversationRow,
  { now, onGone }: Options,
): { items: MenuItem[]; dialog: ComponentChildren; copied: boolean } {
  const { db, profileId, chores } = useHost()
  const [asking, setAsking] = useState<'remove' | 'time' | { taken: boolean }>()
  const marking = useMarking(onGone)
  const close = (): void => setAsking(undefined)
  const remove = useAction(async () => {
    await chores.removeConversation({ profileId, conversationId: row.id })
    onGone(row)
    close()
  })
  const snooze = useAction(async (until: number) => {
    await marking.mark(row, { snoozedUntil: until }, 'snooze')
    close()
  })
  const { copied, copy } = useCopied()
  const takeOver = useTakeOver(row)
  /** Done at once; what did not work is said, with a way to try it again. */
  const setTaken = async (taken: boolean): Promise<void> => setAsking((await takeOver.change.run(taken)) ? undefined : { taken })
  return {
    copied,
    items: conversationItems(row, {
      marking,
      now,
      pickTime: () => setAsking('time'),
      copy: () => void copy(conversationMarkdown(db, row)),
      askRemove: () => setAsking('remove'),
      takeOver: { taken: takeOver.taken, toggle: () => void setTaken(!takeOver.taken) },
    }),
    dialog:
      asking === 'remove' ? (
        <ConfirmDialog
          title={i18n.t('thread.remove.title')}
          confirm={i18n.t('thread.remove.confirm')}
          danger
          busy={remove.busy}
          failure={remove.failure}
          onConfirm={() => void remove.run()}
          onCancel={close}
        >
          <p>{i18n.t('thread.remove.text', { name: channelName(row.channelType) })}</p>
        </ConfirmDialog>
      ) : typeof asking === 'object' && asking.taken !== takeOver.taken ? (
        <ConfirmDialog
          title={i18n.t(asking.taken ? 'takeOver.notTaken' : 'takeOver.notBack')}
          confirm={i18n.t('app.tryAgain')}
          busy={takeOver.change.busy}
          failure={takeOver.change.failure}
          onConfirm={() => void setTaken(asking.taken)}
          onCancel={close}
        >
          <p>{i18n.t(asking.taken ? 'takeOver.stillAgents' : 'takeOver.stillTaken')}</p>
        </ConfirmDialog>
      ) : asking === 'time' ? (
        <PickTime now={now} action={snooze} onCancel={close} />
      ) : undefined,
  }
}
