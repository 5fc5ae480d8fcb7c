import { useState } from 'preact/hooks'
import { i18n } from '#i18n'

const KEPT = 'list-width'
/** Widths of the list, css pixels: its rows stay readable, and the conversation keeps the larger part of a narrow window. */
const LEAST = 240
const MOST = 560
const USUAL = 352
const STEP = 16

const within = (width: number): number => Math.round(Math.min(MOST, Math.max(LEAST, width)))

/** The width of the list as it was left, kept for every window of this browser. client:RCH1 */
export function useListWidth(): { width: number; setWidth: (width: number) => void } {
  const [width, setWidth] = useState(() => within(Number(localStorage.getItem(KEPT)) || USUAL))
  return {
    width,
    setWidth(wanted) {
      const next = within(wanted)
      localStorage.setItem(KEPT, String(next))
      setWidth(next)
    },
  }
}

/** Between the list and the conversation where both have room: moved by pointer or arrow keys, put back by a double click or Home. client:RCH1 */
export function Divider({ width, setWidth }: ReturnType<typeof useListWidth>) {
  const sign = getComputedStyle(document.documentElement).direction === 'rtl' ? -1 : 1
  const drag = (event: PointerEvent): void => {
    if (event.button !== 0 || !(event.currentTarget instanceof HTMLElement)) return
    const divider = event.currentTarget
    const from = event.clientX
    event.preventDefault()
    divider.focus({ preventScroll: true })
    divider.setPointerCapture(event.pointerId)
    const move = ({ clientX }: PointerEvent): void => setWidth(width + (clientX - from) * sign)
    divider.addEventListener('pointermove', move)
    divider.addEventListener('lostpointercapture', () => divider.removeEventListener('pointermove', move), { once: true })
  }
  const press = (event: KeyboardEvent): void => {
    const to = { ArrowRight: width + STEP * sign, ArrowLeft: width - STEP * sign, Home: USUAL }[event.key]
    if (to === undefined) return
    event.preventDefault()
    setWidth(to)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved
    <div
      class="divider"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={i18n.t('popup.divider')}
      aria-valuenow={width}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      onPointerDown={drag}
      onKeyDown={press}
      onDblClick={() => setWidth(USUAL)}
    />
  )
}
