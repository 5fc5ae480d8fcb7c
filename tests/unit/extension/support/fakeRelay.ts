import { toBase64 } from '../../../../lib/protocol/base64.ts'
import type { PublicKeyJwk } from '../../../../lib/protocol/keys.ts'
import type { Fetch } from '../../../../lib/relay/exchange.ts'
import { createKeyPair, sha256Hex, verifyText } from '../../../../lib/relay/keys.ts'

export type Asked = {
  method: string
  target: string
  headers: Record<string, string>
  body: string
  init: RequestInit
}
/** What a route answers. `sign: false` leaves the signature out, `key` signs with another one, `at` shifts its time in ms. */
export type Told = {
  status?: number
  json?: unknown
  bytes?: Uint8Array<ArrayBuffer>
  headers?: Record<string, string>
  sign?: boolean
  forge?: boolean
  at?: number
}

/**
 * A relay of which every answer is the test's choice. It spells out the signing texts itself, apart from lib/protocol, to check the client's;
 * a request with a wrong signature fails the test by an answer nobody expects.
 */
export async function createFakeRelay({ now, prefix = '' }: { now: () => number; prefix?: string }) {
  let server = await createKeyPair()
  let stranger = await createKeyPair()
  const asked: Asked[] = []
  const nonces = new Set<string>()
  let routes: Record<string, (asked: Asked) => Told | Promise<Told>> = {}
  let userKey: PublicKeyJwk | undefined
  let apiKey = 'key-1'
  let userId = 'user-1'
  let bearer: string | undefined

  async function sign(text: string, forge: boolean): Promise<string> {
    const key = (forge ? stranger : server).privateKey
    const bytes = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, new TextEncoder().encode(text))
    return toBase64(new Uint8Array(bytes))
  }

  async function check(one: Asked): Promise<Told | undefined> {
    if (one.target === '/health') return undefined
    // relay:AUTH3: a session without a key takes its requests unsigned, and refuses signed ones.
    if (one.headers.Authorization === `Bearer ${bearer}`)
      return 'X-Signature' in one.headers ? { status: 401, json: { error: 'signed', code: 'bad_signature' } } : undefined
    const timestamp = one.headers['X-Timestamp'] ?? ''
    const nonce = one.headers['X-Nonce'] ?? ''
    if (nonces.has(nonce) || !/^[0-9a-f]{32}$/.test(nonce)) return { status: 401, json: { error: 'nonce', code: 'replayed_nonce' } }
    nonces.add(nonce)
    if (Math.abs(Date.parse(timestamp) - now()) > 300_000)
      return { status: 401, json: { error: 'clock', code: 'clock_skew', serverTime: new Date(now()).toISOString() } }
    const key = one.target === '/auth/register' ? (JSON.parse(one.body).publicKey as PublicKeyJwk) : userKey
    const text = `v2|${timestamp}|${nonce}|${one.method}|${one.target}|${await sha256Hex(one.body)}`
    if (!key || !(await verifyText(key, text, one.headers['X-Signature'] ?? '')))
      return { status: 401, json: { error: 'signature', code: 'bad_signature' } }
    if (one.target === '/auth/register') userKey = key
    else if (one.headers.Authorization !== `Bearer ${apiKey}`)
      return { status: 401, json: { error: 'token', code: 'invalid_token' } }
    return undefined
  }

  const standard: typeof routes = {
    'GET /health': () => ({
      json: {
        status: 'ok',
        version: '1',
        websockets: 0,
        uptime: 1,
        serverTime: new Date(now()).toISOString(),
        features: ['sig2', 'ws2'],
      },
    }),
    'POST /auth/register': () => ({ json: { userId, apiKey, serverPublicKey: server.publicKey } }),
  }

  const fetch: Fetch = async (url, init) => {
    const { pathname, search } = new URL(url)
    const target = pathname.slice(prefix.length) + search
    const body = init.body ? new TextDecoder().decode(init.body as Uint8Array<ArrayBuffer>) : ''
    const one: Asked = { method: init.method ?? 'GET', target, headers: init.headers as Record<string, string>, body, init }
    asked.push(one)
    const route = routes[`${one.method} ${target.split('?')[0]}`] ?? standard[`${one.method} ${target.split('?')[0]}`]
    const told =
      (await check(one)) ?? (route ? await route(one) : { status: 404, json: { error: 'Nothing here.', code: 'not_found' } })
    const bytes = told.bytes ?? new TextEncoder().encode(told.json === undefined ? '' : JSON.stringify(told.json))
    const status = told.status ?? 200
    const timestamp = new Date(now() + (told.at ?? 0)).toISOString()
    const text = `${timestamp}|${one.headers['X-Nonce']}|${status}|${await sha256Hex(bytes)}`
    const signature = { 'X-Server-Timestamp': timestamp, 'X-Server-Signature': await sign(text, told.forge ?? false) }
    return new Response(status === 204 ? null : bytes, {
      status,
      headers: { ...(told.sign !== false && signature), ...told.headers },
    })
  }

  return {
    fetch,
    asked,
    /** What was asked since the last look, as `METHOD target`. */
    log: () => asked.splice(0).map(({ method, target }) => `${method} ${target}`),
    get key() {
      return server.publicKey
    },
    route(more: typeof routes): void {
      routes = { ...routes, ...more }
    },
    get userId() {
      return userId
    },
    /** The greeting of a socket opened with `ticket`. relay:WS7, SRV2 */
    async hello(ticket: string, { epoch = 'e1', head = 0, user = userId, at = 0, forge = false } = {}) {
      const timestamp = new Date(now() + at).toISOString()
      const signature = await sign(`ws-hello|${timestamp}|${await sha256Hex(ticket)}|${user}|${epoch}`, forge)
      const challenge = { timestamp, signature }
      return { type: 'hello', protocol: 'chaos.v2', userId: user, epoch, head, serverTime: timestamp, challenge }
    },
    /** Its data was wiped: new server key, unknown tokens, another user. client:REC6 */
    async wipe(): Promise<void> {
      server = await createKeyPair()
      stranger = await createKeyPair()
      apiKey = `key-${Math.random()}`
      userId = `user-${Math.random()}`
    },
    /** A session without a key, known by this token alone; `undefined` ends it. */
    takeBearer(token: string | undefined): void {
      bearer = token
    },
    /** The token is worth nothing any more; the session may be the same or another. */
    revoke(newUser = false): void {
      apiKey = `key-${Math.random()}`
      if (newUser) userId = `user-${Math.random()}`
    },
  }
}
export type FakeRelay = Awaited<ReturnType<typeof createFakeRelay>>
