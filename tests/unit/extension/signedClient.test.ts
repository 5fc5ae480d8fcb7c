import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import type { Database } from '../../../lib/database/open.ts'
import { Failure } from '../../../lib/messaging/failure.ts'
import { trustOfferedKey } from '../../../lib/profiles/store.ts'
import { createRelayClient, type RelayClient, type RelayRequest } from '../../../lib/relay/http.ts'
import { fingerprintOf } from '../../../lib/relay/keys.ts'
import { createRegistrar, type Registrar } from '../../../lib/relay/register.ts'
import { databaseWithProfile } from './support/database.ts'
import { createFakeRelay, type FakeRelay, type Told } from './support/fakeRelay.ts'
import { createTestLocks } from './support/locks.ts'
import { createFakeTimers, type FakeTimers } from './support/timers.ts'

const PROFILE = 'default'
const anything = z.unknown()
let relay: FakeRelay
let timers: FakeTimers
let db: Database
let client: RelayClient
let registrar: Registrar
let lost: string[]
/** The relay's clock, apart from the browser's. */
let relayAhead = 0

async function assemble(url = 'https://relay.test', prefix = ''): Promise<void> {
  relayAhead = 0
  timers = createFakeTimers()
  relay = await createFakeRelay({ now: () => timers.now() + relayAhead, prefix })
  db = await databaseWithProfile(url)
  lost = []
  const network = { fetch: (address: string, init: RequestInit) => relay.fetch(address, init), timers }
  registrar = createRegistrar({ db, network, locks: createTestLocks(), onLost: (profileId) => lost.push(profileId) })
  client = createRelayClient({ db, network, registrar })
}
beforeEach(() => assemble())

/** The answer or the refusal, while time passes as far as the client wants it to. */
async function send(request: RelayRequest, schema: z.ZodMiniType = anything): Promise<unknown> {
  let ended = false
  const asking = client
    .ask(PROFILE, request, schema)
    .catch((error: unknown) => error)
    .finally(() => {
      ended = true
    })
  while (!ended) await timers.advance(500)
  return asking
}
const get = (target: string): RelayRequest => ({ method: 'GET', target })
const register = () => registrar.ensure(PROFILE)
const sentences = (value: unknown) => (value instanceof Failure ? `${value.code}: ${value.message}` : value)

describe('signing', () => {
  it('client:CSG1 signs method, target and exact body, v2, and asks for a signed answer every time, health too', async () => {
    relay.route({ 'POST /typing': () => ({ json: { ok: true } }) })
    expect(await send({ method: 'POST', target: '/typing?x=ä', body: { channelId: 'ü' } })).toEqual({ ok: true })
    for (const { headers } of relay.asked) {
      expect(headers['X-Want-Signature']).toBe('1')
      expect(headers['X-Nonce']).toMatch(/^[0-9a-f]{32}$/)
    }
    expect(relay.asked.map(({ target }) => target.split('?')[0])).toEqual(['/health', '/auth/register', '/typing'])
    expect(relay.asked.at(-1)?.headers['X-Signature-Version']).toBe('2')
  })

  it('client:CSG1, URL3 a path prefix is sent but not signed', async () => {
    await assemble('https://relay.test/chaos', '/chaos')
    relay.route({ 'GET /channels': () => ({ json: [] }) })
    expect(await send(get('/channels'))).toEqual([])
  })

  it('client:CSG2, HTE5 each attempt has its own nonce and time; a GET is tried 4 times in all, then no more', async () => {
    await register()
    relay.log()
    const seen = new Set<string>()
    relay.route({
      'GET /channels': ({ headers }) => {
        seen.add(`${headers['X-Nonce']} ${headers['X-Timestamp']}`)
        return { status: 503, json: { error: 'busy', code: 'storage_unavailable' } }
      },
    })
    expect(await send(get('/channels'))).toBeInstanceOf(Failure)
    expect(seen.size).toBe(4)
  })

  it('client:HTE5 what is not idempotent is never repeated by itself', async () => {
    await register()
    relay.route({ 'POST /channels': () => ({ status: 500, json: { error: 'broken', code: 'internal' } }) })
    relay.log()
    await send({ method: 'POST', target: '/channels', body: {} })
    expect(relay.log()).toEqual(['POST /channels'])
  })

  it('client:CSG3 a clock that is off is set right from the relay’s signed answer, once, without a re-issue', async () => {
    await register()
    relayAhead = 7 * 60_000
    relay.route({ 'GET /channels': () => ({ json: [] }) })
    relay.log()
    expect(await send(get('/channels'))).toEqual([])
    expect(relay.log()).toEqual(['GET /channels', 'GET /channels'])
    expect((await db.get('sessions', PROFILE))?.clockOffsetMs).toBe(7 * 60_000)
    await send(get('/channels'))
    expect(relay.log()).toEqual(['GET /channels'])
  })

  it('client:CSG3 works at the very first contact as well', async () => {
    relayAhead = -3 * 60 * 60_000
    await register()
    expect(relay.log()).toEqual(['GET /health', 'POST /auth/register', 'POST /auth/register'])
    expect((await db.get('sessions', PROFILE))?.clockOffsetMs).toBe(-3 * 60 * 60_000)
  })

  it('client:CSG3 an unsigned clock_skew is not believed', async () => {
    await register()
    const serverTime = new Date(timers.now() + 3_600_000).toISOString()
    relay.route({ 'GET /channels': () => ({ status: 401, sign: false, json: { error: 'clock', code: 'clock_skew', serverTime } }) })
    expect(sentences(await send(get('/channels')))).toContain('network:')
    expect((await db.get('sessions', PROFILE))?.clockOffsetMs).toBe(0)
  })

  it('client:CSG4 replayed_nonce is retried once; bad_signature and signature_required are not', async () => {
    await register()
    let times = 0
    const answers: Record<string, () => Told> = {
      replayed_nonce: () => (++times === 1 ? { status: 401, json: { error: 'again', code: 'replayed_nonce' } } : { json: 'fine' }),
      bad_signature: () => ({ status: 401, json: { error: 'no', code: 'bad_signature' } }),
      signature_required: () => ({ status: 401, json: { error: 'no', code: 'signature_required' } }),
    }
    const results: Record<string, [unknown, number]> = {}
    for (const [code, answer] of Object.entries(answers)) {
      relay.route({ 'GET /channels': answer })
      relay.log()
      const value = await send(get('/channels'))
      results[code] = [value instanceof Failure ? value.code : value, relay.log().length]
    }
    expect(results).toEqual({
      replayed_nonce: ['fine', 2],
      bad_signature: ['bad_signature', 1],
      signature_required: ['signature_required', 1],
    })
  })
})

describe('what a failure says', () => {
  beforeEach(register)

  it('client:HTE1 a relay that does not answer within 15 s', async () => {
    relay.route({
      'GET /messages': ({ init }) =>
        new Promise((_resolve, reject) => {
          init.signal?.addEventListener('abort', () => reject(init.signal?.reason))
        }),
    })
    const asking = client
      .ask(PROFILE, { ...get('/messages?after=0&secret=1'), retry: false }, anything)
      .catch((error: unknown) => error)
    await timers.advance(14_999)
    expect(timers.waiting()).toHaveLength(1)
    await timers.advance(1)
    expect(sentences(await asking)).toBe(
      'timeout: Relay did not respond within 15 s (GET /messages) - check the relay address and your network',
    )
  })

  it.each<[string, Told, string]>([
    [
      'the relay’s own text',
      { status: 500, json: { error: 'Out of paper.', code: 'internal' } },
      'internal: Relay request failed (POST /x): Out of paper.',
    ],
    ['an empty body', { status: 507 }, 'http_507: Relay request failed (POST /x): HTTP 507'],
    ['an unreadable body', { status: 500, json: '<html>' }, 'http_500: Relay request failed (POST /x): HTTP 500'],
  ])('client:HTE2 %s, with method and path but without the query', async (_name, told, expected) => {
    relay.route({ 'POST /x': () => told })
    expect(sentences(await send({ method: 'POST', target: '/x?token=secret', body: {} }))).toBe(expected)
  })

  it('client:HTE2 a network error names neither query nor token', async () => {
    relay.route({
      'POST /x': () => {
        throw new TypeError('failed to fetch https://relay.test/x?token=secret')
      },
    })
    expect(sentences(await send({ method: 'POST', target: '/x?token=secret', body: {} }))).toBe(
      'network: Relay request failed (POST /x): the relay could not be reached',
    )
  })

  it.each<[string, Told, number]>([
    ['in the body', { status: 429, json: { error: 'slow', code: 'rate_limited', retryAfter: 12 } }, 12],
    ['in the header', { status: 429, json: { error: 'slow', code: 'rate_limited' }, headers: { 'Retry-After': '7' } }, 7],
    ['nowhere', { status: 429, json: { error: 'slow', code: 'rate_limited' } }, 30],
  ])('client:HTE3 too many requests: the wait stands %s; it is not tried again by itself', async (_name, told, seconds) => {
    relay.route({ 'GET /x': () => told })
    relay.log()
    const failure = await send(get('/x'))
    expect(failure).toMatchObject({ code: 'rate_limited', retryAfter: seconds })
    expect(relay.log()).toHaveLength(1)
  })

  it('client:HTE4 known refusals have their own sentence, unknown ones the relay’s', async () => {
    const say = async (status: number, code: string) => {
      relay.route({ 'POST /x': () => ({ status, json: { error: 'The relay says so.', code } }) })
      return sentences(await send({ method: 'POST', target: '/x', body: {} }))
    }
    expect(await say(413, 'content_too_large')).toContain('Shorten it')
    expect(await say(404, 'channel_not_found')).toContain('Refresh the list')
    expect(await say(409, 'not_paired')).toContain('Pair it')
    expect(await say(409, 'not_verified')).toContain('Confirm')
    expect(await say(409, 'channel_disabled')).toContain('Enable it')
    expect(await say(409, 'something_new')).toBe('something_new: The relay says so.')
    expect(await say(400, 'provider_rejected')).toBe('provider_rejected: The relay says so.')
  })

  it('client:HTE6 an answer of another shape changes nothing and says so', async () => {
    relay.route({ 'GET /x': () => ({ json: { messages: 'none' } }) })
    expect(sentences(await send(get('/x'), z.object({ messages: z.array(z.unknown()) })))).toBe(
      'bad_answer: The relay sent an answer this version does not understand',
    )
  })

  it('client:ARC5 an answer above its limit is not read, announced or not', async () => {
    relay.route({ 'GET /x': () => ({ bytes: new Uint8Array(101) }) })
    expect(await send({ ...get('/x'), maxBytes: 100 })).toMatchObject({ code: 'answer_too_large' })
    relay.route({ 'GET /x': () => ({ bytes: new Uint8Array(10), headers: { 'Content-Length': '101' } }) })
    expect(await send({ ...get('/x'), maxBytes: 100 })).toMatchObject({ code: 'answer_too_large' })
  })

  it('client:IDN2 no failure holds the token', async () => {
    relay.route({ 'GET /x': () => ({ status: 500, json: { error: 'no', code: 'internal' } }) })
    const failure = await send(get('/x'))
    const { apiKey } = (await db.get('sessions', PROFILE)) ?? { apiKey: '' }
    expect(apiKey).not.toBe('')
    expect(JSON.stringify(failure) + String(failure) + String((failure as Failure).cause)).not.toContain(apiKey)
  })
})

describe('pinning', () => {
  it('client:PIN1 the register answer is pinned only if its own key signed it', async () => {
    for (const told of [{ sign: false }, { forge: true }, { at: 6 * 60_000 }]) {
      relay.route({ 'POST /auth/register': () => ({ json: { userId: 'u', apiKey: 'k', serverPublicKey: relay.key }, ...told }) })
      await expect(register()).rejects.toMatchObject({ code: 'network' })
      expect(await db.get('pins', PROFILE)).toBeUndefined()
      expect(await db.get('sessions', PROFILE)).toBeUndefined()
    }
    relay.route({ 'POST /auth/register': () => ({ json: { userId: 'u', apiKey: 'k', serverPublicKey: relay.key } }) })
    await register()
    expect(await db.get('pins', PROFILE)).toMatchObject({ key: relay.key, origin: 'https://relay.test' })
  })

  it.each<[string, Told]>([
    ['an unsigned success', { json: { ok: true }, sign: false }],
    ['an unsigned error', { status: 502, json: { error: 'bad gateway', code: 'whatever' }, sign: false }],
    ['a success signed by somebody else', { json: { ok: true }, forge: true }],
    ['a refusal signed by somebody else', { status: 401, json: { error: 'no', code: 'invalid_token' }, forge: true }],
    ['an answer signed 6 minutes ago', { json: { ok: true }, at: -6 * 60_000 }],
  ])('client:PIN2, PIN3 %s is a network failure, discarded unread', async (_name, told) => {
    await register()
    relay.route({ 'POST /x': () => told })
    const failure = await send({ method: 'POST', target: '/x', body: {} })
    expect(failure).toMatchObject({ code: 'network' })
    expect(String(failure)).toContain(`answered HTTP ${told.status ?? 200}`)
    expect(String(failure)).not.toContain('bad gateway')
  })

  it('client:PIN2 an answer to another request does not pass for this one', async () => {
    await register()
    const old = await relay.fetch('https://relay.test/x', { method: 'GET', headers: { 'X-Nonce': 'f'.repeat(32) } })
    const replayed = { bytes: new Uint8Array(await old.arrayBuffer()), headers: Object.fromEntries(old.headers), sign: false }
    relay.route({ 'POST /x': () => ({ ...replayed, status: old.status }) })
    expect(await send({ method: 'POST', target: '/x', body: {} })).toMatchObject({ code: 'network' })
  })

  it('client:PIN4, REC6 another server key blocks: nothing is sent or accepted any more, over restarts', async () => {
    await register()
    await relay.wipe()
    expect(await send({ method: 'POST', target: '/x', body: {} })).toMatchObject({ code: 'blocked' })
    expect(await db.get('pins', PROFILE)).toMatchObject({ offered: relay.key })
    relay.log()
    for (const request of [get('/channels'), { method: 'POST', target: '/reply', body: {} } as const])
      expect(await send(request)).toMatchObject({ code: 'blocked' })
    await expect(registrar.ensure(PROFILE)).rejects.toMatchObject({ code: 'blocked' })
    await expect(registrar.reissue(PROFILE, 'key-1')).rejects.toMatchObject({ code: 'blocked' })
    expect(relay.log()).toEqual([])
  })

  it('client:PIN5 the pin is replaced only by the first 8 characters of the new fingerprint, typed', async () => {
    await register()
    const pinned = relay.key
    await relay.wipe()
    await send({ method: 'POST', target: '/x', body: {} })
    const old = (await fingerprintOf(pinned)).slice(0, 9)
    for (const typed of ['', 'trust', old]) {
      await expect(trustOfferedKey(db, PROFILE, typed, 1)).rejects.toMatchObject({ code: 'wrong_fingerprint' })
      expect(await db.get('pins', PROFILE)).toMatchObject({ key: pinned, offered: relay.key })
    }
    await trustOfferedKey(db, PROFILE, ` ${(await fingerprintOf(relay.key)).slice(0, 9).toUpperCase()} `, 1)
    expect(await db.get('pins', PROFILE)).toEqual({ profileId: PROFILE, origin: 'https://relay.test', key: relay.key, pinnedAt: 1 })
  })

  it('client:REC6, CRG3, REC1 after trusting, the next request registers anew and finds the session lost', async () => {
    await register()
    await db.put('cursors', { profileId: PROFILE, seq: 9, epoch: 'e', timestamp: '' })
    await relay.wipe()
    relay.route({ 'GET /channels': () => ({ json: [] }) })
    await send(get('/channels'))
    await trustOfferedKey(db, PROFILE, (await fingerprintOf(relay.key)).slice(0, 9), 1)
    expect(await send(get('/channels'))).toEqual([])
    expect(lost).toEqual([PROFILE])
    expect(await db.get('cursors', PROFILE)).toBeUndefined()
  })

  it('client:PIN6 the fingerprint is the SHA-256 of the thumbprint JSON in groups of four', async () => {
    const key = { kty: 'EC', crv: 'P-256', x: 'a'.repeat(43), y: 'b'.repeat(43) } as const
    const json = `{"crv":"P-256","kty":"EC","x":"${key.x}","y":"${key.y}"}`
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(json)))
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    expect(await fingerprintOf(key)).toBe((hex.match(/..../g) ?? []).join(' '))
  })

  it('client:PIN7 a profile that brings a pin along is blocked from the first contact with another key', async () => {
    const other = await createFakeRelay({ now: timers.now })
    await db.put('pins', { profileId: PROFILE, origin: 'https://relay.test', key: other.key, pinnedAt: 0 })
    await expect(register()).rejects.toMatchObject({ code: 'blocked' })
    expect(await db.get('sessions', PROFILE)).toBeUndefined()
  })
})

describe('registration', () => {
  it('client:CRG1, IDN2 asks health, registers signed, keeps what it got; only the public key leaves', async () => {
    await register()
    expect(relay.asked.map(({ method, target }) => `${method} ${target}`)).toEqual(['GET /health', 'POST /auth/register'])
    const body = JSON.parse(relay.asked[1]?.body ?? '')
    expect(Object.keys(body)).toEqual(['publicKey'])
    expect(body.publicKey.d).toBeUndefined()
    expect(await db.get('sessions', PROFILE)).toEqual({
      profileId: PROFILE,
      userId: 'user-1',
      apiKey: 'key-1',
      origin: 'https://relay.test',
      clockOffsetMs: 0,
    })
  })

  it('client:CRG2 a failing register leaves nothing half-stored and says what could not be done', async () => {
    relay.route({ 'POST /auth/register': () => ({ status: 500, json: { error: 'Disk full.', code: 'internal' } }) })
    await expect(register()).rejects.toThrow(
      "Couldn't reach the relay to set up your connection: Relay request failed (POST /auth/register): Disk full.",
    )
    expect([await db.count('sessions'), await db.count('pins'), await db.count('identities')]).toEqual([0, 0, 1])
  })

  it('client:CRG2, CRG6 the same key registers every time', async () => {
    await register()
    await db.delete('sessions', PROFILE)
    await register()
    const keys = relay.asked.filter(({ target }) => target === '/auth/register').map(({ body }) => body)
    expect(new Set(keys).size).toBe(1)
  })

  it('client:ARC4 asked from several places at once, it registers once', async () => {
    await Promise.all([register(), register(), client.ask(PROFILE, get('/nothing'), anything).catch(() => undefined)])
    expect(relay.log().filter((line) => line === 'POST /auth/register')).toHaveLength(1)
  })

  it('client:CRG3, CRG5 a token that is refused is renewed by one register, the same user goes on with the cursor', async () => {
    await register()
    await db.put('cursors', { profileId: PROFILE, seq: 9, epoch: 'e', timestamp: '' })
    relay.revoke()
    relay.route({ 'GET /channels': () => ({ json: [] }) })
    relay.log()
    expect(await send(get('/channels'))).toEqual([])
    expect(relay.log()).toEqual(['GET /channels', 'POST /auth/register', 'GET /channels'])
    expect(await db.get('cursors', PROFILE)).toMatchObject({ seq: 9 })
    expect(lost).toEqual([])
  })

  it('client:CRG3 several requests refused at once share one register', async () => {
    await register()
    relay.revoke()
    relay.route({ 'GET /channels': () => ({ json: [] }) })
    relay.log()
    await Promise.all([1, 2, 3].map(() => client.ask(PROFILE, get('/channels'), anything)))
    expect(relay.log().filter((line) => line === 'POST /auth/register')).toHaveLength(1)
  })

  it('client:CRG4 a second re-issue within a minute waits; after it, it is made', async () => {
    await register()
    relay.revoke()
    relay.route({ 'GET /channels': () => ({ json: [] }) })
    await client.ask(PROFILE, get('/channels'), anything)
    relay.revoke()
    relay.log()
    await expect(client.ask(PROFILE, get('/channels'), anything)).rejects.toMatchObject({ code: 'reissue_later', retryAfter: 60 })
    expect(relay.log()).toEqual(['GET /channels'])
    await timers.advance(60_000)
    expect(await client.ask(PROFILE, get('/channels'), anything)).toEqual([])
  })

  it('client:CRG5, REC1 another user means the session is lost: cursor anew, channels remembered for rebuilding', async () => {
    await register()
    const config = {
      id: 'hook',
      type: 'webhook' as const,
      agentId: '',
      direction: 'inbound' as const,
      enabled: true,
      createdAt: '',
      status: { state: 'ok' as const },
      metadata: {},
    }
    await db.put('channels', { profileId: PROFILE, id: 'hook', config, seenAt: 0, order: 0 })
    await db.put('cursors', { profileId: PROFILE, seq: 9, epoch: 'e', timestamp: '' })
    relay.revoke(true)
    relay.route({ 'GET /channels': () => ({ json: [] }) })
    await send(get('/channels'))
    expect(lost).toEqual([PROFILE])
    expect(await db.get('cursors', PROFILE)).toBeUndefined()
    expect((await db.get('settings', 'recovery:default'))?.value).toMatchObject({ channels: [{ id: 'hook' }], done: [] })
  })

  it('client:IDN3 a profile without its key is told apart from a new one; no key is made silently', async () => {
    await db.delete('identities', PROFILE)
    await expect(register()).rejects.toMatchObject({ code: 'identity_lost' })
    expect(await db.count('identities')).toBe(0)
    expect(relay.asked).toEqual([])
  })

  it('client:URL1, URL4 a stored address that is not one is said so before anything is sent', async () => {
    await db.put('profiles', { id: PROFILE, name: PROFILE, relayUrl: 'http://example.com', createdAt: 0, stopped: false })
    expect(await send(get('/channels'))).toMatchObject({ code: 'relay_address' })
    expect(relay.asked).toEqual([])
  })
})
