import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { Failure } from '../../../lib/messaging/failure.ts'
import type { RelayRequest } from '../../../lib/relay/http.ts'
import { type ClientWorld, createClientWorld, get, PROFILE, sentences } from './support/client.ts'
import type { Told } from './support/fakeRelay.ts'

const anything = z.unknown()
let world: ClientWorld
let { relay, timers, db, client, register }: ClientWorld = {} as ClientWorld

async function assemble(...given: Parameters<typeof createClientWorld>): Promise<void> {
  world = await createClientWorld(...given)
  ;({ relay, timers, db, client, register } = world)
}
beforeEach(() => assemble())

const send = (request: RelayRequest, schema: z.ZodMiniType = anything) => world.send(request, schema)

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

  it('client:CSG5 nothing is ever signed the old way: register, requests, every retry and re-issue are v2', async () => {
    let refusals = 3
    relay.route({
      'GET /channels': () =>
        refusals-- > 0 ? { status: 503, json: { error: 'busy', code: 'storage_unavailable' } } : { json: [] },
      'POST /typing': () => ({ json: { ok: true } }),
      'PATCH /channels/c': () => ({ json: {} }),
      'DELETE /channels/c': () => ({ status: 404, json: { error: 'gone', code: 'channel_not_found' } }),
    })
    await send(get('/channels'))
    world.clock.ahead = 7 * 60_000
    await send({ method: 'POST', target: '/typing', body: {} })
    relay.revoke()
    await send({ method: 'PATCH', target: '/channels/c', body: { name: 'x' } })
    await send({ method: 'DELETE', target: '/channels/c' })
    const signed = relay.asked.filter(({ target }) => target !== '/health')
    expect(signed.filter(({ target }) => target === '/auth/register').length).toBeGreaterThan(1)
    expect(signed.length).toBeGreaterThan(9)
    for (const { headers } of signed)
      expect([headers['X-Signature-Version'], headers['X-Signature'] !== undefined]).toEqual(['2', true])
    for (const { headers } of relay.asked) if ('X-Signature' in headers) expect(headers['X-Signature-Version']).toBe('2')
  })

  it('client:CSG3 a clock that is off is set right from the relay’s signed answer, once, without a re-issue', async () => {
    await register()
    world.clock.ahead = 7 * 60_000
    relay.route({ 'GET /channels': () => ({ json: [] }) })
    relay.log()
    expect(await send(get('/channels'))).toEqual([])
    expect(relay.log()).toEqual(['GET /channels', 'GET /channels'])
    expect((await db.get('sessions', PROFILE))?.clockOffsetMs).toBe(7 * 60_000)
    await send(get('/channels'))
    expect(relay.log()).toEqual(['GET /channels'])
  })

  it('client:CSG3 works at the very first contact as well', async () => {
    world.clock.ahead = -3 * 60 * 60_000
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
  beforeEach(() => register())

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
