import type { PublicKeyJwk } from '#protocol/keys.ts'
import { type HttpAnswer, type HttpRequest, send } from './http.ts'
import { createIdentity, type Identity, type SignOptions } from './identity.ts'
import { openTestSocket, type TestSocket } from './socket.ts'

export type TestClient = Awaited<ReturnType<typeof createClient>>

export type CallOptions = Omit<HttpRequest, 'method' | 'body'> & {
  /** JSON body; `raw` wins. */
  body?: unknown
  raw?: string | Uint8Array
  /** 1, 2 or not at all. Keyed clients sign v2 unless told otherwise. */
  sign?: 1 | 2 | false
  signing?: SignOptions
}

/**
 * A registered client of a relay. Keyed ones register signed and sign every request; bearer-only ones never sign. `now` is the relay's clock where
 * a test moves it.
 */
export async function createClient(
  url: string,
  options: { keyed?: boolean; identity?: Identity; now?: () => number; registration?: Record<string, unknown> } = {},
) {
  const { keyed = true, identity = createIdentity(), now = Date.now, registration = {} } = options

  function call(method: string, target: string, given: CallOptions = {}, apiKey?: string): Promise<HttpAnswer> {
    const raw = given.raw ?? (given.body === undefined ? '' : JSON.stringify(given.body))
    const version = given.sign ?? (keyed ? 2 : false)
    const headers: Record<string, string | string[]> = {
      ...(apiKey !== undefined && { Authorization: `Bearer ${apiKey}` }),
      ...(given.body !== undefined && { 'Content-Type': 'application/json' }),
      ...(version !== false && identity.headers(method, target, raw, { version, now: now(), ...given.signing })),
      ...given.headers,
    }
    if (raw.length > 0 || (method !== 'GET' && method !== 'DELETE')) headers['Content-Length'] ??= String(Buffer.byteLength(raw))
    return send(url, target, { method, headers, body: raw, ...(given.agent && { agent: given.agent }) })
  }

  const register = (body: Record<string, unknown> = {}, given: CallOptions = {}) =>
    call('POST', '/auth/register', { body: { ...(keyed && { publicKey: identity.publicKey }), ...body }, ...given })

  const registered = await register(registration)
  if (registered.status !== 200) throw new Error(`registration failed: ${registered.status} ${registered.text}`)
  const { userId, apiKey, serverPublicKey } = registered.json as { userId: string; apiKey: string; serverPublicKey: PublicKeyJwk }
  const request = (method: string, target: string, given: CallOptions = {}) => call(method, target, given, apiKey)

  async function openSocket(
    kind: 'v2' | 'legacy' = 'v2',
    { credential = kind === 'v2' ? 'ticket' : 'token' }: { credential?: 'ticket' | 'token' } = {},
  ): Promise<TestSocket & { credential: string }> {
    const socketUrl = `${url.replace(/^http/, 'ws')}/ws`
    const protocols = kind === 'v2' ? ['chaos.v2'] : []
    if (credential === 'token') {
      return { ...(await openTestSocket(`${socketUrl}?token=${encodeURIComponent(apiKey)}`, protocols)), credential: apiKey }
    }
    const answer = await request('POST', '/ws/ticket')
    if (answer.status !== 200) throw new Error(`no ticket: ${answer.status} ${answer.text}`)
    const ticket: string = answer.json.ticket
    return { ...(await openTestSocket(socketUrl, [...protocols, `ticket.${ticket}`])), credential: ticket }
  }

  return {
    url,
    identity,
    userId,
    apiKey,
    serverPublicKey,
    register,
    request,
    get: (target: string, given?: CallOptions) => request('GET', target, given),
    post: (target: string, body?: unknown, given?: CallOptions) => request('POST', target, { body, ...given }),
    patch: (target: string, body?: unknown, given?: CallOptions) => request('PATCH', target, { body, ...given }),
    del: (target: string, given?: CallOptions) => request('DELETE', target, given),
    openSocket,
    /** A v2 socket after hello, resumed from `cursor`; the frames of the replay are in `replay`, `resumed` included. */
    async openResumed(cursor = 0, epoch: string | null = null) {
      const socket = await openSocket('v2')
      const hello = await socket.next()
      socket.send({ type: 'resume', cursor, epoch })
      const replay = await socket.until('resumed')
      return { ...socket, hello, replay }
    },
  }
}
