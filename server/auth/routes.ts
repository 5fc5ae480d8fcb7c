import type { Guards, Route } from '../http/route.ts'
import type { Sessions } from './sessions.ts'
import type { Tickets } from './tickets.ts'

/** POST /ws/ticket. relay:WS3 */
export function ticketRoute({ tickets, guards }: { tickets: Tickets; guards: Guards }): Route {
  return {
    method: 'POST',
    path: '/ws/ticket',
    handle: guards.bearer('wsTicket', ({ session, tokenHash }) => ({ json: tickets.issue({ userId: session.userId, tokenHash }) })),
  }
}

/** DELETE /session: final. `beforeRemove` closes what belongs to the session outside the store (channel connections). relay:STO6 */
export function deleteSessionRoute({
  sessions,
  guards,
  beforeRemove,
}: {
  sessions: Sessions
  guards: Guards
  beforeRemove: (userId: string) => Promise<void>
}): Route {
  return {
    method: 'DELETE',
    path: '/session',
    handle: guards.bearer(undefined, async ({ session }) => {
      await beforeRemove(session.userId)
      await sessions.remove(session.userId)
      return { json: { ok: true } }
    }),
  }
}
