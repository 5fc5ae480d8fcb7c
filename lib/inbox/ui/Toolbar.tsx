import { ListFilter, Search, X } from 'lucide-preact'
import type { Ref } from 'preact'
import { i18n } from '#i18n'
import type { ChannelConfig } from '#protocol/channel.ts'
import { channelName } from '../../ui/channelName.ts'
import { Icon } from '../../ui/Icon.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { shortCount } from '../../ui/shortCount.ts'
import { AWAY_FILTERS, FILTERS, type Narrowing } from './filters.ts'

type Props = {
  words: string
  onWords: (words: string) => void
  narrowing: Narrowing
  onNarrowing: (narrowing: Narrowing) => void
  channels: readonly ChannelConfig[] | undefined
  counts: Record<(typeof FILTERS)[number], number>
  searchRef: Ref<HTMLInputElement>
  /** Leaves the field downwards, into the list. */
  onDown: () => void
}

/** Search over everything stored, and what the list is narrowed to: both at once where both are set. client:SRC4 */
export function Toolbar({ words, onWords, narrowing, onNarrowing, channels, counts, searchRef, onDown }: Props) {
  const press = (event: KeyboardEvent): void => {
    if (event.isComposing) return
    if (event.key === 'Escape' && words !== '') {
      event.preventDefault()
      onWords('')
    }
    if (event.key === 'ArrowDown') {
      event.preventDefault()
      onDown()
    }
  }
  return (
    <search class="toolbar">
      <label class="field field-search">
        <Icon of={Search} />
        <span class="sr">{i18n.t('inbox.search')}</span>
        <input
          ref={searchRef}
          type="search"
          enterKeyHint="search"
          placeholder={i18n.t('inbox.search')}
          value={words}
          onInput={(event) => onWords(event.currentTarget.value)}
          onKeyDown={press}
        />
        {words === '' ? (
          <span class="kbd" aria-hidden="true">
            /
          </span>
        ) : (
          <IconButton icon={X} size="sm" class="field-clear" label={i18n.t('inbox.clearSearch')} onClick={() => onWords('')} />
        )}
      </label>
      <div class="narrowing">
        <fieldset class="filters" aria-label={i18n.t('inbox.filter.label')}>
          {narrowing.channelId !== undefined && (
            <Chosen
              label={nameOf(channels?.find(({ id }) => id === narrowing.channelId)) ?? i18n.t('inbox.filter.gone')}
              onClear={() => onNarrowing({ ...narrowing, channelId: undefined })}
            />
          )}
          {AWAY_FILTERS.filter((name) => name === narrowing.filter).map((name) => (
            <Chosen
              key={name}
              label={i18n.t(`inbox.filter.${name}`)}
              onClear={() => onNarrowing({ ...narrowing, filter: 'all' })}
            />
          ))}
          {narrowing.files && (
            <Chosen label={i18n.t('inbox.filter.files')} onClear={() => onNarrowing({ ...narrowing, files: false })} />
          )}
          {FILTERS.map((name) => (
            <button
              key={name}
              type="button"
              class="chip"
              aria-pressed={narrowing.filter === name}
              onClick={() => onNarrowing({ ...narrowing, filter: name })}
            >
              {i18n.t(`inbox.filter.${name}`)}
              {counts[name] > 0 && <span class="num">{shortCount(counts[name])}</span>}
            </button>
          ))}
        </fieldset>
        <More narrowing={narrowing} onNarrowing={onNarrowing} channels={channels} />
      </div>
    </search>
  )
}

/** A filter that is on; pressed, it goes. */
function Chosen({ label, onClear }: { label: string; onClear: () => void }) {
  return (
    <button type="button" class="chip" aria-pressed onClick={onClear}>
      <span class="truncate">{label}</span>
      <Icon of={X} size="sm" />
      <span class="sr">{i18n.t('inbox.filter.off')}</span>
    </button>
  )
}

type MoreProps = Pick<Props, 'narrowing' | 'onNarrowing' | 'channels'>

/** The filters that have no chip of their own until they are on. */
function More({ narrowing, onNarrowing, channels = [] }: MoreProps) {
  return (
    <Menu
      icon={ListFilter}
      label={i18n.t('inbox.filter.more')}
      items={[
        {
          label: i18n.t('inbox.filter.files'),
          chosen: narrowing.files,
          several: true,
          act: () => onNarrowing({ ...narrowing, files: !narrowing.files }),
        },
        ...AWAY_FILTERS.map((name) => ({
          label: i18n.t(`inbox.filter.${name}`),
          chosen: narrowing.filter === name,
          several: true,
          act: () => onNarrowing({ ...narrowing, filter: narrowing.filter === name ? 'all' : name }),
        })),
        ...[undefined, ...channels].map((channel) => ({
          label: nameOf(channel) ?? i18n.t('inbox.filter.allChannels'),
          chosen: narrowing.channelId === channel?.id,
          act: () => onNarrowing({ ...narrowing, channelId: channel?.id }),
        })),
      ]}
    />
  )
}

function nameOf(channel: ChannelConfig | undefined): string | undefined {
  if (!channel) return undefined
  const type = channelName(channel.type)
  const name = channel.name || channel.agentId
  return name && name !== type ? `${type}, ${name}` : type
}
