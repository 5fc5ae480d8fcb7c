import type { Host } from '../channels/host.ts'
import type { Clock } from '../clock.ts'
import type { Answer, RelayRequest, Route } from '../http/route.ts'
import type { SessionOverview } from '../store/operatorPort.ts'
import type { Store } from '../store/port.ts'
import type { Hub } from '../ws/hub.ts'
import type { AdminAccess } from './access.ts'
import { dashboard } from './dashboard.ts'
import { deletePage } from './deletePage.ts'
import type { AdminFacts } from './facts.ts'
import { adminPage } from './layout.ts'
import { readMessagePage } from './messagePages.ts'
import { missingPage } from './missingPage.ts'
import { shortId } from './sessionCard.ts'
import { sessionPage } from './sessionPage.ts'

const SESSIONS_SHOWN = 20
const REPLIES_SHOWN = 10
const SOCKETS_SHOWN = 20
const MESSAGES_SHOWN = 25

/** The dashboard, a session's page, and the question before it is deleted. relay:ADM5-ADM9 */
export function pageRoutes({
  access,
  base,
  facts,
  store,
  host,
  hub,
  clock,
  diskFree,
  deleteSession,
}: {
  access: AdminAccess
  base: string
  facts: AdminFacts
  store: Pick<Store, 'operator' | 'inbox' | 'maintenance'>
  host: Pick<Host, 'totals'>
  hub: Pick<Hub, 'count' | 'list'>
  clock: Pick<Clock, 'now'>
  diskFree: () => Promise<number | undefined>
  deleteSession: (userId: string) => Promise<boolean>
}): Route[] {
  const startedAt = clock.now()

  async function overview(request: RelayRequest): Promise<Answer> {
    const before = wholeNumber(request.query.get('before'))
    const [page, queue, sizes, free, recent, writable] = await Promise.all([
      store.operator.sessions(SESSIONS_SHOWN, before),
      store.operator.replies(REPLIES_SHOWN),
      store.maintenance.overview(),
      diskFree(),
      facts.recentMessages(),
      facts.writable(),
    ])
    const main = dashboard({
      base,
      startedAt,
      writable,
      figures: {
        sessions: sizes.sessions,
        sockets: hub.count(),
        queued: queue.queued,
        failed: queue.failed,
        channels: host.totals(),
        storeBytes: sizes.bytes,
        diskFree: free,
      },
      queue,
      sockets: hub.list(SOCKETS_SHOWN),
      sessions: page.sessions.map(facts.shown),
      older: page.before,
      newest: before === undefined,
      recent,
      deleted: /^[\w-]{1,8}$/.exec(request.query.get('deleted') ?? '')?.[0],
    })
    return adminPage(request, { base, title: 'Dashboard', main, live: true })
  }

  async function session(request: RelayRequest, found: SessionOverview): Promise<Answer> {
    const before = wholeNumber(request.query.get('cursor'))
    const page = await readMessagePage(store.inbox, found.userId, { limit: MESSAGES_SHOWN, before })
    const main = sessionPage({
      base,
      session: facts.shown(found),
      messages: page.messages,
      older: page.before,
      newest: before === undefined,
    })
    return adminPage(request, { base, title: `Session ${shortId(found.userId)}`, main, live: true })
  }

  function question(request: RelayRequest, found: SessionOverview): Answer {
    const main = deletePage({ base, session: facts.shown(found) })
    return adminPage(request, { base, title: `Delete session ${shortId(found.userId)}`, main, live: false })
  }

  async function remove(_request: RelayRequest, { userId }: SessionOverview): Promise<Answer> {
    await deleteSession(userId)
    return { status: 303, headers: { Location: `${base}?deleted=${shortId(userId)}` }, empty: true }
  }

  const ofSession = (answer: (request: RelayRequest, found: SessionOverview) => Promise<Answer> | Answer) =>
    access.page(async function sessionPages(request) {
      const found = await store.operator.session(request.params.userId ?? '')
      if (found) return answer(request, found)
      return adminPage(request, { base, title: 'No such session', main: missingPage(base), live: false, status: 404 })
    })

  return [
    { method: 'GET', path: '/admin', handle: access.page(overview) },
    { method: 'GET', path: '/admin/sessions/:userId', handle: ofSession(session) },
    { method: 'GET', path: '/admin/sessions/:userId/delete', handle: ofSession(question) },
    { method: 'POST', path: '/admin/sessions/:userId/delete', handle: ofSession(remove) },
  ]
}

/** Nonsense is the first page. */
function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}
