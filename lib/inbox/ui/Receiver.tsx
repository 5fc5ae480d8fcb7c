import { i18n } from '#i18n'
import { Avatar } from '../../ui/Avatar.tsx'
import { channelName } from '../../ui/channelName.ts'
import type { Option } from '../../ui/combobox.ts'
import { Marked } from '../../ui/Marked.tsx'
import { fullTime, rowTime } from '../../ui/time.ts'
import type { ConversationRow } from '../queries.ts'

type Props = { row: ConversationRow; at: readonly number[]; now: number; option: Option }

/** Somebody to choose: who, by which way, when last, and what is written to them already, since this goes behind it. */
export function Receiver({ row, at, now, option }: Props) {
  return (
    <li class="row" {...option}>
      <Avatar name={row.title} type={row.channelType} />
      <span class="stack grow">
        <span class="row-line">
          <span class="row-name truncate">
            <Marked text={row.title} at={at} />
          </span>
          <time dateTime={new Date(row.lastAt).toISOString()} title={fullTime(row.lastAt)}>
            {rowTime(row.lastAt, now)}
          </time>
        </span>
        <span class="row-preview">
          {row.draft === undefined ? (
            <span class="truncate">{channelName(row.channelType)}</span>
          ) : (
            <>
              <span class="is-draft">{i18n.t('inbox.draft')}</span>
              <span class="truncate">{row.draft}</span>
            </>
          )}
        </span>
      </span>
    </li>
  )
}
