import type { SessionAnswer } from '#protocol/session.ts'
import type { Guards, Route } from '../http/route.ts'
import type { SessionStore } from '../store/port.ts'
import type { Hub } from '../ws/hub.ts'

/** Of apiKeys, as many as a person looks through. relay:SES1 */
const APIKEYS_TOLD = 50

/** GET /session: what the owner of a session may know of who else uses it. relay:SES1, SES2 */
export function sessionRoute({
  guards,
  store,
  hub,
}: {
  guards: Guards
  store: Pick<SessionStore, 'tokens' | 'countTokens'>
  hub: Pick<Hub, 'ofSession'>
}): Route {
  return {
    method: 'GET',
    path: '/session',
    handle: guards.bearer(undefined, async ({ session: { userId, createdAt, publicKey }, tokenHash }) => {
      const [newest, count] = await Promise.all([store.tokens(userId, APIKEYS_TOLD), store.countTokens(userId)])
      const isCurrent = (of: { tokenHash: string }): boolean => of.tokenHash === tokenHash
      return {
        json: {
          userId,
          createdAt: iso(createdAt),
          keyed: publicKey !== undefined,
          apiKeys: { count, newest: newest.map((token) => ({ createdAt: iso(token.createdAt), current: isCurrent(token) })) },
          sockets: hub.ofSession(userId).map((socket) => ({
            openedAt: iso(socket.openedAt),
            protocol: socket.kind,
            current: isCurrent(socket),
          })),
        } satisfies SessionAnswer,
      }
    }),
  }
}

const iso = (time: number): string => new Date(time).toISOString()
