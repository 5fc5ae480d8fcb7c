import { RelayError } from '#protocol/errors.ts'
import type { Answer, Handler, RelayRequest } from '../http/route.ts'
import type { CookieSessions } from '../pages/cookies.ts'
import { refuseForeign } from '../pages/origin.ts'

/** What every route of the operator stands behind, as wrappers of handlers. relay:ADM1, ADM4, ADM5 */
export type AdminAccess = {
  /** Anybody, once a password is set. */
  anybody(handler: Handler): Handler
  /** Signed in, else 401. */
  signedIn(handler: Handler): Handler
  /** Signed in, else the way to the page that asks for the password. */
  page(handler: Handler): Handler
}

export function createAdminAccess({
  configured,
  cookies,
  loginPath,
}: {
  configured: boolean
  cookies: Pick<CookieSessions, 'current' | 'isShown'>
  loginPath: string
}): AdminAccess {
  function enter(request: RelayRequest): void {
    if (!configured)
      throw new RelayError(
        'admin_not_configured',
        'The dashboard is switched off. Set CHAOS_ADMIN_KEY to a password and restart the relay.',
      )
    if (request.method !== 'GET') refuseForeign(request)
  }

  const behind = (handler: Handler, otherwise: (request: RelayRequest) => Answer): Handler =>
    async function adminGuard(request) {
      enter(request)
      return (await cookies.current(request)) ? handler(request) : otherwise(request)
    }

  return {
    anybody: (handler) =>
      function openGuard(request) {
        enter(request)
        return handler(request)
      },
    signedIn: (handler) =>
      behind(handler, (request) => {
        throw cookies.isShown(request)
          ? new RelayError('invalid_token', 'You are no longer signed in. Sign in again at /admin/login.')
          : new RelayError('missing_token', 'Sign in first: POST /admin/login.')
      }),
    page: (handler) => behind(handler, () => ({ status: 302, headers: { Location: loginPath }, empty: true })),
  }
}
