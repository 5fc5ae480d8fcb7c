import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks'

type Needs = {
  ids: readonly string[]
  /** Brings a row into view, so that it exists and can be focused. */
  reveal: (index: number) => void
}

/**
 * One tab stop for a whole list: arrows, J, K, Home and End move the focus, also to rows that are not rendered yet. Rows get
 * `tabIndex={roving.tabIndex(id)}`, `ref={roving.ref(id)}` and `onFocus={() => roving.visit(id)}`.
 */
export function useRoving({ ids, reveal }: Needs) {
  const [visited, setVisited] = useState<string>()
  const elements = useRef(new Map<string, HTMLElement>())
  const wanted = useRef<string>(undefined)
  const active = visited !== undefined && ids.includes(visited) ? visited : ids[0]

  // A row that was out of view can take the focus once it is there.
  useLayoutEffect(() => {
    const element = wanted.current === undefined ? undefined : elements.current.get(wanted.current)
    if (!element) return
    wanted.current = undefined
    element.focus({ preventScroll: true })
  })

  const focus = useCallback(
    (id: string): void => {
      const index = ids.indexOf(id)
      if (index < 0) return
      setVisited(id)
      reveal(index)
      const element = elements.current.get(id)
      if (element) element.focus({ preventScroll: true })
      else wanted.current = id
    },
    [ids, reveal],
  )
  const move = useCallback(
    (step: number): void => {
      if (ids.length === 0) return
      const inside = [...elements.current.values()].includes(document.activeElement as HTMLElement)
      const from = active === undefined ? 0 : ids.indexOf(active)
      const to = inside ? Math.min(ids.length - 1, Math.max(0, from + step)) : from
      const id = ids[to]
      if (id !== undefined) focus(id)
    },
    [ids, active, focus],
  )
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, Home: -ids.length, End: ids.length }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    move(step)
  }

  return {
    active,
    move,
    focus,
    onKeyDown,
    visit: (id: string): void => setVisited(id),
    tabIndex: (id: string): 0 | -1 => (id === active ? 0 : -1),
    ref:
      (id: string) =>
      (element: HTMLElement | null): void => {
        if (element) elements.current.set(id, element)
        else elements.current.delete(id)
      },
  }
}
