import { i18n } from '#i18n'
import type { MenuItem } from '../../ui/Menu.tsx'
import { soonTime } from '../../ui/time.ts'
import type { ConversationRow } from '../queries.ts'
import { isAway, standingOf } from '../standing.ts'
import { FOR_GOOD, MUTE_TIMES, snoozeTimes } from './snoozeTimes.ts'
import type { Marking } from './useMarking.ts'

type Needs = {
  marking: Marking
  now: number
  pickTime: () => void
  copy: () => void
  askRemove: () => void
  /** `taken` undefined: cannot be chosen. client:TKO1 */
  takeOver: { taken: boolean | undefined; toggle: () => void }
}
export type Part = 'snooze' | 'mute'

/** What can be done with a conversation, wherever a menu of it opens; with the key that does the same. client:MRK5 */
export function conversationItems(row: ConversationRow, { marking, now, pickTime, copy, askRemove, takeOver }: Needs): MenuItem[] {
  const standing = standingOf(row.mark, row, now)
  const run = (job: Promise<void>): void => void job.catch(() => undefined)
  return [
    {
      label: i18n.t(row.unread > 0 ? 'marks.read' : 'marks.unread'),
      hint: 'U',
      act: () => run(marking.toggle(row, 'read')),
    },
    { label: i18n.t(standing.pinned ? 'marks.unpin' : 'marks.pin'), hint: 'P', act: () => run(marking.toggle(row, 'pin')) },
    {
      label: i18n.t(isAway(standing) ? 'marks.restore' : 'marks.archive'),
      hint: 'E',
      act: () => run(marking.toggle(row, 'archive')),
    },
    standing.snoozedUntil !== undefined
      ? { label: i18n.t('marks.wake'), act: () => run(marking.mark(row, { snoozedUntil: 0 }, 'wake')) }
      : {
          label: i18n.t('marks.snooze'),
          hint: 'S',
          items: [
            ...snoozeTimes(now).map(({ name, at }) => ({
              label: i18n.t(`marks.until.${name}`),
              hint: soonTime(at, now),
              act: () => run(marking.mark(row, { snoozedUntil: at }, 'snooze')),
            })),
            { label: i18n.t('marks.until.pick'), act: pickTime },
          ],
        },
    standing.muted
      ? { label: i18n.t('marks.unmute'), act: () => run(marking.mark(row, { mutedUntil: 0 }, 'unmute')) }
      : {
          label: i18n.t('marks.mute'),
          hint: 'M',
          items: [
            ...MUTE_TIMES.map(([name, ms]) => ({
              label: i18n.t(`marks.for.${name}`),
              act: () => run(marking.mark(row, { mutedUntil: now + ms }, 'mute')),
            })),
            { label: i18n.t('marks.for.good'), act: () => run(marking.mark(row, { mutedUntil: FOR_GOOD }, 'mute')) },
          ],
        },
    {
      label: i18n.t(marking.isChannelMuted(row) ? 'thread.menu.unmute' : 'thread.menu.mute'),
      act: () => run(marking.muteChannel(row)),
    },
    ...(takeOver.taken === undefined
      ? []
      : [{ label: i18n.t(takeOver.taken ? 'takeOver.back' : 'takeOver.take'), act: takeOver.toggle }]),
    { label: i18n.t('copying.copy'), act: copy },
    { label: i18n.t('thread.menu.remove'), act: askRemove, danger: true },
  ]
}

/** The place of the item whose choices a key opens. `undefined` where it has none now. */
export function placeOfPart(items: readonly MenuItem[], part: Part): number | undefined {
  const place = part === 'snooze' ? 3 : 4
  const item = items[place]
  return item && 'items' in item ? place : undefined
}
