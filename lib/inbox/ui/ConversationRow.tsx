import { AlarmClock, BellOff, Hand, type LucideIcon, Pin } from 'lucide-preact'
import type { Ref } from 'preact'
import { i18n } from '#i18n'
import { Avatar } from '../../ui/Avatar.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { shortCount } from '../../ui/shortCount.ts'
import { fullTime, rowTime, soonTime } from '../../ui/time.ts'
import type { ConversationRow as Row } from '../queries.ts'
import { standingOf } from '../standing.ts'
import { conversationHref } from './places.ts'
import { RowPreview } from './RowPreview.tsx'

type Props = {
  row: Row
  now: number
  muted: boolean
  /** client:TKO2 */
  takenOver: boolean
  current: boolean
  tabIndex: 0 | -1
  linkRef: Ref<HTMLAnchorElement>
  onFocus: () => void
}

/** One conversation: who, by which channel, the newest words, when, how many unread. client:INB1 */
export function ConversationRow({ row, now, muted, takenOver, current, tabIndex, linkRef, onFocus }: Props) {
  const standing = standingOf(row.mark, row, now)
  return (
    <a
      ref={linkRef}
      class={row.unread > 0 ? 'row unread' : 'row'}
      href={conversationHref(row.id)}
      tabIndex={tabIndex}
      aria-current={current ? 'true' : undefined}
      onFocus={onFocus}
    >
      <Avatar name={row.title} type={row.channelType} />
      <span class="stack grow">
        <span class="row-line">
          <span class="row-name truncate">{row.title}</span>
          {takenOver && <Sign icon={Hand} words={i18n.t('takeOver.mark')} />}
          {standing.pinned && <Sign icon={Pin} words={i18n.t('inbox.pinned')} />}
          {(muted || standing.muted) && <Sign icon={BellOff} words={i18n.t('inbox.muted')} />}
          {standing.snoozedUntil !== undefined ? (
            <span class="row-until">
              <Sign icon={AlarmClock} words={i18n.t('inbox.snoozedUntil')} />
              <time dateTime={new Date(standing.snoozedUntil).toISOString()} title={fullTime(standing.snoozedUntil)}>
                {soonTime(standing.snoozedUntil, now)}
              </time>
            </span>
          ) : (
            <time dateTime={new Date(row.lastAt).toISOString()} title={fullTime(row.lastAt)}>
              {rowTime(row.lastAt, now)}
            </time>
          )}
        </span>
        <span class="row-line">
          <RowPreview row={row} />
          {row.unread > 0 && (
            <span class="count">
              <span aria-hidden="true">{shortCount(row.unread)}</span>
              <span class="sr">{i18n.t('inbox.unreadCount', row.unread)}</span>
            </span>
          )}
        </span>
      </span>
    </a>
  )
}

function Sign({ icon, words }: { icon: LucideIcon; words: string }) {
  return (
    <>
      <Icon of={icon} size="sm" class="faint" />
      <span class="sr">{words}</span>
    </>
  )
}
