import { Ellipsis } from 'lucide-preact'
import type { ComponentChildren, Ref, RefObject } from 'preact'
import { useCallback, useRef } from 'preact/hooks'
import { Icon } from '../../ui/Icon.tsx'
import { useRoving } from '../../ui/roving.ts'
import { useVirtual, virtualSpace } from '../../ui/virtual.ts'

/** What a row puts on its link, so that the list is one tab stop. */
export type RowWiring = { tabIndex: 0 | -1; linkRef: Ref<HTMLAnchorElement>; onFocus: () => void }
/** For keys pressed elsewhere and for coming back from a conversation. */
export type ListControl = { move: (step: number) => void; focus: (id: string) => void; active: string | undefined }

type Props<T> = {
  label: string
  rows: readonly T[]
  idOf: (row: T) => string
  control: RefObject<ListControl | null>
  /** Asked for by the right button, a long press or the keyboard. Pixels of the window. */
  onMenu?: ((row: T, at: { x: number; y: number }) => void) | undefined
  /** What the button says that opens it for those who point. */
  menuLabel?: (row: T) => string
  children: (row: T, wiring: RowWiring) => ComponentChildren
}

/** Rows of 64 px, 56 when compact; the real height is measured. */
const ROW_PX = 64
/** Rows kept rendered above and below, so that fast scrolling shows no holes. */
const OVERSCAN = 8

/** A long list of links of which only those in view exist. */
export function RowList<T>({ label, rows, idOf, control, onMenu, menuLabel, children }: Props<T>) {
  const scroller = useRef<HTMLElement>(null)
  const virtual = useVirtual({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    initialRect: { width: 380, height: 600 },
    getItemKey: (index) => {
      const row = rows[index]
      return row === undefined ? index : idOf(row)
    },
  })
  const ids = rows.map(idOf)
  const reveal = useCallback((index: number) => virtual.scrollToIndex(index, { align: 'auto' }), [virtual])
  const roving = useRoving({ ids, reveal })
  control.current = { move: roving.move, focus: roving.focus, active: roving.active }
  const items = virtual.getVirtualItems()
  return (
    <nav class="scroll" aria-label={label} ref={scroller} onKeyDown={roving.onKeyDown}>
      <ul style={virtualSpace(virtual, items)}>
        {items.map(({ index, key }) => {
          const row = rows[index]
          if (row === undefined) return null
          const id = idOf(row)
          return (
            <li
              key={key}
              data-index={index}
              ref={virtual.measureElement}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              onContextMenu={
                onMenu &&
                ((event) => {
                  event.preventDefault()
                  onMenu(row, placeOf(event))
                })
              }
            >
              {children(row, { tabIndex: roving.tabIndex(id), linkRef: roving.ref(id), onFocus: () => roving.visit(id) })}
              {onMenu && menuLabel && (
                <button
                  type="button"
                  class="icon-btn row-more"
                  tabIndex={-1}
                  aria-label={menuLabel(row)}
                  onClick={(event) => onMenu(row, placeOf(event))}
                >
                  <Icon of={Ellipsis} />
                </button>
              )}
            </li>
          )
        })}
      </ul>
    </nav>
  )
}

/** Where a menu opens: at the pointer, or inside what has the keyboard. */
function placeOf(event: MouseEvent): { x: number; y: number } {
  if (event.clientX > 0 || event.clientY > 0) return { x: event.clientX, y: event.clientY }
  const box = event.target instanceof Element ? event.target.getBoundingClientRect() : new DOMRect()
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}
