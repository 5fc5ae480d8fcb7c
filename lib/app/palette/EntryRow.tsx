import { i18n } from '#i18n'
import { Avatar } from '../../ui/Avatar.tsx'
import { ChannelMark } from '../../ui/ChannelMark.tsx'
import type { Option } from '../../ui/combobox.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Marked } from '../../ui/Marked.tsx'
import { shortCount } from '../../ui/shortCount.ts'
import type { Entry } from './entries.ts'

type Props = {
  entry: Entry
  at: readonly number[]
  /** Its kind is said in the row, because no heading above says it. */
  named: boolean
  option: Option
}

/** What it is called, which kind of thing it is, and what is worth knowing before going there. */
export function EntryRow({ entry: { label, mark, kind, unread = 0, about, keys = [] }, at, named, option }: Props) {
  return (
    <li class={unread > 0 ? 'palette-row unread' : 'palette-row'} {...option}>
      <Mark mark={mark} />
      <span class="truncate grow palette-label">
        <Marked text={label} at={at} />
      </span>
      {about !== undefined && <span class="caption faint palette-about">{about}</span>}
      <span class={named && about === undefined ? 'caption faint' : 'sr'}>{i18n.t(`palette.kinds.${kind}`)}</span>
      {unread > 0 && (
        <span class="count">
          <span aria-hidden="true">{shortCount(unread)}</span>
          <span class="sr">{i18n.t('inbox.unreadCount', unread)}</span>
        </span>
      )}
      {keys.length > 0 && (
        <span class="palette-keys">
          {keys.map((key) => (
            <kbd class="kbd" key={key}>
              {key}
            </kbd>
          ))}
        </span>
      )}
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
