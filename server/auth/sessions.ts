import type { SessionRecord, SessionStore } from '../store/port.ts'
import { createLru } from './lru.ts'
import { hashToken } from './secrets.ts'

/** A session and which of its apiKeys was shown. */
export type Known = { session: SessionRecord; tokenHash: string }

/** Sessions kept ready so that a request costs no read; about 500 bytes each. */
const CACHED = 10_000

export type Sessions = ReturnType<typeof createSessions>

/** Told after the store has forgotten them, so that tickets and open sockets die with them. relay:REG7, WS15 */
export type SessionWatcher = { tokensEnded(tokenHashes: string[]): void; removed(userId: string): void }

/** Who an apiKey belongs to. */
export function createSessions({ store }: { store: SessionStore }) {
  const watchers: SessionWatcher[] = []
  const cache = createLru<string, Known>(CACHED)
  /** Counts invalidations: a read that began before one must not fill the cache after it. */
  let generation = 0

  async function byTokenHash(tokenHash: string): Promise<Known | undefined> {
    const cached = cache.get(tokenHash)
    if (cached) return cached
    const before = generation
    const session = await store.byTokenHash(tokenHash)
    if (!session) return undefined
    const known = { session, tokenHash }
    if (before === generation) cache.set(tokenHash, known)
    return known
  }

  function forget(matches: (known: Known) => boolean): void {
    generation += 1
    cache.deleteWhere(matches)
  }

  return {
    watch(watcher: SessionWatcher): void {
      watchers.push(watcher)
    },
    byTokenHash,
    byToken: (token: string): Promise<Known | undefined> => byTokenHash(hashToken(token)),
    byUserId: (userId: string): Promise<SessionRecord | undefined> => store.byUserId(userId),
    list: (): Promise<SessionRecord[]> => store.list(),

    /** Ends every apiKey of the session but one. relay:REG7 */
    async endTokensExcept(userId: string, tokenHash: string): Promise<void> {
      const ended = await store.revokeTokensExcept(userId, tokenHash)
      if (ended.length === 0) return
      const gone = new Set(ended)
      forget((known) => gone.has(known.tokenHash))
      for (const watcher of watchers) watcher.tokensEnded(ended)
    },

    /** Removes the session with everything it owns; false when there was none. relay:STO6, ADM8 */
    async remove(userId: string): Promise<boolean> {
      const removed = await store.remove(userId)
      forget((known) => known.session.userId === userId)
      for (const watcher of watchers) watcher.removed(userId)
      return removed
    },

    /** The stored record changed: the next request reads it again. */
    refresh(userId: string): void {
      forget((known) => known.session.userId === userId)
    },
  }
}
