import type { DeviceLink, DeviceSession } from '#protocol/device.ts'
import { RelayError } from '#protocol/errors.ts'
import { DEVICE_LINK_LIFE_MS, DEVICE_SESSION_LIFE_MS } from '#protocol/limits.ts'
import { deviceSessionRequestSchema } from '#protocol/requests.ts'
import { hashToken, randomSecret } from '../auth/secrets.ts'
import type { Sessions } from '../auth/sessions.ts'
import type { ChannelHost } from '../channels/port.ts'
import type { Clock } from '../clock.ts'
import { jsonBody } from '../http/json.ts'
import type { Answer, Guards, Handler, OwnerRoute, RelayRequest, Route, SessionRequest } from '../http/route.ts'
import { createCookieSessions } from '../pages/cookies.ts'
import type { PassStore } from '../store/port.ts'
import { createDeviceAccess } from './access.ts'
import { closedPage } from './closedPage.ts'
import { devicePage } from './devicePage.ts'
import { mirrorRoutes, toDeviceChannel } from './mirror.ts'

/** A link's token, and nothing else. */
const MAX_BODY_BYTES = 4096
/** Links and browsers of one session at once; a further one ends the oldest. */
const LINKS_MAX = 10
const BROWSERS_MAX = 10

/** The device page: a link from the extension opens a session's channels in another browser, for an hour. relay §17 */
export function deviceRoutes(relay: {
  prefix: string
  passes: PassStore
  sessions: Pick<Sessions, 'byUserId'>
  guards: Pick<Guards, 'signed'>
  host: Pick<ChannelHost, 'list' | 'view'>
  ownerRoutes: readonly OwnerRoute[]
  assets: Handler
  clock: Pick<Clock, 'now'>
}): Route[] {
  const { prefix, passes, sessions, guards, host, ownerRoutes, assets, clock } = relay
  const base = `${prefix}/app`
  const cookies = createCookieSessions({
    passes,
    clock,
    kind: 'device',
    name: 'chaos_app',
    path: base,
    lifeMs: DEVICE_SESSION_LIFE_MS,
    keep: BROWSERS_MAX,
  })
  const access = createDeviceAccess({ cookies, sessions })

  async function link({ session, baseUrl }: SessionRequest): Promise<Answer> {
    const token = randomSecret()
    const issuedAt = clock.now()
    const expiresAt = issuedAt + DEVICE_LINK_LIFE_MS
    await passes.add({ hash: hashToken(token), kind: 'deviceLink', owner: session.userId, issuedAt, expiresAt }, LINKS_MAX)
    const made = { token, url: `${baseUrl}/app#link=${token}`, expiresInSeconds: DEVICE_LINK_LIFE_MS / 1000 }
    return { json: made satisfies DeviceLink }
  }

  async function open(request: RelayRequest): Promise<Answer> {
    const { token } = jsonBody(deviceSessionRequestSchema, request.body)
    const spent = await passes.take('deviceLink', hashToken(token), clock.now())
    if (spent?.outcome === 'expired')
      throw new RelayError(
        'link_expired',
        'This link has expired. Make a new one in the extension: options, Connection, Device page.',
      )
    if (!spent)
      throw new RelayError(
        'link_invalid',
        'This link was used already, or a part of it got lost. Make a new one in the extension: options, Connection, Device page.',
      )
    const headers = await cookies.begin(request, spent.pass.owner)
    return { headers, json: { ok: true, expiresInSeconds: DEVICE_SESSION_LIFE_MS / 1000 } satisfies DeviceSession }
  }

  async function page(request: RelayRequest): Promise<Answer> {
    const found = await access.current(request)
    if (!found) return closedPage(request, base)
    const { session, pass } = found
    const channels = host.list(session.userId).map((channel) => toDeviceChannel(host.view(channel, '')))
    return devicePage(request, { base, userId: session.userId, until: pass.expiresAt, channels })
  }

  return [
    { method: 'POST', path: '/app/device-link', handle: guards.signed(undefined, link) },
    { method: 'GET', path: '/app', handle: page },
    { method: 'POST', path: '/app/session', maxBody: MAX_BODY_BYTES, handle: access.anybody(open) },
    {
      method: 'POST',
      path: '/app/logout',
      maxBody: MAX_BODY_BYTES,
      handle: access.anybody(async (request) => ({ headers: await cookies.end(request), json: { ok: true } })),
    },
    { method: 'GET', path: '/app/assets/:file', handle: assets },
    ...mirrorRoutes(ownerRoutes, access.owner),
  ]
}
