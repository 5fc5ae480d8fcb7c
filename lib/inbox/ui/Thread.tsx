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
import { useFailures, useSeen } from './useSeen.ts'

type Props = {
  title: string
  pages: Pages
  /** A message to show, from search or a notification. */
  reach: string | undefined
  now: number
  loadOlder: () => Promise<void>
  onSeen: () => void
}

/** Room above the first row, pixels. */
const PAD_PX = 8
/** Rows kept rendered above and below the view. */
const OVERSCAN = 6
/** Nearer to the end than this counts as being there; nearer to the start loads more. Pixels. */
const END_PX = 60
const START_PX = 600

/** The messages of a conversation. It opens at the newest, follows them while the reader is there, and keeps its place otherwise. */
export function Thread({ title, pages, reach, now, loadOlder, onSeen }: Props) {
  const scroller = useRef<HTMLElement>(null)
  const [news] = useState<News | undefined>(() => newsIn(pages.items))
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const rows = useMemo(() => threadRows(pages, news), [pages, news])
  const virtual = useVirtual({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rowHeight(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: OVERSCAN,
    paddingStart: PAD_PX,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: END_PX,
    initialRect: { width: 380, height: 460 },
  })
  const toggle = (key: string): void =>
    setOpen((before) => new Set(before.has(key) ? [...before].filter((k) => k !== key) : [...before, key]))

  const start = useRef<string>(undefined)
  useLayoutEffect(() => {
    const goal = reach === undefined ? 'end' : `m:${reach}`
    const index = rows.findIndex((row) => row.key === goal)
    if (start.current === goal || (goal !== 'end' && index < 0)) return
    start.current = goal
    const first = rows.findIndex((row) => row.key === 'new')
    if (index >= 0) virtual.scrollToIndex(index, { align: 'center' })
    else if (first >= 0 && news && news.count > 4) virtual.scrollToIndex(first, { align: 'start' })
    else virtual.scrollToEnd()
  }, [rows, reach, virtual, news])

  // What the reader sends is what the reader wants to see.
  const last = rows.at(-1)
  const lastKey = useRef(last?.key)
  useLayoutEffect(() => {
    if (last?.kind === 'reply' && last.key !== lastKey.current) virtual.scrollToEnd()
    lastKey.current = last?.key
  }, [last, virtual])

  const { atEnd, below } = useSeen({ scroller, rows, isAtEnd: () => virtual.isAtEnd(END_PX), onSeen })
  useFailures(rows)
  useOlder(scroller, pages.more, loadOlder)

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
                  aria-setsize={pages.more ? -1 : rows.length}
                  aria-posinset={index + 1}
                >
                  <Row
                    row={row}
                    now={now}
                    open={open.has(row.key)}
                    onToggle={() => toggle(row.key)}
                    marked={row.key === `m:${reach}`}
                  />
                </li>
              )
            )
          })}
        </ol>
      </section>
      {!atEnd && (
        <button type="button" class={below > 0 ? 'to-end has-news' : 'to-end'} onClick={() => virtual.scrollToEnd()}>
          <Icon of={ArrowDown} />
          {below > 0 ? i18n.t('thread.toNew', below) : <span class="sr">{i18n.t('thread.toNewest')}</span>}
        </button>
      )}
    </div>
  )
}

type RowProps = { row: ThreadRow; now: number; open: boolean; onToggle: () => void; marked: boolean }

function Row({ row, now, open, onToggle, marked }: RowProps) {
  switch (row.kind) {
    case 'day':
      return <p class="day">{dayLabel(row.at, now)}</p>
    case 'new':
      return <p class="day day-new">{i18n.t('thread.newMessages', row.count)}</p>
    case 'message':
      return <MessageBubble message={row.message} speaker={row.speaker} open={open} onToggle={onToggle} marked={marked} />
    case 'reply':
      return <ReplyBubble reply={row.reply} open={open} onToggle={onToggle} />
  }
}

/** Loads older messages before the reader reaches the top. */
function useOlder(scroller: { current: HTMLElement | null }, more: boolean, loadOlder: () => Promise<void>): void {
  useEffect(() => {
    const element = scroller.current
    if (!element || !more) return
    const look = (): void => {
      if (element.scrollTop < START_PX) void loadOlder()
    }
    look()
    element.addEventListener('scroll', look, { passive: true })
    return () => element.removeEventListener('scroll', look)
  }, [scroller, more, loadOlder])
}
