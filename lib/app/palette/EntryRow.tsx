import { i18n } from '#i18n'
import { Avatar } from '../../ui/Avatar.tsx'
import { ChannelMark } from '../../ui/ChannelMark.tsx'
import type { Option } from '../../ui/combobox.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Marked } from '../../ui/Marked.tsx'
import type { Entry } from './entries.ts'

/** What it is called, and which kind of thing it is. */
export function EntryRow({ entry, at, option }: { entry: Entry; at: readonly number[]; option: Option }) {
  return (
    <li class="palette-row" {...option}>
      <Mark mark={entry.mark} />
      <span class="truncate grow palette-label">
        <Marked text={entry.label} at={at} />
      </span>
      <span class="caption faint">{i18n.t(`palette.kinds.${entry.kind}`)}</span>
    </li>
  )
}

function Mark({ mark }: { mark: Entry['mark'] }) {
  return (
    <span class="palette-mark">
      {'icon' in mark ? (
        <Icon of={mark.icon} size="lg" />
      ) : mark.name === undefined ? (
        <ChannelMark type={mark.type} />
      ) : (
        <Avatar name={mark.name} type={mark.type} />
      )}
    </span>
  )
}
