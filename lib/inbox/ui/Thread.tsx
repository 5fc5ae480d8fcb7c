import { ArrowDown } from 'lucide-preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { Icon } from '../../ui/Icon.tsx'
import { dayLabel } from '../../ui/time.ts'
import { useVirtual, virtualSpace } from '../../ui/virtual.ts'
import { MessageBubble } from './MessageBubble.tsx'
import { ReplyBubble } from './ReplyBubble.tsx'
import { rowHeight } from './rowHeight.ts'
import type { Pages } from './threadPages.ts'
import { type News, newsIn, type ThreadRow, threadRows } from './threadRows.ts'
import { useReached } from './useReached.ts'
import { useFailures, useSeen } from './useSeen.ts'
import { AT_END, type Spot } from './useThread.ts'

type Props = {
  title: string
  pages: Pages
  /** What to show first, and again when it changes. */
  spot: Spot | undefined
  /** Whether an item that was asked for takes the keyboard. */
  takesFocus: boolean
  /** Messages that were not answered by themselves, with the reason. */
  unanswered: ReadonlyMap<string, string>
  now: number
  loadOlder: () => Promise<void>
  loadLater: () => Promise<void>
  toNewest: () => Promise<void>
  onSeen: () => void
}

/** Room above the first row, pixels. */
const PAD_PX = 8
/** Rows kept rendered above and below the view. */
const OVERSCAN = 6
/** Nearer to the end than this counts as being there; nearer than that to either end of what is loaded loads more. Pixels. */
const END_PX = 60
const EDGE_PX = 600

/** The messages of a conversation. It opens at the newest, or at the one asked for, follows while the reader is at the end, and keeps its place otherwise. */
export function Thread({ title, pages, spot, takesFocus, unanswered, now, loadOlder, loadLater, toNewest, onSeen }: Props) {
  const scroller = useRef<HTMLElement>(null)
  const [news] = useState<News | undefined>(() => newsIn(pages.items))
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const rows = useMemo(() => threadRows(pages, news), [pages, news])
  /** What is put at the end is not new, but what comes next on the way there. */
  const wasCut = useRef(pages.later)
  const continues = pages.later || wasCut.current
  useLayoutEffect(() => {
    wasCut.current = pages.later
  }, [pages])
  const virtual = useVirtual({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rowHeight(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: OVERSCAN,
    paddingStart: PAD_PX,
    anchorTo: 'end',
    followOnAppend: !continues,
    scrollEndThreshold: END_PX,
    initialRect: { width: 380, height: 460 },
  })
  const toggle = (key: string): void =>
    setOpen((before) => new Set(before.has(key) ? [...before].filter((k) => k !== key) : [...before, key]))

  const start = useRef<Spot>(undefined)
  useLayoutEffect(() => {
    const index = rows.findIndex((row) => row.key === spot)
    if (spot === undefined || start.current === spot || (spot !== AT_END && index < 0)) return
    start.current = spot
    const first = rows.findIndex((row) => row.key === 'new')
    if (index >= 0) virtual.scrollToIndex(index, { align: 'center' })
    else if (first >= 0 && news && news.count > 4) virtual.scrollToIndex(first, { align: 'start' })
    else virtual.scrollToEnd()
  }, [rows, spot, virtual, news])
  const reached = useReached(scroller, spot, takesFocus)

  // What the reader sends, or asks to see, is what the reader wants to see.
  const last = rows.at(-1)
  const lastKey = useRef(last?.key)
  const toEnd = useRef(false)
  useLayoutEffect(() => {
    const own = last?.kind === 'reply' && !last.reply.automatic && !last.reply.elsewhere
    if (toEnd.current || (own && !continues && last.key !== lastKey.current)) virtual.scrollToEnd()
    toEnd.current = false
    lastKey.current = last?.key
  }, [last, virtual])
  const goToEnd = async (): Promise<void> => {
    toEnd.current = pages.later
    if (pages.later) await toNewest()
    else virtual.scrollToEnd()
  }

  const isAtEnd = (): boolean => !pages.later && virtual.isAtEnd(END_PX)
  const { atEnd, below } = useSeen({ scroller, rows, continues, isAtEnd, onSeen })
  useFailures(rows)
  useEdges(scroller, pages, { loadOlder, loadLater })

  const items = virtual.getVirtualItems()
  return (
    <div class="thread-frame">
      <section
        class="scroll thread"
        aria-label={i18n.t('thread.messages', { name: title })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
        tabIndex={0}
        ref={scroller}
        data-thread
      >
        {rows.length === 0 && <p class="thread-empty muted">{i18n.t('thread.removed')}</p>}
        <ol class="thread-rows" style={virtualSpace(virtual, items)}>
          {items.map(({ index, key }) => {
            const row = rows[index]
            return (
              row && (
                <li
                  class="thread-row"
                  key={key}
                  data-index={index}
                  ref={virtual.measureElement}
                  aria-setsize={pages.more || pages.later ? -1 : rows.length}
                  aria-posinset={index + 1}
                  tabIndex={row.key === spot ? -1 : undefined}
                  data-spot={row.key === spot ? '' : undefined}
                >
                  <Row
                    row={row}
                    now={now}
                    open={open.has(row.key)}
                    onToggle={() => toggle(row.key)}
                    marked={row.key === reached.marked}
                    unanswered={row.kind === 'message' ? unanswered.get(row.message.id) : undefined}
                  />
                </li>
              )
            )
          })}
        </ol>
      </section>
      {!atEnd && (
        <button type="button" class={below > 0 ? 'to-end has-news' : 'to-end'} onClick={() => void goToEnd()}>
          <Icon of={ArrowDown} />
          {below > 0 ? i18n.t('thread.toNew', below) : <span class="sr">{i18n.t('thread.toNewest')}</span>}
        </button>
      )}
    </div>
  )
}

type RowProps = {
  row: ThreadRow
  now: number
  open: boolean
  onToggle: () => void
  marked: boolean
  unanswered: string | undefined
}

function Row({ row, now, open, onToggle, marked, unanswered }: RowProps) {
  switch (row.kind) {
    case 'day':
      return <p class="day">{dayLabel(row.at, now)}</p>
    case 'new':
      return <p class="day day-new">{i18n.t('thread.newMessages', row.count)}</p>
    case 'message':
      return (
        <MessageBubble {...{ open, onToggle, marked, unanswered }} message={row.message} edits={row.edits} speaker={row.speaker} />
      )
    case 'reply':
      return <ReplyBubble reply={row.reply} open={open} onToggle={onToggle} marked={marked} />
  }
}

/** Loads what lies further before the reader reaches the end of what is loaded. */
function useEdges(
  scroller: { current: HTMLElement | null },
  { items, more, later }: Pages,
  { loadOlder, loadLater }: Pick<Props, 'loadOlder' | 'loadLater'>,
): void {
  useEffect(() => {
    const element = scroller.current
    if (!element || (!more && !later)) return
    const look = (): void => {
      const below = element.scrollHeight - element.clientHeight - element.scrollTop
      if (more && element.scrollTop < EDGE_PX) void loadOlder()
      else if (later && below < EDGE_PX) void loadLater()
    }
    look()
    element.addEventListener('scroll', look, { passive: true })
    return () => element.removeEventListener('scroll', look)
  }, [scroller, items, more, later, loadOlder, loadLater])
}
