import { useEffect, useMemo, useState } from 'preact/hooks'
import { useLive } from '../../ui/live.ts'
import { createSearching, type Found, type Places } from '../search/find.ts'
import type { Query } from '../search/query.ts'
import { useHost } from './host.ts'

/** Typing pauses shorter than this start no search, in milliseconds. */
const DEBOUNCE_MS = 80
/** More than anyone scrolls through: the next word narrows it. */
export const RESULTS_MAX = 100

/** What is looked for, and where. `key` names it: the same key is the same search. */
export type Wanted = { key: string; query: Query; places: Places }

/** Searches everything stored while the reader types. The next letter aborts the search before. `undefined` while the first one runs. */
export function useSearch(wanted: Wanted): (Found & { key: string }) | undefined {
  const { db, profileId } = useHost()
  const searching = useMemo(() => createSearching({ db, profileId }), [db, profileId])
  const settled = useSettled(wanted, DEBOUNCE_MS)
  return useLive(
    async (signal) => ({
      key: settled.key,
      ...(await searching.search(settled.query, RESULTS_MAX, settled.places, signal)),
    }),
    ['messages', 'replies'],
    [settled.key, searching],
  ).value
}

/** What is wanted once it has stayed the same for a while; the first counts at once. */
function useSettled(wanted: Wanted, afterMs: number): Wanted {
  const [settled, setSettled] = useState(wanted)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(wanted), afterMs)
    return () => clearTimeout(timer)
  }, [wanted.key, afterMs])
  return settled
}
