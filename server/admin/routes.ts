import type { SessionDeleted } from '#protocol/admin.ts'
import { RelayError } from '#protocol/errors.ts'
import type { Host } from '../channels/host.ts'
import type { Clock } from '../clock.ts'
import type { Handler, RateLimits, Route } from '../http/route.ts'
import type { Log } from '../log.ts'
import { createCookieSessions } from '../pages/cookies.ts'
import type { Store } from '../store/port.ts'
import type { Hub } from '../ws/hub.ts'
import { createAdminAccess } from './access.ts'
import { createAdminFacts } from './facts.ts'
import { loginRoutes } from './loginRoutes.ts'
import { readMessagePage, readPageQuery, toAnswer } from './messagePages.ts'
import { pageRoutes } from './pageRoutes.ts'
import { createStatus } from './status.ts'

/** relay:ADM3 */
const SIGNED_IN_MS = 24 * 60 * 60_000
const SIGNED_IN_MAX = 50

/** Everything below /admin. `prefix` is CHAOS_PUBLIC_URL's path. relay §16 */
export function adminRoutes(relay: {
  adminKey: string | undefined
  prefix: string
  store: Pick<Store, 'passes' | 'operator' | 'inbox' | 'maintenance'>
  host: Pick<Host, 'list' | 'view' | 'totals'>
  hub: Pick<Hub, 'count' | 'countOf' | 'list'>
  limits: RateLimits
  assets: Handler
  clock: Pick<Clock, 'now'>
  log: Pick<Log, 'info' | 'warn'>
  unackedDropped: (userId: string) => number
  diskFree: () => Promise<number | undefined>
  removeSession: (userId: string) => Promise<boolean>
}): Route[] {
  const { adminKey, prefix, store, host, hub, limits, assets, clock, log, unackedDropped, diskFree, removeSession } = relay
  const base = `${prefix}/admin`
  const cookies = createCookieSessions({
    passes: store.passes,
    clock,
    kind: 'admin',
    name: 'chaos_admin',
    path: base,
    lifeMs: SIGNED_IN_MS,
    keep: SIGNED_IN_MAX,
    pepper: adminKey ?? '',
  })
  const access = createAdminAccess({ configured: adminKey !== undefined, cookies, loginPath: `${base}/login` })
  const facts = createAdminFacts({ store, host, hub, unackedDropped })
  const status = createStatus({ facts, sessions: store.operator.sessions, sockets: hub.count, clock })

  async function deleteSession(userId: string): Promise<boolean> {
    const removed = await removeSession(userId)
    if (removed) log.info({ userId }, 'the operator deleted a session')
    return removed
  }

  const messages: Handler = async ({ params, query }) => {
    const wanted = readPageQuery(query)
    const found = await store.operator.session(params.userId ?? '')
    if (!found) throw noSession()
    return { json: toAnswer(await readMessagePage(store.inbox, found.userId, wanted)) }
  }

  const remove: Handler = async ({ params: { userId = '' } }) => {
    if (!(await deleteSession(userId))) throw noSession()
    return { json: { ok: true, deleted: userId } satisfies SessionDeleted }
  }

  return [
    ...loginRoutes({ adminKey, access, cookies, limits, base, log }),
    ...pageRoutes({ access, base, facts, store, host, hub, clock, diskFree, deleteSession }),
    { method: 'GET', path: '/admin/status', handle: access.signedIn(async () => ({ json: await status() })) },
    { method: 'GET', path: '/admin/sessions/:userId/messages', handle: access.signedIn(messages) },
    { method: 'DELETE', path: '/admin/sessions/:userId', handle: access.signedIn(remove) },
    { method: 'GET', path: '/admin/assets/:file', handle: access.anybody(assets) },
  ]
}

function noSession(): RelayError {
  return new RelayError('not_found', 'There is no such session.')
}
