import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { send } from '../support/http.ts'
import { createIdentity, freshNonce } from '../support/identity.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'

/** POST, authenticated, without side effects that matter, and unlimited here. */
const ROUTE = '/ws/ticket'
const UNLIMITED = '{"wsTicket":{"limit":0,"windowSec":60},"register":{"limit":0,"windowSec":60}}'

describe('authentication', () => {
  let relay: TestRelay
  let keyed: Awaited<ReturnType<TestRelay['client']>>
  let bearer: Awaited<ReturnType<TestRelay['client']>>
  beforeAll(async () => {
    relay = await startRelay({ env: { CHAOS_RATE_LIMITS: UNLIMITED } })
    keyed = await relay.client()
    bearer = await relay.client({ keyed: false })
  })
  afterAll(() => relay.close())

  const raw = (headers: Record<string, string>, target = ROUTE, method = 'POST') => send(relay.url, target, { method, headers })
  const outcome = ({ status, json }: { status: number; json: { code?: string } }) => [status, json.code ?? 'ok']

  it('relay:AUTH1 no bearer is missing_token, an unknown one invalid_token', async () => {
    for (const value of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      'Basic YTpi',
      bearer.apiKey,
      `Token ${bearer.apiKey}`,
      `Bearer${bearer.apiKey}`,
    ]) {
      expect(outcome(await raw(value === undefined ? {} : { Authorization: value })), String(value)).toEqual([401, 'missing_token'])
    }
    for (const token of [
      'x',
      `${bearer.apiKey}x`,
      bearer.apiKey.slice(0, -1),
      bearer.apiKey.toUpperCase(),
      bearer.userId,
      '../../etc',
      "' OR 1=1",
    ]) {
      expect(outcome(await raw({ Authorization: `Bearer ${token}` })), token).toEqual([401, 'invalid_token'])
    }
  })

  it('relay:AUTH1 the scheme is case-insensitive', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) {
      expect(outcome(await raw({ Authorization: `${scheme} ${bearer.apiKey}` }))).toEqual([200, 'ok'])
    }
  })

  it('relay:AUTH2 a keyed session lacking any signature header gets signature_required', async () => {
    const all = keyed.identity.headers('POST', ROUTE, '')
    const authorization = { Authorization: `Bearer ${keyed.apiKey}` }
    for (const missing of ['X-Timestamp', 'X-Nonce', 'X-Signature']) {
      const { [missing]: _, ...rest } = all
      expect(outcome(await raw({ ...authorization, ...rest })), missing).toEqual([401, 'signature_required'])
      expect(outcome(await raw({ ...authorization, ...rest, [missing]: '' })), missing).toEqual([401, 'signature_required'])
    }
    expect(outcome(await raw(authorization))).toEqual([401, 'signature_required'])
    expect(outcome(await raw({ ...authorization, ...all }))).toEqual([200, 'ok'])
  })

  it('relay:AUTH3 a bearer-only session passes unsigned and with fewer headers, all three are bad_signature', async () => {
    const authorization = { Authorization: `Bearer ${bearer.apiKey}` }
    const all = createIdentity().headers('POST', ROUTE, '')
    expect(outcome(await raw(authorization))).toEqual([200, 'ok'])
    expect(outcome(await raw({ ...authorization, 'X-Nonce': 'a' }))).toEqual([200, 'ok'])
    expect(outcome(await raw({ ...authorization, 'X-Nonce': 'a', 'X-Timestamp': 'b', 'X-Signature-Version': '9' }))).toEqual([
      200,
      'ok',
    ])
    expect(outcome(await raw({ ...authorization, ...all }))).toEqual([401, 'bad_signature'])
  })

  it('relay:AUTH4 a bearer-only session gets 403 signature_required on a route that is always signed, whatever it sends', async () => {
    const route = '/messages/some-message/attachments/some-file'
    const all = createIdentity().headers('GET', route, '')
    for (const headers of [{}, { 'X-Nonce': 'a' }, all]) {
      expect(outcome(await bearer.get(route, { headers }))).toEqual([403, 'signature_required'])
    }
    expect(outcome(await keyed.get(route, { sign: false }))).toEqual([401, 'signature_required'])
    expect(outcome(await keyed.get(route))).toEqual([404, 'attachment_not_found'])
  })

  it('relay:AUTH5 the first failing check decides: token, headers, timestamp, signature, nonce, rate limit', async () => {
    const limited = await startRelay({ env: { CHAOS_RATE_LIMITS: '{"wsTicket":{"limit":1,"windowSec":60}}' } })
    try {
      const client = await limited.client()
      const call = (headers: Record<string, string>) => send(limited.url, ROUTE, { method: 'POST', headers })
      const good = client.identity.headers('POST', ROUTE, '')
      const authorization = { Authorization: `Bearer ${client.apiKey}` }
      expect(outcome(await call({ ...authorization, ...good }))).toEqual([200, 'ok'])
      const old = new Date(Date.now() - 400_000).toISOString()
      const wrong = { 'X-Signature': 'A'.repeat(88) }
      const steps: [string, Record<string, string>][] = [
        ['invalid_token', { Authorization: 'Bearer nobody', 'X-Timestamp': old, ...wrong }],
        ['signature_required', { ...authorization, 'X-Timestamp': old, ...wrong }],
        ['clock_skew', { ...authorization, ...good, 'X-Timestamp': old, ...wrong, 'X-Nonce': 'x' }],
        ['bad_signature', { ...authorization, ...good, ...wrong }],
        ['replayed_nonce', { ...authorization, ...good }],
        ['rate_limited', { ...authorization, ...client.identity.headers('POST', ROUTE, '') }],
      ]
      for (const [code, headers] of steps) expect((await call(headers)).json.code).toBe(code)
    } finally {
      await limited.close()
    }
  })

  it('relay:SIG3 v1, explicit v1 and v2 pass, any other version is bad_signature', async () => {
    expect(outcome(await keyed.post(ROUTE, undefined, { sign: 1 }))).toEqual([200, 'ok'])
    expect(outcome(await keyed.post(ROUTE, undefined, { sign: 1, headers: { 'X-Signature-Version': '1' } }))).toEqual([200, 'ok'])
    expect(outcome(await keyed.post(ROUTE, undefined, { sign: 2 }))).toEqual([200, 'ok'])
    for (const version of ['0', '3', '02', 'v2', '2.0', '1, 2', 'x']) {
      for (const sign of [1, 2] as const) {
        const answer = await keyed.post(ROUTE, undefined, { sign, headers: { 'X-Signature-Version': version } })
        expect(outcome(answer), version).toEqual([401, 'bad_signature'])
      }
    }
    expect(outcome(await keyed.post(ROUTE, undefined, { sign: 2, headers: { 'X-Signature-Version': '1' } }))).toEqual([
      401,
      'bad_signature',
    ])
  })

  it('relay:SIG6 only an ISO date-time within 300 s passes, else clock_skew with serverTime', async () => {
    const now = Date.now()
    const accepted = [now - 295_000, now + 295_000].map((time) => new Date(time).toISOString())
    accepted.push(
      new Date(now).toISOString().replace('Z', '+00:00'),
      `${new Date(now + 3_600_000).toISOString().slice(0, 19)}+01:00`,
    )
    for (const timestamp of accepted) {
      expect(outcome(await keyed.post(ROUTE, undefined, { signing: { timestamp } })), timestamp).toEqual([200, 'ok'])
    }
    const refused = [now - 302_000, now + 302_000].map((time) => new Date(time).toISOString())
    refused.push(
      String(now),
      String(Math.floor(now / 1000)),
      'now',
      new Date(now).toUTCString(),
      '2026-13-45T99:99:99Z',
      'NaN',
      '1e12',
    )
    refused.push(new Date(now).toISOString().slice(0, 10), `${new Date(now).toISOString()}|x`, '+010000-01-01T00:00:00Z')
    for (const timestamp of refused) {
      const answer = await keyed.post(ROUTE, undefined, { signing: { timestamp } })
      expect(outcome(answer), timestamp).toEqual([401, 'clock_skew'])
      expect(Math.abs(Date.parse(answer.json.serverTime) - now)).toBeLessThan(60_000)
    }
  })

  it('relay:SIG7 a nonce is 8 to 128 visible ASCII characters without |', async () => {
    const good = [`${freshNonce().slice(0, 8)}`, `!"#$%&'()*+,-./:;<=>?@[]^_{}~${freshNonce()}`, freshNonce().repeat(4)]
    for (const nonce of good)
      expect(outcome(await keyed.post(ROUTE, undefined, { signing: { nonce } })), nonce).toEqual([200, 'ok'])
    const bad = [
      '1234567',
      `${freshNonce()}|`,
      'with a space',
      `${freshNonce().repeat(4)}x`,
      'caf\u00e9caf\u00e9',
      '\ttabbed-nonce\tx',
    ]
    for (const nonce of bad) {
      const answer = await keyed.post(ROUTE, undefined, { signing: { nonce } })
      expect(outcome(answer), nonce).toEqual([401, 'bad_signature'])
    }
  })

  it('relay:SIG8 a nonce works once per session; another session may use it', async () => {
    const nonce = freshNonce()
    const other = await relay.client()
    expect(outcome(await keyed.post(ROUTE, undefined, { signing: { nonce } }))).toEqual([200, 'ok'])
    expect(outcome(await keyed.post(ROUTE, undefined, { signing: { nonce } }))).toEqual([401, 'replayed_nonce'])
    expect(outcome(await keyed.get('/nowhere', { signing: { nonce }, sign: 1 }))).toEqual([401, 'replayed_nonce'])
    expect(outcome(await other.post(ROUTE, undefined, { signing: { nonce } }))).toEqual([200, 'ok'])
  })

  it('relay:SIG8 of 50 concurrent duplicates exactly one passes', async () => {
    for (const sign of [1, 2] as const) {
      const signing = { nonce: freshNonce(), timestamp: new Date().toISOString() }
      const answers = await Promise.all(Array.from({ length: 50 }, () => keyed.post(ROUTE, undefined, { sign, signing })))
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.filter(({ json }) => json.code === 'replayed_nonce')).toHaveLength(49)
    }
  })

  it('relay:SIG8 a nonce is remembered over a restart', async () => {
    const nonce = freshNonce()
    expect((await keyed.post(ROUTE, undefined, { signing: { nonce } })).status).toBe(200)
    await relay.restart()
    expect(outcome(await keyed.post(ROUTE, undefined, { signing: { nonce } }))).toEqual([401, 'replayed_nonce'])
  })

  it('relay:SIG9 a bad signature does not burn its nonce', async () => {
    const nonce = freshNonce()
    const forged = { 'X-Signature': Buffer.alloc(64, 7).toString('base64') }
    for (let i = 0; i < 3; i++) {
      expect(outcome(await keyed.post(ROUTE, undefined, { signing: { nonce }, headers: forged }))).toEqual([401, 'bad_signature'])
    }
    expect(outcome(await keyed.post(ROUTE, undefined, { signing: { nonce } }))).toEqual([200, 'ok'])
  })

  it('relay:WS3 an ended session’s apiKey, signature and tickets open nothing (STO6)', async () => {
    const client = await relay.client()
    expect(outcome(await client.del('/session', { sign: false }))).toEqual([401, 'signature_required'])
    expect((await client.del('/session')).json).toEqual({ ok: true })
    expect(outcome(await client.post(ROUTE))).toEqual([401, 'invalid_token'])
    const again = await client.register()
    expect(again.status).toBe(200)
    expect(again.json.userId).not.toBe(client.userId)
  })
})
