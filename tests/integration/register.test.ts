import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../support/client.ts'
import { send } from '../support/http.ts'
import { createIdentity } from '../support/identity.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'

const UNLIMITED = { CHAOS_RATE_LIMITS: '{"register":{"limit":0,"windowSec":60}}' }

function post(relay: { url: string }, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return send(relay.url, '/auth/register', {
    method: 'POST',
    body: text,
    headers: { 'Content-Length': String(Buffer.byteLength(text)), ...headers },
  })
}

/** A signed registration. */
function signed(relay: { url: string }, identity = createIdentity(), extra: Record<string, unknown> = {}, version: 1 | 2 = 2) {
  const body = JSON.stringify({ publicKey: identity.publicKey, ...extra })
  return post(relay, body, identity.headers('POST', '/auth/register', body, { version }))
}

describe('registration', () => {
  let relay: TestRelay
  beforeAll(async () => {
    relay = await startRelay({ env: UNLIMITED })
  })
  afterAll(() => relay.close())

  it('relay:REG1 no body, {} and publicKey:null each make a new bearer-only session', async () => {
    const answers = [
      await send(relay.url, '/auth/register', { method: 'POST' }),
      await post(relay, {}),
      await post(relay, { publicKey: null }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(new Set(answers.map(({ json }) => json.userId)).size).toBe(3)
    for (const { json } of answers) {
      const unsigned = await send(relay.url, '/ws/ticket', { method: 'POST', headers: { Authorization: `Bearer ${json.apiKey}` } })
      expect(unsigned.status).toBe(200)
    }
  })

  it('relay:GEN5 malformed JSON is invalid_json, another type invalid_body', async () => {
    for (const body of ['{', 'nul', '{"a":1}}', '\u0000']) expect((await post(relay, body)).json.code).toBe('invalid_json')
    for (const body of ['[]', '"x"', '1', 'null', 'true']) expect((await post(relay, body)).json.code).toBe('invalid_body')
  })

  it('relay:REG2 anything but a public P-256 point is invalid_key and stores nothing', async () => {
    const { publicKey } = createIdentity()
    const before = (await relay.relay.store.sessions.list()).length
    const { x = '', y = '' } = publicKey
    const bad: unknown[] = [
      'key',
      7,
      [],
      {},
      { ...publicKey, d: x },
      { ...publicKey, d: null },
      { ...publicKey, kty: 'RSA' },
      { ...publicKey, crv: 'P-384' },
      { ...publicKey, y: x },
      { ...publicKey, x: 'A'.repeat(43), y: 'A'.repeat(43) },
      { ...publicKey, x: `${x}A` },
      { ...publicKey, x: x.slice(1) },
      { ...publicKey, x: '_'.repeat(43) },
      { ...publicKey, x: `${x.slice(0, 42)}+` },
      { kty: 'EC', crv: 'P-256', x },
      { kty: 'EC', crv: 'P-256', x: 1, y: 2 },
      { ...publicKey, y: `${y.slice(0, -2)}${y.endsWith('AA') ? 'BA' : 'AA'}` },
    ]
    for (const key of bad) {
      const answer = await post(relay, { publicKey: key })
      expect([answer.status, answer.json.code], JSON.stringify(key)).toEqual([400, 'invalid_key'])
    }
    expect(await relay.relay.store.sessions.list()).toHaveLength(before)
  })

  it('relay:REG2 extra members are ignored and another spelling of the same point is the same identity', async () => {
    const { publicKey } = createIdentity()
    const first = await post(relay, { publicKey })
    const extra = await post(relay, { publicKey: { ...publicKey, kid: 'k', use: 'sig', ext: true, key_ops: ['verify'] } })
    expect(extra.json).toEqual(first.json)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const { x = '' } = publicKey
    const respelled = x.slice(0, 42) + alphabet[alphabet.indexOf(x.slice(42)) ^ 1]
    expect(respelled).not.toBe(x)
    expect((await post(relay, { publicKey: { ...publicKey, x: respelled } })).json.userId).toBe(first.json.userId)
  })

  it('relay:REG3 an unknown key makes a session, unsigned or signed (v1 and v2)', async () => {
    const answers = [
      await post(relay, { publicKey: createIdentity().publicKey }),
      await signed(relay),
      await signed(relay, createIdentity(), {}, 1),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(new Set(answers.map(({ json }) => json.userId)).size).toBe(3)
  })

  it('relay:REG4 an unsigned register of a known, never signed key returns the same user and the unchanged apiKey', async () => {
    const { publicKey } = createIdentity()
    const first = await post(relay, { publicKey })
    for (let i = 0; i < 3; i++) expect((await post(relay, { publicKey })).json).toEqual(first.json)
    await relay.restart()
    expect((await post(relay, { publicKey })).json).toEqual(first.json)
  })

  it('relay:REG4 concurrent first registrations of one key make one session', async () => {
    const { publicKey } = createIdentity()
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(relay, { publicKey })))
    expect(new Set(answers.map(({ json }) => json.userId)).size).toBe(1)
    expect(answers.every(({ status }) => status === 200)).toBe(true)
  })

  it('relay:REG5 once a key has registered signed, its public half opens nothing', async () => {
    const identity = createIdentity()
    const unsigned = await post(relay, { publicKey: identity.publicKey })
    expect(unsigned.status).toBe(200)
    expect((await signed(relay, identity)).json.userId).toBe(unsigned.json.userId)
    const refused = await post(relay, { publicKey: identity.publicKey })
    expect([refused.status, refused.json.code]).toEqual([401, 'signature_required'])
    expect(refused.text).not.toContain(unsigned.json.apiKey)
    await relay.restart()
    expect((await post(relay, { publicKey: identity.publicKey })).json.code).toBe('signature_required')
  })

  it('relay:REG5 with CHAOS_STRICT_REGISTER=1 that holds for every known key', async () => {
    const strict = await startRelay({ env: { ...UNLIMITED, CHAOS_STRICT_REGISTER: '1' } })
    try {
      const identity = createIdentity()
      expect((await post(strict, { publicKey: identity.publicKey })).status).toBe(200)
      expect((await post(strict, { publicKey: identity.publicKey })).json.code).toBe('signature_required')
      expect((await signed(strict, identity)).status).toBe(200)
    } finally {
      await strict.close()
    }
  })

  it('relay:REG6 a failed signature gives the AUTH code and creates nothing', async () => {
    const before = (await relay.relay.store.sessions.list()).length
    const mine = createIdentity()
    const stranger = createIdentity()
    const body = JSON.stringify({ publicKey: mine.publicKey })
    const good = mine.headers('POST', '/auth/register', body)
    const cases: [string, Record<string, string>][] = [
      ['bad_signature', stranger.headers('POST', '/auth/register', body)],
      ['bad_signature', { ...good, 'X-Signature': 'AAAA' }],
      ['bad_signature', { ...good, 'X-Signature-Version': '3' }],
      ['clock_skew', mine.headers('POST', '/auth/register', body, { now: Date.now() - 301_000 })],
      ['signature_required', { 'X-Nonce': 'abcdefgh1' }],
      ['signature_required', { 'X-Timestamp': new Date().toISOString() }],
      ['signature_required', { 'X-Signature': good['X-Signature'] ?? '' }],
      ['signature_required', { 'X-Signature-Version': '2' }],
    ]
    for (const [code, headers] of cases) {
      const answer = await post(relay, body, headers)
      expect([answer.status, answer.json.code], JSON.stringify(headers)).toEqual([401, code])
    }
    const keyless = await post(relay, '{}', mine.headers('POST', '/auth/register', '{}'))
    expect([keyless.status, keyless.json.code]).toEqual([401, 'bad_signature'])
    expect(await relay.relay.store.sessions.list()).toHaveLength(before)
  })

  it('relay:REG6 success on a known key returns the same user and an apiKey that works', async () => {
    const client = await relay.client()
    const again = await client.register()
    expect(again.json.userId).toBe(client.userId)
    const used = await client.request('POST', '/ws/ticket', { headers: { Authorization: `Bearer ${again.json.apiKey}` } })
    expect(used.status).toBe(200)
  })

  it('relay:SIG8 a captured registration cannot be replayed, also when it made the session', async () => {
    const identity = createIdentity()
    const body = JSON.stringify({ publicKey: identity.publicKey })
    const headers = identity.headers('POST', '/auth/register', body)
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(relay, body, headers)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ json }) => json.code === 'replayed_nonce')).toHaveLength(9)
    await relay.restart()
    expect((await post(relay, body, headers)).json.code).toBe('replayed_nonce')
  })

  it('relay:REG7 signed rotate returns a fresh apiKey and the older ones stay valid', async () => {
    const client = await relay.client()
    const rotated = await client.register({ rotate: true })
    expect(rotated.json.userId).toBe(client.userId)
    expect(rotated.json.apiKey).not.toBe(client.apiKey)
    for (const apiKey of [client.apiKey, rotated.json.apiKey]) {
      expect((await client.request('POST', '/ws/ticket', { headers: { Authorization: `Bearer ${apiKey}` } })).status).toBe(200)
    }
    expect((await client.register()).json.apiKey).toBe(rotated.json.apiKey)
  })

  it('relay:REG7 signed revokeOthers ends every other apiKey and its tickets at once', async () => {
    const client = await relay.client()
    expect((await client.post('/ws/ticket')).status).toBe(200)
    const rotated = await client.register({ rotate: true, revokeOthers: true })
    expect(rotated.status).toBe(200)
    const old = await client.post('/ws/ticket')
    expect([old.status, old.json.code]).toEqual([401, 'invalid_token'])
    const fresh = await client.request('POST', '/ws/ticket', { headers: { Authorization: `Bearer ${rotated.json.apiKey}` } })
    expect(fresh.status).toBe(200)
    await relay.restart()
    expect((await client.post('/ws/ticket')).json.code).toBe('invalid_token')
  })

  it('relay:REG7 unsigned rotate and revokeOthers need a signature, also without a key', async () => {
    const { publicKey } = createIdentity()
    await post(relay, { publicKey })
    for (const body of [
      { publicKey, rotate: true },
      { publicKey, revokeOthers: true },
      { rotate: true },
      { publicKey: null, revokeOthers: true },
    ]) {
      const answer = await post(relay, body)
      expect([answer.status, answer.json.code]).toEqual([401, 'signature_required'])
    }
    expect((await post(relay, { publicKey, rotate: 'yes' })).json.code).toBe('invalid_field')
  })

  it('relay:REG8 no answer repeats a client public key', async () => {
    const client = await relay.client()
    const { x = '', y = '' } = client.identity.publicKey
    const answers = [
      await client.register(),
      await client.get('/health'),
      await client.get('/nothing'),
      await post(relay, { publicKey: client.identity.publicKey }),
    ]
    for (const { text, headers } of answers) {
      expect(text + JSON.stringify(headers)).not.toContain(x)
      expect(text + JSON.stringify(headers)).not.toContain(y)
    }
  })

  it('relay:REG9 apiKeys are random, never expire and are nowhere in clear on the disk', async () => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => createClient(relay.url)))
    const keys = clients.map(({ apiKey }) => apiKey)
    expect(new Set(keys).size).toBe(20)
    for (const key of keys) expect(key.replace(/^chaos_/, '').length * 6).toBeGreaterThanOrEqual(122)
    for (const name of readdirSync(relay.dataDir)) {
      const bytes = readFileSync(`${relay.dataDir}/${name}`)
      for (const key of keys) expect(bytes.includes(key), name).toBe(false)
    }
  })

  it('relay:GEN1 a registration body over its cap is refused', async () => {
    const answer = await post(relay, { publicKey: null, padding: 'x'.repeat(20_000) })
    expect([answer.status, answer.json.code]).toEqual([413, 'body_too_large'])
  })
})
