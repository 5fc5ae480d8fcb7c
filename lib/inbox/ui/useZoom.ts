import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Fitted into its stage, or in its own size where that is larger. Each picture begins fitted. client:PIC3 */
export function useZoom(stage: RefObject<HTMLElement | null>, pictureId: string) {
  const [zoom, setZoom] = useState({ of: pictureId, actual: false, useful: false })
  const { actual, useful } = zoom.of === pictureId ? zoom : { actual: false, useful: false }
  /** The point that was pressed, as a part of the picture: it stays in view. */
  const point = useRef({ x: 0.5, y: 0.5 })

  const measure = (): void => {
    const picture = stage.current?.querySelector('img')
    if (!picture || !stage.current) return
    const { clientWidth, clientHeight } = stage.current
    const larger = picture.naturalWidth > clientWidth || picture.naturalHeight > clientHeight
    setZoom((before) => ({ of: pictureId, actual: before.of === pictureId && before.actual && larger, useful: larger }))
  }
  useEffect(() => {
    addEventListener('resize', measure)
    return () => removeEventListener('resize', measure)
  }, [pictureId])
  useLayoutEffect(() => {
    const element = stage.current
    if (!actual || !element) return
    const { x, y } = point.current
    // A page from right to left counts from its other end.
    const across = element.scrollWidth * x - element.clientWidth / 2
    const isRtl = getComputedStyle(element).direction === 'rtl'
    element.scrollTo(
      isRtl ? across - (element.scrollWidth - element.clientWidth) : across,
      element.scrollHeight * y - element.clientHeight / 2,
    )
  }, [actual])

  const toggle = (): void => {
    point.current = { x: 0.5, y: 0.5 }
    if (useful) setZoom({ of: pictureId, actual: !actual, useful })
  }
  return {
    actual,
    useful,
    measure,
    toggle,
    toggleAt(event: MouseEvent): void {
      toggle()
      const box = (event.currentTarget as Element).getBoundingClientRect()
      point.current = { x: (event.clientX - box.x) / box.width, y: (event.clientY - box.y) / box.height }
    },
    /** Whether there is something to the side to scroll to. */
    isWide: (): boolean => actual && stage.current !== null && stage.current.scrollWidth > stage.current.clientWidth,
  }
}
