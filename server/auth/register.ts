import { randomUUID } from 'node:crypto'
import { RelayError } from '#protocol/errors.ts'
import type { RegisterAnswer } from '#protocol/http.ts'
import type { PublicKeyJwk } from '#protocol/keys.ts'
import { registerRequestSchema } from '#protocol/requests.ts'
import type { Clock } from '../clock.ts'
import { rememberNonce } from '../http/guards.ts'
import { jsonBody } from '../http/json.ts'
import type { Guards, RelayRequest, Route } from '../http/route.ts'
import type { NonceStore, SessionRecord, SessionStore } from '../store/port.ts'
import { parsePublicKey } from './publicKey.ts'
import { type SignatureHeaders, signatureHeaders, type VerifyRequest } from './requestSignature.ts'
import { hashToken, randomSecret } from './secrets.ts'
import type { Seal } from './serverKey.ts'
import type { Sessions } from './sessions.ts'

/** A key and three flags; more is no registration. */
const MAX_BODY_BYTES = 16 * 1024

/** An apiKey in clear, only ever on its way to its owner. */
type Token = { apiKey: string; tokenHash: string }

/** POST /auth/register. relay:REG1-REG9 */
export function registerRoute({
  store,
  nonces,
  sessions,
  seal,
  verify,
  guards,
  clock,
  serverPublicKey,
  strict,
}: {
  store: SessionStore
  nonces: NonceStore
  sessions: Sessions
  seal: Seal
  verify: VerifyRequest
  guards: Guards
  clock: Pick<Clock, 'now'>
  serverPublicKey: PublicKeyJwk
  strict: boolean
}): Route {
  async function create(publicKey: PublicKeyJwk | undefined, signed: SignatureHeaders | undefined) {
    const token = newToken()
    const now = clock.now()
    const userId = randomUUID()
    const creating = store.create({
      userId,
      ...(publicKey && { publicKey }),
      signedBefore: signed !== undefined,
      epoch: randomSecret(12),
      tokenHash: token.tokenHash,
      sealedToken: seal.seal(token.apiKey),
      now,
    })
    // Asked for in the same turn, so that both are in one commit: a crash cannot keep the session and lose its first nonce.
    const remembering = signed && nonces.remember(userId, signed.nonce, now)
    const [{ created, session }] = await Promise.all([creating, remembering])
    return { created, session, token }
  }

  async function addToken(userId: string): Promise<Token> {
    const token = newToken()
    await store.addToken(userId, token.tokenHash, seal.seal(token.apiKey), clock.now())
    return token
  }

  /** The newest apiKey as it was given out; a fresh one where none is left or the encryption key that sealed it is lost. */
  async function newest(userId: string): Promise<Token> {
    const stored = await store.newestToken(userId)
    const apiKey = stored && unsealed(seal, stored.sealedToken)
    return stored && apiKey !== undefined ? { apiKey, tokenHash: stored.tokenHash } : addToken(userId)
  }

  function refuseUnsigned(session: SessionRecord): void {
    if (session.signedBefore || strict)
      throw new RelayError('signature_required', 'This key is registered already. Sign the registration with it.')
  }

  async function registerKey(publicKey: PublicKeyJwk, signed: SignatureHeaders | undefined, rotate: boolean) {
    const existing = await store.byKey(publicKey)
    if (!existing) {
      const fresh = await create(publicKey, signed)
      if (fresh.created) return fresh
      return registerKnown(fresh.session, signed, rotate)
    }
    return registerKnown(existing, signed, rotate)
  }

  async function registerKnown(session: SessionRecord, signed: SignatureHeaders | undefined, rotate: boolean) {
    if (!signed) {
      refuseUnsigned(session)
      return { session, token: await newest(session.userId) }
    }
    await rememberNonce(nonces, session.userId, signed.nonce, clock.now())
    if (!session.signedBefore) {
      await store.markSigned(session.userId)
      sessions.refresh(session.userId)
    }
    return { session, token: rotate ? await addToken(session.userId) : await newest(session.userId) }
  }

  async function register(request: RelayRequest) {
    const body = jsonBody(registerRequestSchema, request.body)
    const publicKey = body.publicKey === undefined || body.publicKey === null ? undefined : parsePublicKey(body.publicKey)
    const signed = provenBy(request, publicKey, verify)
    if ((body.rotate || body.revokeOthers) && !signed)
      throw new RelayError('signature_required', 'Only a signed registration can rotate or revoke apiKeys.')
    const { session, token } = publicKey
      ? await registerKey(publicKey, signed, body.rotate === true)
      : await create(undefined, undefined)
    if (body.revokeOthers) await sessions.endTokensExcept(session.userId, token.tokenHash)
    return { json: { userId: session.userId, apiKey: token.apiKey, serverPublicKey } satisfies RegisterAnswer }
  }

  return {
    method: 'POST',
    path: '/auth/register',
    maxBody: MAX_BODY_BYTES,
    handle: guards.perAddress('register', register),
  }
}

/** The request's signature headers once they verified with the body's own key; `undefined` for an unsigned request. relay:REG6 */
function provenBy(request: RelayRequest, publicKey: PublicKeyJwk | undefined, verify: VerifyRequest): SignatureHeaders | undefined {
  const { all, any } = signatureHeaders(request.headers)
  if (!any) return undefined
  if (!all) throw new RelayError('signature_required', 'A signed registration needs X-Timestamp, X-Nonce and X-Signature.')
  if (!publicKey) throw new RelayError('bad_signature', 'A signed registration needs the publicKey it is signed with.')
  verify(request, all, publicKey)
  return all
}

/** 192 random bits; the prefix lets secret scanners (and our own log) recognise it. relay:REG9 */
function newToken(): Token {
  const apiKey = `chaos_${randomSecret()}`
  return { apiKey, tokenHash: hashToken(apiKey) }
}

function unsealed(seal: Seal, sealed: string): string | undefined {
  try {
    return seal.unseal(sealed)
  } catch {
    return undefined
  }
}
