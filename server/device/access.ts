import { RelayError } from '#protocol/errors.ts'
import type { Sessions } from '../auth/sessions.ts'
import type { Handler, SessionRequest } from '../http/route.ts'
import type { CookieSessions } from '../pages/cookies.ts'
import { refuseForeign } from '../pages/origin.ts'
import type { PassRecord, SessionRecord } from '../store/port.ts'

export type DeviceAccess = ReturnType<typeof createDeviceAccess>

/** Who works on the device page: the session whose link was opened in this browser. relay:DEV1, DEV2, ADM4 */
export function createDeviceAccess({
  cookies,
  sessions,
}: {
  cookies: Pick<CookieSessions, 'current' | 'isShown'>
  sessions: Pick<Sessions, 'byUserId'>
}) {
  async function current(
    request: Parameters<CookieSessions['current']>[0],
  ): Promise<{ session: SessionRecord; pass: PassRecord } | undefined> {
    const pass = await cookies.current(request)
    const session = pass && (await sessions.byUserId(pass.owner))
    return session && { session, pass }
  }

  return {
    current,
    /** Anybody but other sites. */
    anybody: (handler: Handler): Handler =>
      function deviceGuard(request) {
        if (request.method !== 'GET') refuseForeign(request)
        return handler(request)
      },
    owner: (handler: Handler<SessionRequest>): Handler =>
      async function ownerGuard(request) {
        if (request.method !== 'GET') refuseForeign(request)
        const found = await current(request)
        if (!found) {
          const code = cookies.isShown(request) ? 'invalid_token' : 'missing_token'
          throw new RelayError(code, 'This page is no longer signed in. Open a new link from the extension.')
        }
        // No apiKey came with it; what needs one is not done here.
        return handler(Object.assign(request, { session: found.session, tokenHash: '' }))
      },
  }
}
