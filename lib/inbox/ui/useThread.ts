import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { useLive } from '../../ui/live.ts'
import { positionOf, readThread } from '../queries.ts'
import { useHost } from './host.ts'
import { FRESH_MAX, PAGE, type Pages, prepend, refresh } from './threadPages.ts'

/** A message opened from search or a notification is looked for among this many newer items. */
const REACH_MAX = 5_000

/** A conversation in pages of 50, newest first to load, oldest first to show; it follows changes. `reach` is a message that must be among them. */
export function useThread(conversationId: string, reach: string | undefined) {
  const { db, profileId } = useHost()
  const [pages, setPages] = useState<Pages>()
  const latest = useRef<Pages>(undefined)
  latest.current = pages
  const loading = useRef(false)

  const { error, reload } = useLive(
    async (signal) => {
      const loaded = latest.current?.items.length ?? 0
      const limit =
        latest.current === undefined
          ? Math.max(PAGE, await distance(db, profileId, conversationId, reach))
          : Math.min(FRESH_MAX, Math.max(PAGE, loaded))
      const fresh = await readThread(db, profileId, conversationId, { limit })
      if (!signal.aborted) setPages((before) => refresh(before, fresh))
    },
    ['messages', 'replies'],
    [profileId, conversationId],
    (change) => change.conversationId === undefined || change.conversationId === conversationId,
  )

  const loadOlder = useCallback(async () => {
    const first = latest.current?.items[0]
    if (!first || !latest.current?.more || loading.current) return
    loading.current = true
    try {
      const older = await readThread(db, profileId, conversationId, { before: positionOf(first), limit: PAGE })
      setPages((before) => before && prepend(before, older))
    } finally {
      loading.current = false
    }
  }, [db, profileId, conversationId])

  // Coming to a message of the open conversation: load up to it.
  const reached = useRef(reach)
  useEffect(() => {
    if (reach === undefined || reach === reached.current) return
    reached.current = reach
    void (async () => {
      const limit = await distance(db, profileId, conversationId, reach)
      const fresh = await readThread(db, profileId, conversationId, { limit })
      setPages((before) => (before && before.items.length >= fresh.items.length ? before : fresh))
    })()
  }, [db, profileId, conversationId, reach])

  return { pages, error, reload, loadOlder }
}

/** How many of the newest items must be read to have this message among them, with some before it. */
async function distance(
  db: ReturnType<typeof useHost>['db'],
  profileId: string,
  conversationId: string,
  messageId: string | undefined,
): Promise<number> {
  const message = messageId === undefined ? undefined : await db.get('messages', [profileId, messageId])
  if (!message || message.conversationId !== conversationId) return PAGE
  const from = [profileId, conversationId, message.at, message.seq]
  const newer = await db.countFromIndex('messages', 'conversation', IDBKeyRange.bound(from, [profileId, conversationId, []]))
  return Math.min(REACH_MAX, newer + PAGE)
}
