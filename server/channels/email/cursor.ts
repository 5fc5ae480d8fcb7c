import * as z from 'zod/mini'

/** Position under which the cursor is committed with each mail. relay:EML7 */
export const CURSOR = 'email.cursor'
/** The provider may list a mail later than one it received after it. */
const OVERLAP_MS = 5 * 60_000
/** Mails remembered by id; forgotten ones are only fetched again and then recognised by the store. */
const MAX_SEEN = 500

const cursorSchema = z.object({ horizon: z.number(), seen: z.array(z.tuple([z.string(), z.number()])) })

export type Cursor = ReturnType<typeof createCursor>

/**
 * How far the list of received mail is read. Everything received before `horizon` is done; after it, the mails in `seen` are. Mails that
 * arrive while others are being handled, or out of order, are so neither lost nor taken twice. Times are epoch milliseconds.
 */
export function createCursor(kept: readonly string[], start: number) {
  const read = kept.map(readCursor).filter((cursor) => cursor !== undefined)
  let horizon = Math.max(...read.map((cursor) => cursor.horizon), read.length > 0 ? 0 : start - OVERLAP_MS)
  const seen = new Map<string, number>(read.flatMap((cursor) => cursor.seen))
  prune()

  function prune(): void {
    for (const [id, at] of seen) if (at < horizon) seen.delete(id)
    for (const id of seen.keys()) {
      if (seen.size <= MAX_SEEN) return
      seen.delete(id)
    }
  }

  const written = (extra: [string, number][] = []) => JSON.stringify({ horizon, seen: [...seen, ...extra] })

  return {
    get horizon() {
      return horizon
    },
    has: (id: string) => seen.has(id),
    /** What to commit together with this mail. */
    with: (id: string, at: number): string => written([[id, at]]),
    note(id: string, at: number): void {
      seen.set(id, at)
      prune()
    },
    /** Everything up to `newest` was handled. */
    completeUpTo(newest: number): void {
      horizon = Math.max(horizon, newest - OVERLAP_MS)
      prune()
    },
    /** What to commit when no mail is there to commit it with. */
    value: (): string => written(),
  }
}

function readCursor(value: string): z.infer<typeof cursorSchema> | undefined {
  try {
    return z.safeParse(cursorSchema, JSON.parse(value)).data
  } catch {
    return undefined
  }
}

/** Resend's times: ISO 8601, or `2025-10-09 14:37:40.951732+00`. Undefined for anything else. */
export function readTime(text: string | null | undefined): number | undefined {
  if (!text) return undefined
  const at = Date.parse(
    text
      .trim()
      .replace(' ', 'T')
      .replace(/([+-]\d\d)$/, '$1:00'),
  )
  return Number.isNaN(at) ? undefined : at
}
