import type { ConversationRow } from '../queries.ts'
import type { Places } from '../search/find.ts'

export const FILTERS = ['all', 'unread', 'unsent'] as const
export type Filter = (typeof FILTERS)[number]

/** What the list is narrowed to. With `files` it is the messages with files that are listed. client:SRC4 */
export type Narrowing = { filter: Filter; channelId: string | undefined; files: boolean }
export const EVERYTHING: Narrowing = { filter: 'all', channelId: undefined, files: false }

/** The same for a search. `key` names it. */
export type Scope = { key: string; conversations: Places; file: boolean; unread: boolean }

/** Which conversations are shown. `failed` holds those with a reply that was not sent. */
export function filterRows(
  rows: readonly ConversationRow[],
  { filter, channelId }: Omit<Narrowing, 'files'>,
  failed: ReadonlySet<string>,
): ConversationRow[] {
  return rows.filter(
    (row) =>
      (channelId === undefined || row.channelId === channelId) &&
      (filter === 'all' || (filter === 'unread' ? row.unread > 0 : failed.has(row.id))),
  )
}

/** What a search goes through while the list is narrowed so. Unread is asked of each message, not of its conversation. */
export function scopeOf(narrowing: Narrowing, rows: readonly ConversationRow[], failed: ReadonlySet<string>): Scope {
  const { filter, channelId, files } = narrowing
  const some = filterRows(rows, { channelId, filter: filter === 'unread' ? 'all' : filter }, failed)
  return {
    key: JSON.stringify(narrowing),
    conversations: some.length < rows.length ? new Set(some.map(({ id }) => id)) : undefined,
    file: files,
    unread: filter === 'unread',
  }
}

/** What stands behind the word: unread messages, conversations with unsent replies. Nothing behind "All". */
export function filterCount(rows: readonly ConversationRow[], filter: Filter, failed: ReadonlySet<string>): number {
  if (filter === 'unread') return rows.reduce((sum, row) => sum + row.unread, 0)
  return filter === 'unsent' ? failed.size : 0
}

/** Counts stop at 99+. */
export function shortCount(count: number): string {
  return count > 99 ? '99+' : String(count)
}
