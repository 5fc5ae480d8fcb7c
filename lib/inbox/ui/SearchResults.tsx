import { Search } from 'lucide-preact'
import type { RefObject } from 'preact'
import { i18n } from '#i18n'
import { Avatar } from '../../ui/Avatar.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { fullTime, rowTime } from '../../ui/time.ts'
import type { ConversationRow as Row } from '../queries.ts'
import { positionOf, type ThreadItem } from '../thread.ts'
import { ConversationRow } from './ConversationRow.tsx'
import { conversationHref } from './places.ts'
import { type ListControl, RowList, type RowWiring } from './RowList.tsx'
import { type Found, RESULTS_MAX } from './search.ts'
import { cut, type Piece, snippet } from './snippet.ts'
import { itemKey } from './threadRows.ts'

type Hit = { kind: 'conversation'; id: string; row: Row } | { kind: 'item'; id: string; item: ThreadItem; title: string }
type Props = {
  words: string
  found: Found | undefined
  conversations: readonly Row[]
  now: number
  control: RefObject<ListControl | null>
}

/** Conversations whose name fits, then every message, theirs or ours, that holds all the words. */
export function SearchResults({ words, found, conversations, now, control }: Props) {
  const hits = collect(words, found, conversations)
  if (hits.length === 0)
    return found?.words === words.trim() ? (
      <div role="status" class="scroll">
        <EmptyState icon={Search} title={i18n.t('inbox.nothingFor', { words: words.trim() })}>
          {i18n.t('inbox.searched', found.searched, [found.searched.toLocaleString()])}
        </EmptyState>
      </div>
    ) : (
      <>
        <div class="found" />
        <SkeletonRows />
      </>
    )
  return (
    <>
      <p class="found caption faint" role="status">
        {i18n.t('inbox.found', hits.length, [hits.length < RESULTS_MAX ? hits.length : `${RESULTS_MAX}+`])}
      </p>
      <RowList label={i18n.t('inbox.results')} rows={hits} idOf={(hit) => hit.id} control={control}>
        {(hit, wiring) =>
          hit.kind === 'conversation' ? (
            <ConversationRow row={hit.row} now={now} muted={false} current={false} {...wiring} />
          ) : (
            <ItemHit item={hit.item} title={hit.title} words={found?.words ?? words} now={now} wiring={wiring} />
          )
        }
      </RowList>
    </>
  )
}

function collect(words: string, found: Found | undefined, conversations: readonly Row[]): Hit[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const titles = new Map(conversations.map((row) => [row.id, row.title]))
  const named = conversations.filter((row) => wanted.every((word) => row.title.toLowerCase().includes(word)))
  return [
    ...named.map((row): Hit => ({ kind: 'conversation', id: `c:${row.id}`, row })),
    ...(found?.items ?? []).map((item): Hit => {
      const title = titles.get(said(item).conversationId) ?? (item.kind === 'message' ? item.message.from : '')
      return { kind: 'item', id: itemKey(item), item, title }
    }),
  ]
}

const said = (item: ThreadItem) => (item.kind === 'message' ? item.message : item.reply)

type HitProps = { item: ThreadItem; title: string; words: string; now: number; wiring: RowWiring }

function ItemHit({ item, title, words, now, wiring }: HitProps) {
  const { conversationId, channelType, content } = said(item)
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
            <Pieces of={cut(title, words.split(/\s+/).filter(Boolean))} />
          </span>
          <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
            {rowTime(at, now)}
          </time>
        </span>
        <span class="row-preview">
          <span class="truncate">
            {speakerOf(item, title)}
            <Pieces of={snippet(content, words)} />
          </span>
        </span>
      </span>
    </a>
  )
}

/** Who says it, where the row's name does not tell. */
function speakerOf(item: ThreadItem, title: string): string {
  if (item.kind === 'reply') return i18n.t('thread.you')
  const { from } = item.message
  return from !== '' && from !== title ? `${from}: ` : ''
}

function Pieces({ of }: { of: Piece[] }) {
  return <>{of.map(({ text, hit }, index) => (hit ? <mark key={index}>{text}</mark> : text))}</>
}
