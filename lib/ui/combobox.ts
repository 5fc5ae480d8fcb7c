import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'

/**
 * A field and the list of what can be chosen with it: the focus stays in the field, arrows move through the list, Enter chooses, and the
 * first one is always ready. Spread `field` on the input, `list` on the list and `option(index)` on each row.
 */
export function useCombobox<T>({
  items,
  typed,
  choose,
}: {
  items: readonly T[]
  /** What the list follows from: another one begins at the first row again. */
  typed: string
  choose: (item: T) => void
}) {
  const id = useId()
  const [wanted, setWanted] = useState(0)
  const list = useRef<HTMLUListElement>(null)
  const at = Math.min(wanted, items.length - 1)
  useEffect(() => setWanted(0), [typed])
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [at])

  const pick = (index: number): void => {
    const item = items[index]
    if (item !== undefined) choose(item)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Enter') {
      event.preventDefault()
      pick(at)
      return
    }
    const last = items.length - 1
    const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, PageDown: at + 8, PageUp: at - 8 }[
      event.key
    ]
    if (to === undefined) return
    event.preventDefault()
    setWanted(Math.max(0, Math.min(last, to)))
  }
  return {
    at,
    field: {
      role: 'combobox' as const,
      'aria-expanded': items.length > 0,
      'aria-controls': `${id}-list`,
      'aria-autocomplete': 'list' as const,
      'aria-activedescendant': items.length > 0 ? `${id}-${at}` : undefined,
      autocomplete: 'off' as const,
      spellcheck: false,
      onKeyDown,
    },
    list: { id: `${id}-list`, role: 'listbox' as const, ref: list },
    option: (index: number) => ({
      id: `${id}-${index}`,
      role: 'option' as const,
      'aria-selected': index === at,
      // The field keeps the focus.
      onMouseDown: (event: MouseEvent) => event.preventDefault(),
      onMouseMove: () => index !== at && setWanted(index),
      onClick: () => pick(index),
    }),
  }
}

export type Option = ReturnType<ReturnType<typeof useCombobox>['option']>
