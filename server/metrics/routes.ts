import { RelayError } from '#protocol/errors.ts'
import { equalSecret } from '../auth/secrets.ts'
import { bearerToken } from '../http/guards.ts'
import type { Answer, RateLimits, RelayRequest, Route } from '../http/route.ts'
import type { TrustRequest } from '../http/trust.ts'
import type { Counts } from './counts.ts'
import { CONTENT_TYPE, expose } from './exposition.ts'
import type { Gauge } from './gauges.ts'

/**
 * GET /metrics, for programs on this machine and for whoever has the admin key. Wrong keys count as failed admin logins, and an address that has no
 * more of those is not even compared. relay:MET1, remote:TRU1
 */
export function metricsRoute({
  counts,
  gauges,
  trusted,
  limits,
  adminKey,
}: {
  counts: Counts
  gauges: () => Promise<Gauge[]>
  trusted: TrustRequest
  limits: RateLimits & { check: RateLimits['consume'] }
  adminKey: string | undefined
}): Route {
  function admit(request: Omit<RelayRequest, 'body'>): void {
    if (trusted(request)) return
    const shown = bearerToken(request.headers)
    if (shown === undefined)
      throw new RelayError(
        'missing_token',
        'Metrics are for programs on this machine, or with "Authorization: Bearer <CHAOS_ADMIN_KEY>".',
      )
    limits.check('adminLogin', request.ip)
    if (adminKey !== undefined && equalSecret(shown, adminKey)) return
    limits.consume('adminLogin', request.ip)
    throw new RelayError('invalid_token', 'This is not the relay’s admin key (CHAOS_ADMIN_KEY).')
  }

  async function scrape(): Promise<Answer> {
    const text = expose(counts, await gauges())
    return { bytes: Buffer.from(text), contentType: CONTENT_TYPE, headers: { 'Cache-Control': 'no-store' } }
  }

  return { method: 'GET', path: '/metrics', before: admit, handle: scrape }
}
