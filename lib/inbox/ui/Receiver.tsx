import { Avatar } from '../../ui/Avatar.tsx'
import { channelName } from '../../ui/channelName.ts'
import type { Option } from '../../ui/combobox.ts'
import { Marked } from '../../ui/Marked.tsx'
import type { Conversation } from '../model.ts'

/** Somebody to choose: who, and by which way. */
export function Receiver({ row, at, option }: { row: Conversation; at: readonly number[]; option: Option }) {
  return (
    <li class="row" {...option}>
      <Avatar name={row.title} type={row.channelType} />
      <span class="stack grow">
        <span class="row-name truncate">
          <Marked text={row.title} at={at} />
        </span>
        <span class="row-preview">
          <span class="truncate">{channelName(row.channelType)}</span>
        </span>
      </span>
    </li>
  )
}
