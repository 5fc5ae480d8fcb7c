import { CheckCheck, Inbox as InboxIcon } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { useKeys } from '../../ui/focus.ts'
import { useModule } from '../../ui/lazy.ts'
import { useLive } from '../../ui/live.ts'
import { useNow } from '../../ui/now.ts'
import { go, replaceRoute } from '../../ui/router.ts'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import type { Conversation } from '../model.ts'
import { listConversations, type ConversationRow as Row } from '../queries.ts'
import { isTakenOver } from '../takenOver.ts'
import { ConversationRow } from './ConversationRow.tsx'
import { EVERYTHING, type Filter, filterCount, filterRows, type Narrowing, scopeOf } from './filters.ts'
import { GapNotices } from './GapNotices.tsx'
import { useHost } from './host.ts'
import { NotificationsQuestion } from './NotificationsQuestion.tsx'
import { type ListControl, RowList } from './RowList.tsx'
import { Toolbar } from './Toolbar.tsx'
import { readUnsent } from './unsent.ts'
import { type Toggle, useMarking } from './useMarking.ts'
import { useRowMenu } from './useRowMenu.tsx'
import './list.css'

type Props = {
  /** The conversation shown beside or over the list. */
  open: string | undefined
  /** Keys belong to the list: no conversation covers it. */
  keysHere: boolean
  /** What to look for, as asked for from elsewhere. */
  find: string | undefined
  /** What to show while no conversation exists: how to begin. */
  whenEmpty: ComponentChildren
}

const loadResults = () => import('./SearchResults.tsx')

const NO_FAILURES: ReadonlySet<string> = new Set()
/** Row times change by the minute. */
const MINUTE_MS = 60_000

/** All conversations, newest first, with search and filters. client:UIX2 */
export function Inbox({ open, keysHere, find, whenEmpty }: Props) {
  const { db, profileId, channels, settings } = useHost()
  const conversations = useLive(() => listConversations(db, profileId), ['messages', 'replies', 'drafts', 'marks'], [profileId])
  const unsent = useLive(() => readUnsent(db, profileId), ['replies'], [profileId])
  const now = useNow(MINUTE_MS)
  const [narrowing, setNarrowing] = useState<Narrowing>(EVERYTHING)
  const [words, setWords] = useState(find ?? '')
  const isSearching = words.trim() !== '' || narrowing.files
  const results = useModule(loadResults, isSearching)
  const control = useRef<ListControl | null>(null)
  const search = useRef<HTMLInputElement>(null)
  const rows = conversations.value
  const failed = unsent.value?.failed ?? NO_FAILURES
  const shown = useMemo(() => filterRows(rows ?? [], narrowing, failed, now), [rows, narrowing, failed, now])

  useEffect(() => {
    if (find === undefined) return
    setWords(find)
    setNarrowing(EVERYTHING)
    search.current?.focus()
    // The place is left at once: the same words can be asked for again.
    replaceRoute([])
  }, [find])
  useNeighbours(open, shown)
  useReturn(open, control)
  useNews(newestOf(shown))
  const step = (by: number) => () => control.current?.move(by)
  const active = (): Row | undefined => shown.find(({ id }) => id === control.current?.active)
  // The next one takes the keyboard when a row leaves the list.
  const marking = useMarking(onGone)
  function onGone({ id }: Row): void {
    const place = shown.findIndex((row) => row.id === id)
    const next = shown[place + 1] ?? shown[place - 1]
    if (next) control.current?.focus(next.id)
  }
  const toggle = (what: Toggle) => (): void => {
    const row = active()
    if (row) void marking.toggle(row, what).catch(() => undefined)
  }
  const menu = useRowMenu()
  useKeys(
    {
      '/': (event) => {
        event.preventDefault()
        search.current?.focus()
      },
      j: step(1),
      k: step(-1),
      r: () => {
        const id = control.current?.active
        if (id !== undefined && shown.some((row) => row.id === id)) go(['reply', id])
      },
      u: toggle('read'),
      p: toggle('pin'),
      e: toggle('archive'),
      s: () => menu.askAtFocus(active(), 'snooze'),
      m: () => menu.askAtFocus(active(), 'mute'),
    },
    keysHere && settings?.shortcuts !== false,
  )

  const narrow = (filter: string): void => {
    setWords(`${words.trim()} ${filter}`.trim())
    search.current?.focus()
  }

  const everything = (): void => {
    setWords('')
    setNarrowing(EVERYTHING)
    search.current?.focus()
  }

  if (!rows)
    return conversations.error ? <ReadFailed error={conversations.error} again={conversations.reload} /> : <SkeletonRows toolbar />
  if (rows.length === 0) return <>{whenEmpty}</>
  const counts = { all: 0, unread: filterCount(rows, 'unread', failed, now), unsent: filterCount(rows, 'unsent', failed, now) }
  return (
    <>
      <NotificationsQuestion />
      <GapNotices />
      <Toolbar
        words={words}
        onWords={setWords}
        narrowing={narrowing}
        onNarrowing={setNarrowing}
        channels={channels}
        counts={counts}
        searchRef={search}
        onDown={step(0)}
      />
      {isSearching ? (
        results ? (
          <results.SearchResults
            words={words}
            scope={scopeOf(narrowing, rows, failed, now)}
            conversations={rows}
            now={now}
            control={control}
            onNarrow={narrow}
            onClear={everything}
          />
        ) : (
          <SkeletonRows />
        )
      ) : shown.length === 0 ? (
        <NothingLeft filter={narrowing.filter} all={everything} />
      ) : (
        <RowList
          label={i18n.t('inbox.conversations')}
          rows={shown}
          idOf={(row) => row.id}
          control={control}
          onMenu={(row, at) => menu.ask({ row, at })}
          menuLabel={(row) => i18n.t('marks.menuOf', { name: row.title })}
        >
          {(row, wiring) => (
            <ConversationRow
              row={row}
              now={now}
              muted={settings?.mutedChannels.includes(row.channelId) ?? false}
              takenOver={
                isTakenOver(
                  channels?.find(({ id }) => id === row.channelId),
                  row,
                ) === true
              }
              current={row.id === open}
              {...wiring}
            />
          )}
        </RowList>
      )}
      {menu.show(onGone)}
    </>
  )
}

function NothingLeft({ filter, all }: { filter: Filter; all: () => void }) {
  return (
    <EmptyState
      icon={filter === 'unsent' ? CheckCheck : InboxIcon}
      title={i18n.t(`inbox.none.${filter}`)}
      action={<Button onClick={all}>{i18n.t('inbox.showAll')}</Button>}
    />
  )
}

function ReadFailed({ error, again }: { error: Error; again: () => void }) {
  return (
    <EmptyState
      icon={InboxIcon}
      title={i18n.t('inbox.unreadable')}
      action={<Button onClick={again}>{i18n.t('app.tryAgain')}</Button>}
    >
      {error.message}
    </EmptyState>
  )
}

/** From one conversation to the next with a hand on the reply box: what is written there stays as its draft. */
function useNeighbours(open: string | undefined, shown: readonly Row[]): void {
  useEffect(() => {
    if (open === undefined) return
    const press = (event: KeyboardEvent): void => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || by === undefined) return
      if (document.querySelector('dialog[open]')) return
      const next = shown[shown.findIndex(({ id }) => id === open) + by]
      event.preventDefault()
      if (next && shown.some(({ id }) => id === open)) go(['reply', next.id])
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [open, shown])
}

/** Closing a conversation puts the focus back on its row. */
function useReturn(open: string | undefined, control: { current: ListControl | null }): void {
  const before = useRef(open)
  useEffect(() => {
    const left = before.current
    before.current = open
    if (open === undefined && left !== undefined) control.current?.focus(left)
  }, [open, control])
}

/** What came last and is not muted, if it is unread. */
function newestOf(rows: readonly Row[]): Row | undefined {
  let newest: Row | undefined
  for (const row of rows) if (row.unread > 0 && row.lastAt > (newest?.lastAt ?? 0)) newest = row
  return newest
}

/** Says who wrote, when something new comes in while the list is open. */
function useNews(newest: Pick<Conversation, 'title' | 'lastSpeaker' | 'lastPreview' | 'lastAt' | 'lastReplyId'> | undefined): void {
  const announce = useAnnounce()
  const seen = useRef<number>(undefined)
  useEffect(() => {
    const at = newest?.lastAt ?? 0
    if (seen.current !== undefined && newest && at > seen.current && newest.lastReplyId === undefined)
      announce(i18n.t('inbox.news', { name: newest.lastSpeaker ?? newest.title, text: newest.lastPreview }))
    seen.current = Math.max(seen.current ?? 0, at)
  }, [newest, announce])
}
