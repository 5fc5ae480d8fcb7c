import { useEffect, useState } from 'preact/hooks'
import { useLive } from '../../ui/live.ts'
import { countSearched, searchItems } from '../search.ts'
import type { ThreadItem } from '../thread.ts'
import { useHost } from './host.ts'

/** Typing pauses shorter than this start no search, in milliseconds. */
const DEBOUNCE_MS = 150
/** More than anyone scrolls through: the next word narrows it. */
export const RESULTS_MAX = 100

export type Found = { words: string; items: ThreadItem[]; searched: number }

/** Searches everything stored while the reader types. The next words abort the search before. `undefined` while the first one runs. */
export function useSearch(words: string): Found | undefined {
  const { db, profileId } = useHost()
  const wanted = useSettled(words.trim(), DEBOUNCE_MS)
  const { value } = useLive(
    async (signal): Promise<Found | undefined> => {
      if (wanted === '') return undefined
      const [items, searched] = await Promise.all([
        searchItems(db, profileId, wanted, RESULTS_MAX, signal),
        countSearched(db, profileId),
      ])
      return { words: wanted, items, searched }
    },
    ['messages', 'replies'],
    [wanted, profileId],
  )
  return words.trim() === '' ? undefined : value
}

/** A value once it has stayed the same for a while. An emptied one counts at once. */
function useSettled(value: string, afterMs: number): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    if (value === '') return setSettled('')
    const timer = setTimeout(() => setSettled(value), afterMs)
    return () => clearTimeout(timer)
  }, [value, afterMs])
  return settled
}
