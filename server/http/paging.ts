import { RelayError } from '#protocol/errors.ts'
import { PAGE_DEFAULT, PAGE_MAX } from '#protocol/limits.ts'

/** Where a page begins, strictly after it: a seq, or a time in epoch milliseconds. */
export type Position = { after: number } | { since: number }

/** `after` wins over `since`; without either a page begins at the beginning. Throws invalid_cursor. relay:CUR3 */
export function readPosition(query: URLSearchParams): Position {
  const after = query.get('after')
  if (after !== null) return { after: readSeq(after) }
  const since = query.get('since')
  if (since === null) return { after: 0 }
  const time = Date.parse(since)
  if (Number.isNaN(time)) throw new RelayError('invalid_cursor', 'since must be a date, as in the "since" of an earlier answer.')
  return { since: time }
}

function readSeq(text: string): number {
  const seq = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(seq)) throw new RelayError('invalid_cursor', 'after must be a whole number of 0 or more.')
  return seq
}

/** How many entries a page may have: 1 to `most`, `usual` when the caller does not say. Throws invalid_field. relay:CUR4, ADM7 */
export function readLimit(query: URLSearchParams, { usual, most } = { usual: PAGE_DEFAULT, most: PAGE_MAX }): number {
  const text = query.get('limit')
  if (text === null) return usual
  const wanted = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isInteger(wanted)) throw new RelayError('invalid_field', `limit must be a whole number, 1 to ${most}.`)
  return Math.min(most, Math.max(1, wanted))
}

/**
 * The `since` to answer with (ISO 8601). `last` is the timestamp of the last entry of the page, `now` the clock before the page was read and
 * handed out to the store, which gives everything later a greater timestamp. relay:CUR5
 */
export function nextSince(page: { last: string | undefined; hasMore: boolean; now: number }): string {
  const last = page.last === undefined ? 0 : Date.parse(page.last)
  return new Date(page.hasMore ? last : Math.max(page.now, last)).toISOString()
}
