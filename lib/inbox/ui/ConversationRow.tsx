import { BellOff } from 'lucide-preact'
import type { Ref } from 'preact'
import { i18n } from '#i18n'
import { Avatar } from '../../ui/Avatar.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { fullTime, rowTime } from '../../ui/time.ts'
import type { ConversationRow as Row } from '../queries.ts'
import { shortCount } from './filters.ts'
import { conversationHref } from './places.ts'
import { RowPreview } from './RowPreview.tsx'

type Props = {
  row: Row
  now: number
  muted: boolean
  current: boolean
  tabIndex: 0 | -1
  linkRef: Ref<HTMLAnchorElement>
  onFocus: () => void
}

/** One conversation: who, by which channel, the newest words, when, how many unread. client:INB1 */
export function ConversationRow({ row, now, muted, current, tabIndex, linkRef, onFocus }: Props) {
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
          {muted && (
            <>
              <Icon of={BellOff} size="sm" class="faint" />
              <span class="sr">{i18n.t('inbox.muted')}</span>
            </>
          )}
          <time dateTime={new Date(row.lastAt).toISOString()} title={fullTime(row.lastAt)}>
            {rowTime(row.lastAt, now)}
          </time>
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
