import type { Guards, Route } from '../http/route.ts'
import type { Tickets } from './tickets.ts'

/** POST /ws/ticket. relay:WS3 */
export function ticketRoute({ tickets, guards }: { tickets: Tickets; guards: Guards }): Route {
  return {
    method: 'POST',
    path: '/ws/ticket',
    handle: guards.bearer('wsTicket', ({ session, tokenHash }) => ({ json: tickets.issue({ userId: session.userId, tokenHash }) })),
  }
}

/** DELETE /session: final. relay:STO6 */
export function deleteSessionRoute({
  guards,
  removeSession,
}: {
  guards: Guards
  removeSession: (userId: string) => Promise<boolean>
}): Route {
  return {
    method: 'DELETE',
    path: '/session',
    handle: guards.bearer(undefined, async ({ session: { userId } }) => {
      await removeSession(userId)
      return { json: { ok: true } }
    }),
  }
}
