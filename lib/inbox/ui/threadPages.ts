import { type Position, positionOf, type ThreadItem } from '../queries.ts'
import { itemKey } from './threadRows.ts'

export type Pages = { items: ThreadItem[]; more: boolean }

/** One page of a conversation. */
export const PAGE = 50
/** A change is looked for in at most this many of the newest items; older ones hardly ever change. */
export const FRESH_MAX = 200

/** Puts an older page before what is there. */
export function prepend(pages: Pages, older: Pages): Pages {
  const known = new Set(pages.items.map(itemKey))
  return { items: [...older.items.filter((item) => !known.has(itemKey(item))), ...pages.items], more: older.more }
}

/**
 * Puts a newly read end in the place of the old one and keeps the older items already loaded. If so much came in between that the two do
 * not meet, only the new end stays: the hole would not be seen.
 */
export function refresh(pages: Pages | undefined, fresh: Pages): Pages {
  const first = fresh.items[0]
  if (!pages || !first || !fresh.more) return fresh
  const known = new Set(pages.items.map(itemKey))
  if (!fresh.items.some((item) => known.has(itemKey(item)))) return fresh
  const start = positionOf(first)
  const older = pages.items.filter((item) => isBefore(positionOf(item), start))
  return older.length === 0 ? fresh : { items: [...older, ...fresh.items], more: pages.more }
}

function isBefore(a: Position, b: Position): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq)
}
