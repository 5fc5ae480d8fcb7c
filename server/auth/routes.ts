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

/**
 * DELETE /session: final. `removeChannels` ends what belongs to the session outside the store (connections to platforms); it runs once more afterwards
 * for a channel that was being created meanwhile. relay:STO6
 */
export function deleteSessionRoute({
  sessions,
  guards,
  removeChannels,
}: {
  sessions: Sessions
  guards: Guards
  removeChannels: (userId: string) => Promise<void>
}): Route {
  return {
    method: 'DELETE',
    path: '/session',
    handle: guards.bearer(undefined, async ({ session: { userId } }) => {
      await removeChannels(userId)
      await sessions.remove(userId)
      await removeChannels(userId)
      return { json: { ok: true } }
    }),
  }
}
