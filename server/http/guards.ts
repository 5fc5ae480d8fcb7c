import type { IncomingHttpHeaders } from 'node:http'
import { RelayError } from '#protocol/errors.ts'
import { signatureHeaders, type VerifyRequest } from '../auth/requestSignature.ts'
import type { Known, Sessions } from '../auth/sessions.ts'
import type { Clock } from '../clock.ts'
import type { NonceStore } from '../store/port.ts'
import type { Guards, Handler, LimitKey, OwnerRoute, RateLimits, RelayRequest, Route, SessionRequest } from './route.ts'

/** Throws replayed_nonce unless this session shows the nonce for the first time. relay:SIG8 */
export async function rememberNonce(nonces: NonceStore, userId: string, nonce: string, now: number): Promise<void> {
  if (!(await nonces.remember(userId, nonce, now)))
    throw new RelayError('replayed_nonce', 'This X-Nonce was used before. Sign every request with a fresh one.')
}

/** The token of an Authorization header, or `undefined`. relay:AUTH1 */
export function bearerToken(headers: IncomingHttpHeaders): string | undefined {
  const header = headers.authorization
  if (header === undefined || header.length < 8 || header.slice(0, 7).toLowerCase() !== 'bearer ') return undefined
  return header.slice(7).trim() || undefined
}

/** Owners who show an apiKey, and sign where they have a key. Auth B of relay §1. */
export function bearerRoutes(guards: Pick<Guards, 'bearer'>, routes: readonly OwnerRoute[]): Route[] {
  return routes.map(({ limit, handle, ...route }) => ({ ...route, handle: guards.bearer(limit, handle) }))
}

/** `knownToken` is a `Route.before` for routes with large bodies: no stranger makes the relay read them. */
export type RelayGuards = Guards & { knownToken: NonNullable<Route['before']> }

export function createGuards({
  sessions,
  nonces,
  verify,
  limits,
  clock,
}: {
  sessions: Pick<Sessions, 'byToken'>
  nonces: NonceStore
  verify: VerifyRequest
  limits: RateLimits
  clock: Pick<Clock, 'now'>
}): RelayGuards {
  async function known(request: Omit<RelayRequest, 'body'>): Promise<Known> {
    const token = bearerToken(request.headers)
    if (token === undefined) throw new RelayError('missing_token', 'Send your apiKey as "Authorization: Bearer <apiKey>".')
    const found = await sessions.byToken(token)
    if (!found) throw new RelayError('invalid_token', 'This apiKey is not valid (any more). Register again.')
    return found
  }

  /** Everything after the token, in the order of relay:AUTH5. */
  async function prove(request: RelayRequest, { session }: Known, alwaysSigned: boolean): Promise<void> {
    const { all } = signatureHeaders(request.headers)
    if (session.publicKey === undefined) {
      if (alwaysSigned)
        throw new RelayError('signature_required', 'This needs a session registered with a public key. Register with one.', {
          status: 403,
        })
      if (all) throw new RelayError('bad_signature', 'This session has no public key, so its requests cannot be signed.')
      return
    }
    if (!all) throw new RelayError('signature_required', 'Sign this request: X-Timestamp, X-Nonce and X-Signature are needed.')
    verify(request, all, session.publicKey)
    await rememberNonce(nonces, session.userId, all.nonce, clock.now())
  }

  function session(limit: LimitKey | undefined, handler: Handler<SessionRequest>, alwaysSigned: boolean): Handler {
    return async function sessionGuard(request) {
      const found = await known(request)
      await prove(request, found, alwaysSigned)
      if (limit) limits.consume(limit, found.session.userId)
      return handler(Object.assign(request, found))
    }
  }

  return {
    bearer: (limit, handler) => session(limit, handler, false),
    signed: (limit, handler) => session(limit, handler, true),
    perAddress: (limit, handler) =>
      function addressGuard(request) {
        limits.consume(limit, request.ip)
        return handler(request)
      },
    async knownToken(request) {
      await known(request)
    },
  }
}
