import type { ConversationRow } from '../queries.ts'

export const FILTERS = ['all', 'unread', 'unsent'] as const
export type Filter = (typeof FILTERS)[number]

/** Which conversations a filter shows. `failed` holds those with a reply that was not sent. */
export function filterRows(rows: ConversationRow[], filter: Filter, failed: ReadonlySet<string>): ConversationRow[] {
  if (filter === 'unread') return rows.filter((row) => row.unread > 0)
  if (filter === 'unsent') return rows.filter((row) => failed.has(row.id))
  return rows
}

/** What stands behind the word: unread messages, conversations with unsent replies. Nothing behind "All". */
export function filterCount(rows: ConversationRow[], filter: Filter, failed: ReadonlySet<string>): number {
  if (filter === 'unread') return rows.reduce((sum, row) => sum + row.unread, 0)
  return filter === 'unsent' ? failed.size : 0
}

/** Counts stop at 99+. */
export function shortCount(count: number): string {
  return count > 99 ? '99+' : String(count)
}
