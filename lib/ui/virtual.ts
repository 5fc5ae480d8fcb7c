import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core'
import { useLayoutEffect, useReducer, useState } from 'preact/hooks'

export type VirtualOptions = Omit<
  VirtualizerOptions<HTMLElement, HTMLElement>,
  'observeElementRect' | 'observeElementOffset' | 'scrollToFn' | 'onChange'
>

/** Renders only the rows near the view of a scrolling element. Rows carry `data-index` and `ref={virtual.measureElement}`. */
export function useVirtual(options: VirtualOptions): Virtualizer<HTMLElement, HTMLElement> {
  const [, render] = useReducer<number, void>((count) => count + 1, 0)
  const resolved: VirtualizerOptions<HTMLElement, HTMLElement> = {
    ...options,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    // Preact renders in a microtask: a scroll correction and the rows it belongs to reach the screen in one frame.
    onChange: () => render(),
  }
  const [virtual] = useState(() => new Virtualizer(resolved))
  virtual.setOptions(resolved)
  useLayoutEffect(() => virtual._didMount(), [virtual])
  useLayoutEffect(() => virtual._willUpdate())
  return virtual
}

/** Styles that give a list its full length and put the rendered rows where they belong, in the flow. */
export function virtualSpace(virtual: Virtualizer<HTMLElement, HTMLElement>, items: VirtualItem[]) {
  return { blockSize: `${virtual.getTotalSize()}px`, paddingBlockStart: `${items[0]?.start ?? 0}px` }
}
