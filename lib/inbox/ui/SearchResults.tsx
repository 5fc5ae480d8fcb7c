import { Paperclip, Search, SlidersHorizontal } from 'lucide-preact'
import type { RefObject } from 'preact'
import { i18n } from '#i18n'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { fullTime, rowTime } from '../../ui/time.ts'
import type { ConversationRow as Row } from '../queries.ts'
import type { Places } from '../search/find.ts'
import { fold } from '../search/fold.ts'
import { type Query, readQuery } from '../search/query.ts'
import { positionOf, type ThreadItem } from '../thread.ts'
import { ConversationRow } from './ConversationRow.tsx'
import { cleanName } from './files.ts'
import type { Scope } from './filters.ts'
import { useHost } from './host.ts'
import { conversationHref } from './places.ts'
import { type ListControl, RowList, type RowWiring } from './RowList.tsx'
import { useSearch } from './search.ts'
import { placesOf } from './searchPlaces.ts'
import { cut, type Piece, snippet } from './snippet.ts'
import { itemKey } from './threadRows.ts'

type Hit = { kind: 'conversation'; id: string; row: Row } | { kind: 'item'; id: string; item: ThreadItem; title: string }
type Props = {
  /** As typed. */
  words: string
  /** What the chips above say: another set of conversations, or files alone. */
  scope: Scope
  conversations: readonly Row[]
  now: number
  control: RefObject<ListControl | null>
  /** Puts the beginning of a filter behind the words. */
  onNarrow: (filter: string) => void
  onClear: () => void
}

/** Conversations whose name fits, then every message, theirs or ours, that holds all the words. Loaded with the first search. */
export function SearchResults({ words, scope, conversations, now, control, onNarrow, onClear }: Props) {
  const { channels } = useHost()
  const typed = readQuery(words)
  const query = { ...typed, file: typed.file || scope.file, unread: typed.unread || scope.unread }
  const places = placesOf(query.in, scope.conversations, conversations, channels)
  const key = JSON.stringify([words.trim(), scope.key, places?.size])
  const found = useSearch({ key, query, places })
  const hits = collect(query, places, found?.items ?? [], conversations)
  const narrow = <Narrow onNarrow={onNarrow} />
  const clear = <Button onClick={onClear}>{i18n.t('inbox.clearSearch')}</Button>
  if (query.unreadable.length > 0)
    return (
      <div role="status" class="scroll">
        <EmptyState icon={Search} title={i18n.t('inbox.unknownFilter', { filter: query.unreadable.join(' ') })} action={clear}>
          {i18n.t('inbox.filters')}
        </EmptyState>
      </div>
    )
  if (hits.length === 0)
    return found?.key === key ? (
      <div role="status" class="scroll">
        <EmptyState
          icon={Search}
          title={words.trim() === '' ? i18n.t('inbox.none.files') : i18n.t('inbox.nothingFor', { words: words.trim() })}
          action={clear}
        >
          {i18n.t('inbox.searched', found.searched, [found.searched.toLocaleString()])}
        </EmptyState>
      </div>
    ) : (
      <>
        <div class="found" />
        <SkeletonRows />
      </>
    )
  const total = hits.length - (found?.items.length ?? 0) + (found?.total ?? 0)
  return (
    <>
      <div class="found">
        <p class="caption faint grow" role="status">
          {i18n.t('inbox.found', total, [total.toLocaleString()])}
          {total > hits.length && ` ${i18n.t('inbox.newestShown', { count: hits.length })}`}
        </p>
        {narrow}
      </div>
      <RowList label={i18n.t('inbox.results')} rows={hits} idOf={(hit) => hit.id} control={control}>
        {(hit, wiring) =>
          hit.kind === 'conversation' ? (
            <ConversationRow row={hit.row} now={now} muted={false} takenOver={false} current={false} {...wiring} />
          ) : (
            <ItemHit item={hit.item} title={hit.title} words={query.words} now={now} wiring={wiring} />
          )
        }
      </RowList>
    </>
  )
}

const FILTERS = ['from', 'in', 'has', 'is', 'before', 'after'] as const

/** The filters that can be typed, to choose from. client:SRC3 */
function Narrow({ onNarrow }: { onNarrow: (filter: string) => void }) {
  const written = { from: 'from:', in: 'in:', has: 'has:file', is: 'is:unread', before: 'before:', after: 'after:' }
  return (
    <Menu
      icon={SlidersHorizontal}
      label={i18n.t('inbox.narrow.label')}
      items={FILTERS.map((name) => ({
        label: i18n.t(`inbox.narrow.${name}`),
        hint: written[name],
        act: () => onNarrow(written[name]),
      }))}
    />
  )
}

/** A name fits only what was typed without filters that speak of messages. */
function collect(query: Query, places: Places, items: readonly ThreadItem[], conversations: readonly Row[]): Hit[] {
  const titles = new Map(conversations.map((row) => [row.id, row.title]))
  const ofMessages = query.file || query.unread || query.from.length > 0 || query.before !== undefined || query.since !== undefined
  const named = conversations.filter(({ id, title }) => {
    const name = fold(title)
    return (places?.has(id) ?? true) && query.words.every((word) => name.includes(word))
  })
  return [
    ...(ofMessages || query.words.length === 0 ? [] : named.map((row): Hit => ({ kind: 'conversation', id: `c:${row.id}`, row }))),
    ...items.map((item): Hit => {
      const title = titles.get(said(item).conversationId) ?? (item.kind === 'message' ? item.message.from : '')
      return { kind: 'item', id: itemKey(item), item, title }
    }),
  ]
}

const said = (item: ThreadItem) => (item.kind === 'message' ? item.message : item.reply)

type HitProps = { item: ThreadItem; title: string; words: readonly string[]; now: number; wiring: RowWiring }

function ItemHit({ item, title, words, now, wiring }: HitProps) {
  const { conversationId, channelType, content } = said(item)
  const files = fileNames(item)
  const { at } = positionOf(item)
  const goal = item.kind === 'message' ? { messageId: item.message.id } : { clientId: item.reply.clientId }
  return (
    <a
      ref={wiring.linkRef}
      class="row"
      href={conversationHref(conversationId, goal)}
      tabIndex={wiring.tabIndex}
      onFocus={wiring.onFocus}
    >
      <Avatar name={title} type={channelType} />
      <span class="stack grow">
        <span class="row-line">
          <span class="row-name truncate">
            <bdi>
              <Pieces of={cut(title, words)} />
            </bdi>
          </span>
          <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
            {rowTime(at, now)}
          </time>
        </span>
        <span class="row-preview">
          {files.length > 0 && <Icon of={Paperclip} />}
          <span class="truncate">
            {speakerOf(item, title)}
            <bdi>
              <Pieces of={preview(content, files, words)} />
            </bdi>
          </span>
        </span>
      </span>
    </a>
  )
}

/** The names of its files where the words say nothing, or where they are what was found. */
function preview(content: string, files: readonly string[], words: readonly string[]): Piece[] {
  const names = cut(files.join(', '), words)
  const pieces = snippet(content, words)
  return content.trim() === '' || (names.some(({ hit }) => hit) && !pieces.some(({ hit }) => hit)) ? names : pieces
}

function fileNames(item: ThreadItem): string[] {
  const files = item.kind === 'message' ? item.message.attachments.filter(({ role }) => role !== 'html') : item.reply.attachments
  return files.map(({ filename }) => cleanName(filename, i18n.t('thread.file.noName')))
}

/** Who says it, where the row's name does not tell. */
function speakerOf(item: ThreadItem, title: string): string {
  if (item.kind === 'reply')
    return item.reply.elsewhere === 'agent' ? `${i18n.t('inbox.speaker', { name: i18n.t('thread.agent') })} ` : i18n.t('thread.you')
  const { from } = item.message
  return from !== '' && from !== title ? `${from}: ` : ''
}

function Pieces({ of }: { of: Piece[] }) {
  return <>{of.map(({ text, hit }, index) => (hit ? <mark key={index}>{text}</mark> : text))}</>
}
