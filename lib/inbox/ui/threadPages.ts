import { type Position, positionOf, type ThreadItem } from '../thread.ts'
import { itemKey } from './threadRows.ts'

/** Items that follow each other. `more`: there are older ones; `later`: there are newer ones, of which nothing is loaded yet. */
export type Pages = { items: ThreadItem[]; more: boolean; later: boolean }
type Read = { items: ThreadItem[]; more: boolean }

/** One page of a conversation. */
export const PAGE = 50
/** A change is looked for in at most this many of the newest items; older ones hardly ever change. */
export const FRESH_MAX = 200

/** Puts an older page before what is there. */
export function prepend(pages: Pages, older: Read): Pages {
  const known = new Set(pages.items.map(itemKey))
  return { ...pages, items: [...older.items.filter((item) => !known.has(itemKey(item))), ...pages.items], more: older.more }
}

/** Puts a newer page after what is there. */
export function append(pages: Pages, newer: Read): Pages {
  const known = new Set(pages.items.map(itemKey))
  return { ...pages, items: [...pages.items, ...newer.items.filter((item) => !known.has(itemKey(item)))], later: newer.more }
}

/**
 * Puts a newly read end in the place of the old one and keeps the older items already loaded. If so much came in between that the two do
 * not meet, only the new end stays: the hole would not be seen.
 */
export function refresh(pages: Pages | undefined, { items, more }: Read): Pages {
  const fresh = { items, more, later: false }
  const first = items[0]
  if (!pages || !first || !more) return fresh
  const known = new Set(pages.items.map(itemKey))
  if (!items.some((item) => known.has(itemKey(item)))) return fresh
  const older = pages.items.filter((item) => isBefore(item, positionOf(first)))
  return older.length === 0 ? fresh : { ...fresh, items: [...older, ...items], more: pages.more }
}

/** Puts what was read anew after `from` in the place of what was there; what was loaded beyond it meanwhile stays. */
export function renew(pages: Pages, from: Position, { items, more }: Read): Pages {
  const last = items.at(-1)
  const before = pages.items.filter((item) => !isBefore(from, positionOf(item)))
  const beyond = last ? pages.items.filter((item) => isBefore(positionOf(last), positionOf(item))) : []
  return { ...pages, items: [...before, ...items, ...beyond], later: beyond.length > 0 ? pages.later : more }
}

function isBefore(item: ThreadItem | Position, than: Position): boolean {
  const { at, seq } = 'kind' in item ? positionOf(item) : item
  return at < than.at || (at === than.at && seq < than.seq)
}
