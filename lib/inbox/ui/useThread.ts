import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { useLive } from '../../ui/live.ts'
import { type Goal, type Position, positionOf, readAround, readThread } from '../thread.ts'
import { useHost } from './host.ts'
import { append, FRESH_MAX, PAGE, type Pages, prepend, refresh, renew } from './threadPages.ts'
import { goalKey, itemKey } from './threadRows.ts'

/** Where a conversation opens: the key of the row asked for, or its end. */
export type Spot = string
export const AT_END: Spot = 'end'

/**
 * A conversation in pages of 50; it follows changes. It begins at its newest items, or around `goal`, however far back that is. `spot` is
 * what to show first, `undefined` while it is looked for. client:INB3
 */
export function useThread(conversationId: string, goal: Goal | undefined) {
  const { db, profileId } = useHost()
  const [pages, setPages] = useState<Pages>()
  const [spot, setSpot] = useState<Spot>()
  const latest = useRef<Pages>(undefined)
  latest.current = pages
  const loading = useRef(false)
  const newestReply = useRef<string>(undefined)
  const wanted = goal && goalKey(goal)

  const readNewest = async (limit = PAGE): Promise<Pages> => ({
    ...(await readThread(db, profileId, conversationId, { limit })),
    later: false,
  })

  async function readFirst(): Promise<void> {
    const around = goal && (await readAround(db, profileId, conversationId, goal, PAGE))
    newestReply.current = await lastReply()
    setPages(around ?? (await readNewest()))
    setSpot(around ? goalKey(around.goal) : AT_END)
  }

  /** Set while our own reply is the newest item. One the reader has just sent is what the reader wants to see. */
  async function lastReply(): Promise<string | undefined> {
    const { items } = await readThread(db, profileId, conversationId, { limit: 1 })
    const newest = items[0]?.kind === 'reply' ? items[0].reply : undefined
    return newest?.automatic || newest?.elsewhere ? undefined : newest?.clientId
  }

  async function readAgain(before: Pages): Promise<void> {
    const first = before.items[0]
    const reply = await lastReply()
    if (!before.later || !first || (reply !== undefined && reply !== newestReply.current)) {
      newestReply.current = reply
      const fresh = await readNewest(Math.min(FRESH_MAX, Math.max(PAGE, before.items.length)))
      setPages((now) => (now?.later ? fresh : refresh(now, fresh)))
      return
    }
    const from = justBefore(positionOf(first))
    const fresh = await readThread(db, profileId, conversationId, { after: from, limit: before.items.length })
    setPages((now) => now && renew(now, from, fresh))
  }

  const { error, reload } = useLive(
    async () => {
      if (latest.current) await readAgain(latest.current)
      else await readFirst()
    },
    ['messages', 'replies'],
    [profileId, conversationId],
    (change) => change.conversationId === undefined || change.conversationId === conversationId,
  )

  /** One page at a time, in either direction. */
  async function load(read: (shown: Pages) => Promise<((now: Pages) => Pages) | undefined>): Promise<void> {
    if (!latest.current || loading.current) return
    loading.current = true
    try {
      const put = await read(latest.current)
      if (put) setPages((now) => now && put(now))
    } finally {
      loading.current = false
    }
  }
  const loadOlder = useCallback(
    () =>
      load(async ({ items: [first], more }) => {
        if (!first || !more) return undefined
        const older = await readThread(db, profileId, conversationId, { before: positionOf(first), limit: PAGE })
        return (now) => prepend(now, older)
      }),
    [db, profileId, conversationId],
  )
  const loadLater = useCallback(
    () =>
      load(async ({ items, later }) => {
        const last = items.at(-1)
        if (!last || !later) return undefined
        const newer = await readThread(db, profileId, conversationId, { after: positionOf(last), limit: PAGE })
        return (now) => append(now, newer)
      }),
    [db, profileId, conversationId],
  )

  // Coming to an item of the open conversation.
  const asked = useRef(wanted)
  useEffect(() => {
    if (asked.current === wanted) return
    asked.current = wanted
    if (!latest.current || !wanted) return
    if (latest.current.items.some((item) => itemKey(item) === wanted)) setSpot(wanted)
    else void readFirst().catch(() => undefined)
  }, [wanted])

  return { pages, spot, error, reload, loadOlder, loadLater, toNewest: async () => setPages(await readNewest()) }
}

function justBefore({ at, seq }: Position): Position {
  return { at, seq: seq - 1 }
}
