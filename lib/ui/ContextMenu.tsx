import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { type MenuItem, MenuList } from './Menu.tsx'
import { menuKeys } from './menuParts.ts'

type Props = {
  label: string
  items: readonly MenuItem[]
  begin?: number | undefined
  /** Where it was asked for, in css pixels of the window. */
  at: { x: number; y: number }
  onClose: () => void
}

/** Kept free at the edges of the window. Pixels. */
const EDGE_PX = 8

/** A menu where something was right-clicked, or asked for by key. The focus goes back to where it came from. */
export function ContextMenu({ label, items, begin, at, onClose }: Props) {
  const list = useRef<HTMLDivElement>(null)
  const before = useRef(document.activeElement)
  const close = (): void => {
    onClose()
    if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus({ preventScroll: true })
  }
  useLayoutEffect(() => {
    const element = list.current
    if (!element) return
    const { width, height } = element.getBoundingClientRect()
    element.style.left = `${Math.max(EDGE_PX, Math.min(at.x, innerWidth - width - EDGE_PX))}px`
    element.style.top = `${Math.max(EDGE_PX, Math.min(at.y, innerHeight - height - EDGE_PX))}px`
  })
  useEffect(() => {
    const press = (event: PointerEvent): void => {
      if (event.target instanceof Node && !list.current?.contains(event.target)) onClose()
    }
    addEventListener('pointerdown', press)
    addEventListener('blur', onClose)
    return () => {
      removeEventListener('pointerdown', press)
      removeEventListener('blur', onClose)
    }
  }, [onClose])
  return (
    <div class="menu-context">
      <MenuList label={label} items={items} begin={begin} close={close} list={list} onKeyDown={menuKeys(list, close)} />
    </div>
  )
}
