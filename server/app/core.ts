import { createRequestVerifier } from '../auth/requestSignature.ts'
import { createSessions } from '../auth/sessions.ts'
import { createTickets } from '../auth/tickets.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { createGuards } from '../http/guards.ts'
import { createRateLimits } from '../http/rateLimits.ts'
import type { Counts } from '../metrics/counts.ts'
import type { Store } from '../store/port.ts'

export type Core = ReturnType<typeof createCore>

/** What every route stands on: sessions, tickets, limits, guards. */
export function createCore({ config, clock, store, counts }: { config: Config; clock: Clock; store: Store; counts: Counts }) {
  const limits = createRateLimits({ clock, overrides: config.rateLimits, onLimited: counts.limited.add })
  const verify = createRequestVerifier({ now: clock.now })
  const sessions = createSessions({ store: store.sessions })
  const tickets = createTickets({ clock })
  sessions.watch({
    tokensEnded(hashes) {
      const gone = new Set(hashes)
      tickets.voidWhere(({ tokenHash }) => gone.has(tokenHash))
    },
    removed: (userId) => tickets.voidWhere((owner) => owner.userId === userId),
  })
  const guards = createGuards({ sessions, nonces: store.nonces, verify, limits, clock })
  return { limits, verify, sessions, tickets, guards }
}
