import type { ConversationRow } from '../queries.ts'
import type { Places } from '../search/find.ts'
import { isAway, standingOf } from '../standing.ts'

export const FILTERS = ['all', 'unread', 'unsent'] as const
/** What is away from the inbox. client:MRK2, SNZ1 */
export const AWAY_FILTERS = ['archived', 'snoozed'] as const
export type Filter = (typeof FILTERS | typeof AWAY_FILTERS)[number]

/** What the list is narrowed to. With `files` it is the messages with files that are listed. client:SRC4 */
export type Narrowing = { filter: Filter; channelId: string | undefined; files: boolean }
export const EVERYTHING: Narrowing = { filter: 'all', channelId: undefined, files: false }

/** The same for a search. `key` names it. */
export type Scope = { key: string; conversations: Places; file: boolean; unread: boolean }

/** Which conversations are shown. `failed` holds those with a reply that was not sent, which is said of those that are away, too. */
export function filterRows(
  rows: readonly ConversationRow[],
  { filter, channelId }: Omit<Narrowing, 'files'>,
  failed: ReadonlySet<string>,
  now: number,
): ConversationRow[] {
  const fits = (row: ConversationRow): boolean => {
    const standing = standingOf(row.mark, row, now)
    switch (filter) {
      case 'all':
        return !isAway(standing)
      case 'unread':
        return row.unread > 0 && !isAway(standing)
      case 'unsent':
        return failed.has(row.id)
      case 'archived':
        return standing.archived
      case 'snoozed':
        return standing.snoozedUntil !== undefined
    }
  }
  return rows.filter((row) => (channelId === undefined || row.channelId === channelId) && fits(row))
}

/** What a search goes through while the list is narrowed so. Unread is asked of each message, and what is away is searched as well. */
export function scopeOf(narrowing: Narrowing, rows: readonly ConversationRow[], failed: ReadonlySet<string>, now: number): Scope {
  const { filter, channelId, files } = narrowing
  const ofAll = filter === 'all' || filter === 'unread'
  const some = ofAll
    ? rows.filter((row) => channelId === undefined || row.channelId === channelId)
    : filterRows(rows, narrowing, failed, now)
  return {
    key: JSON.stringify(narrowing),
    conversations: some.length < rows.length ? new Set(some.map(({ id }) => id)) : undefined,
    file: files,
    unread: filter === 'unread',
  }
}

/** What stands behind the word: unread messages, conversations with unsent replies. Nothing behind "All". */
export function filterCount(rows: readonly ConversationRow[], filter: Filter, failed: ReadonlySet<string>, now: number): number {
  if (filter === 'unsent') return failed.size
  if (filter !== 'unread') return 0
  const unread = filterRows(rows, { filter, channelId: undefined }, failed, now)
  return unread.reduce((sum, row) => sum + row.unread, 0)
}
