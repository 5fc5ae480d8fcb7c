import { useEffect, useState } from 'preact/hooks'

/** Nothing for this long, in milliseconds: what answers sooner needs no placeholder. */
export const SKELETON_AFTER_MS = 150

/** True once `active` has been so for a while; false again at once. */
export function useDelayed(active: boolean, afterMs: number = SKELETON_AFTER_MS): boolean {
  const [late, setLate] = useState(false)
  useEffect(() => {
    setLate(false)
    if (!active) return
    const timer = setTimeout(() => setLate(true), afterMs)
    return () => clearTimeout(timer)
  }, [active, afterMs])
  return active && late
}
