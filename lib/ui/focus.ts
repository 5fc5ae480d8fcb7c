import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/** Puts the focus on an element when it first shows, and gives it back to where it came from when it goes. */
export function useFocusHere<T extends HTMLElement>(active = true): RefObject<T | null> {
  const ref = useRef<T>(null)
  // Before it is painted, so that no key pressed into what can be seen is lost.
  useLayoutEffect(() => {
    if (!active) return
    const before = document.activeElement
    ref.current?.focus({ preventScroll: true })
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [active])
  return ref
}

/** Single keys and what they do, while the focus is outside text fields and no modifier is held. */
export function useKeys(keys: Record<string, (event: KeyboardEvent) => void>, active = true): void {
  const latest = useRef(keys)
  latest.current = keys
  // Before the page is painted, so that no key pressed on a page that can be seen is lost.
  useLayoutEffect(() => {
    if (!active) return
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key !== 'Escape' && isTyping(event.target)) return
      // A dialog over the page has keys of its own.
      if (document.querySelector('dialog[open]')) return
      latest.current[event.key]?.(event)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [active])
}

/** Whether keys belong to a text field. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'file'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
}
