import { RelayError } from '#protocol/errors.ts'
import { adminLoginSchema } from '#protocol/requests.ts'
import { matchesDigest, secretDigest } from '../auth/secrets.ts'
import { jsonBody } from '../http/json.ts'
import type { Answer, RateLimits, RelayRequest, Route } from '../http/route.ts'
import type { Log } from '../log.ts'
import type { CookieSessions } from '../pages/cookies.ts'
import { OPERATOR } from '../store/port.ts'
import type { AdminAccess } from './access.ts'
import { loginPage } from './loginPage.ts'

/** A password. */
const MAX_BODY_BYTES = 4096
const WRONG = 'Invalid password'

/** Signing in and out. relay:ADM2, ADM3, ADM5 */
export function loginRoutes({
  adminKey,
  access,
  cookies,
  limits,
  base,
  log,
}: {
  adminKey: string | undefined
  access: AdminAccess
  cookies: CookieSessions
  limits: RateLimits
  base: string
  log: Pick<Log, 'info' | 'warn'>
}): Route[] {
  const digest = adminKey === undefined ? undefined : secretDigest(adminKey)

  function isRight(password: string | undefined, { ip }: RelayRequest): boolean {
    if (password !== undefined && digest && matchesDigest(password, digest)) return true
    log.warn({ ip }, 'a wrong password for the dashboard')
    return false
  }

  async function signIn(request: RelayRequest): Promise<Record<string, string>> {
    log.info({ ip: request.ip }, 'the operator signed in')
    return cookies.begin(request, OPERATOR)
  }

  async function byJson(request: RelayRequest): Promise<Answer> {
    limits.consume('adminLogin', request.ip)
    const { password } = jsonBody(adminLoginSchema, request.body)
    if (!isRight(password, request)) throw new RelayError('invalid_token', WRONG)
    return { json: { ok: true }, headers: await signIn(request) }
  }

  async function byForm(request: RelayRequest): Promise<Answer> {
    const refused = overLimit(request)
    if (refused) return refused
    const password = new URLSearchParams(request.body.toString('utf8')).get('password') ?? undefined
    if (!isRight(password, request)) return loginPage({ base, status: 401, problem: `${WRONG}.` })
    return { status: 303, headers: { Location: base, ...(await signIn(request)) }, empty: true }
  }

  /** Whoever reads pages is told by a page. */
  function overLimit(request: RelayRequest): Answer | undefined {
    try {
      limits.consume('adminLogin', request.ip)
      return undefined
    } catch (error) {
      if (!(error instanceof RelayError) || !request.headers.accept?.includes('text/html')) throw error
      const { status, details } = error
      const minutes = Math.ceil((details.retryAfter ?? 0) / 60)
      const problem = `Too many attempts from your address. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`
      return loginPage({ base, status, problem, headers: details.headers ?? {} })
    }
  }

  return [
    {
      method: 'GET',
      path: '/admin/login',
      handle: access.anybody(async (request) =>
        (await cookies.current(request)) ? { status: 302, headers: { Location: base }, empty: true } : loginPage({ base }),
      ),
    },
    {
      method: 'POST',
      path: '/admin/login',
      maxBody: MAX_BODY_BYTES,
      handle: access.anybody((request) => (isJson(request) ? byJson(request) : byForm(request))),
    },
    {
      method: 'POST',
      path: '/admin/logout',
      maxBody: MAX_BODY_BYTES,
      handle: access.anybody(async (request) => ({
        status: 302,
        headers: { Location: `${base}/login`, ...(await cookies.end(request)) },
        empty: true,
      })),
    },
  ]
}

function isJson({ headers }: RelayRequest): boolean {
  return /^application\/json\b/i.test(headers['content-type'] ?? '')
}
