import { Search, X } from 'lucide-preact'
import type { Ref } from 'preact'
import { i18n } from '#i18n'
import { Icon } from '../../ui/Icon.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { FILTERS, type Filter, shortCount } from './filters.ts'

type Props = {
  words: string
  onWords: (words: string) => void
  filter: Filter
  onFilter: (filter: Filter) => void
  counts: Record<Filter, number>
  searchRef: Ref<HTMLInputElement>
  /** Leaves the field downwards, into the list. */
  onDown: () => void
}

/** Search over everything stored, and the three views of the list. */
export function Toolbar({ words, onWords, filter, onFilter, counts, searchRef, onDown }: Props) {
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
      {words.trim() === '' && (
        <fieldset class="filters" aria-label={i18n.t('inbox.filter.label')}>
          {FILTERS.map((name) => (
            <button key={name} type="button" class="chip" aria-pressed={filter === name} onClick={() => onFilter(name)}>
              {i18n.t(`inbox.filter.${name}`)}
              {counts[name] > 0 && <span class="num">{shortCount(counts[name])}</span>}
            </button>
          ))}
        </fieldset>
      )}
    </search>
  )
}
