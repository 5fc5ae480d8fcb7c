import { Search } from 'lucide-preact'
import { Fragment } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { listChannels } from '../../channels/queries.ts'
import { listConversations } from '../../inbox/queries.ts'
import { listProfiles } from '../../profiles/queries.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { useCombobox } from '../../ui/combobox.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { rank } from '../../ui/fuzzy.ts'
import { Icon } from '../../ui/Icon.tsx'
import { useLive } from '../../ui/live.ts'
import { useModal } from '../../ui/modal.ts'
import { useBound } from '../keys/useBound.ts'
import type { PageContext } from '../page.ts'
import { EntryRow } from './EntryRow.tsx'
import { type Entry, entriesOf, searchEntry, type Ways } from './entries.ts'
import './palette.css'

/** Rendered at most: the next letter narrows it. */
const SHOWN = 50
/** Before anything is typed, of each kind: enough to see what there is. */
const FIRST = { conversation: 5, channel: 0, page: 10, action: 20, profile: 10 } as const

type Props = { page: PageContext; ways: Ways; close: () => void }

/** Goes anywhere and does anything by a few letters. client:PAL1, PAL3 */
export function Palette({ page, ways, close }: Props) {
  const modal = useModal(close)
  const announce = useAnnounce()
  const [typed, setTyped] = useState('')
  const entries = useEntries(page, ways)
  const found = useMemo(() => {
    if (!entries) return []
    if (typed.trim() === '') return firstOf(entries)
    return [...rank(entries, typed, ({ label }) => label).slice(0, SHOWN), { item: searchEntry(ways, typed), at: [] }]
  }, [entries, ways, typed])
  const untyped = typed.trim() === ''
  const doing = useAction(async ({ run }: Entry) => {
    const said = await run()
    close()
    if (typeof said === 'string') announce(said)
  })
  const choice = useCombobox({ items: found, typed, choose: ({ item }) => void doing.run(item) })
  return (
    <dialog
      {...modal}
      class="palette"
      aria-label={i18n.t('palette.title')}
      onMouseDown={(event) => event.target === modal.ref.current && close()}
    >
      <label class="palette-field">
        <Icon of={Search} />
        <span class="sr">{i18n.t('palette.find')}</span>
        <input
          type="text"
          placeholder={i18n.t('palette.find')}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          {...choice.field}
        />
        <span class="kbd" aria-hidden="true">
          Esc
        </span>
      </label>
      <FailureNote failure={doing.failure} />
      <ul class="palette-list" {...choice.list} aria-label={i18n.t('palette.list')}>
        {found.map(({ item, at }, index) => (
          <Fragment key={item.id}>
            {untyped && found[index - 1]?.item.kind !== item.kind && (
              <li class="palette-group" aria-hidden="true">
                {i18n.t(`palette.groups.${item.kind}`)}
              </li>
            )}
            <EntryRow entry={item} at={at} named={!untyped} option={choice.option(index)} />
          </Fragment>
        ))}
      </ul>
    </dialog>
  )
}

function useEntries(page: PageContext, ways: Ways): Entry[] | undefined {
  const { db, profileId, settings } = page
  const known = useLive(
    async () => {
      const [rows, channels, profiles, chosen] = await Promise.all([
        listConversations(db, profileId),
        listChannels(db, profileId),
        listProfiles(db),
        settings.get({ profileId }),
      ])
      return { rows, channels, profiles, settings: chosen }
    },
    ['messages', 'marks', 'channels', 'profiles', 'settings'],
    [db, profileId],
  ).value
  const bound = useBound()
  return useMemo(() => known && entriesOf(page, ways, { ...known, bound }), [known, bound, page, ways])
}

function firstOf(entries: readonly Entry[]): { item: Entry; at: number[] }[] {
  const left: Record<Entry['kind'], number> = { ...FIRST }
  return entries.filter(({ kind }) => left[kind]-- > 0).map((item) => ({ item, at: [] }))
}
