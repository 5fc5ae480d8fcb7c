import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { RelayError } from '#protocol/errors.ts'
import { send } from '../support/http.ts'
import { createLogLines } from '../support/logLines.ts'
import { rawExchange } from '../support/rawHttp.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'

describe('paths and answers', () => {
  const lines = createLogLines()
  let relay: TestRelay
  let client: Awaited<ReturnType<TestRelay['client']>>
  let bearer: Awaited<ReturnType<TestRelay['client']>>
  beforeAll(async () => {
    relay = await startRelay({ log: lines.log })
    client = await relay.client()
    bearer = await relay.client({ keyed: false })
  })
  afterAll(() => relay.close())

  it('relay:GEN1 paths match exactly: no trailing slash, no other case, no HEAD', async () => {
    expect((await send(relay.url, '/health')).status).toBe(200)
    for (const path of [
      '/health/',
      '//health',
      '/Health',
      '/health/x',
      '/healt',
      '/./health',
      '/x/../health',
      '/health#x',
      '/%68ealth',
      'health',
    ]) {
      expect((await bearer.get(path)).status, path).toBe(path === 'health' ? 400 : 404)
    }
    expect((await send(relay.url, '/health', { method: 'HEAD' })).status).toBe(401)
    expect((await bearer.request('HEAD', '/health')).status).toBe(404)
    await bearer.post('/channels', { id: 'hook' })
    expect((await bearer.patch('/channels/h%6Fok', { name: 'x' })).json.channel).toMatchObject({ id: 'hook', name: 'x' })
  })

  it('relay:GEN5 a body nested too deeply is refused with a sentence wherever JSON is taken', async () => {
    const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`
    await bearer.post('/channels', { id: 'hook' })
    for (const [path, raw] of [
      ['/reply', `{"channelId":"hook","content":"x","metadata":${deep}}`],
      ['/channels', `{"metadata":${deep}}`],
      ['/typing', deep],
      ['/auth/register', `{"publicKey":${deep.slice(0, 5)}${'[['.repeat(40)}${']]'.repeat(40)}}}`],
    ] as const) {
      const answer = await bearer.post(path, undefined, { raw })
      expect([answer.status, answer.json.code], path).toEqual([400, 'invalid_body'])
    }
    expect((await bearer.get('/channels')).json.channels).toHaveLength(1)
  })

  it('relay:GEN2 unknown paths and methods are 401 to strangers, 404 to those with a valid credential', async () => {
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/nothing'],
      ['POST', '/health'],
      ['DELETE', '/auth/register'],
      ['PUT', '/channels'],
      ['PROPFIND', '/health'],
      ['GET', '/.env'],
      ['GET', '/admin.php?x=1'],
      ['POST', `/${'a'.repeat(2000)}`],
    ] as const) {
      expect((await send(relay.url, path, { method })).json, `${method} ${path}`).toMatchObject({ code: 'missing_token' })
      const wrong = await send(relay.url, path, { method, headers: { Authorization: 'Bearer nobody' } })
      expect([wrong.status, wrong.json.code]).toEqual([401, 'invalid_token'])
      const unsigned = await client.request(method, path, { sign: false })
      expect([unsigned.status, unsigned.json.code]).toEqual([401, 'signature_required'])
      const known = await client.request(method, path)
      expect([known.status, known.json.code], `${method} ${path}`).toEqual([404, 'not_found'])
      expect((await bearer.request(method, path)).status).toBe(404)
    }
  })

  it('relay:GEN2 malformed percent-encoding is an unknown path, never a 500', async () => {
    for (const path of [
      '/%',
      '/%zz',
      '/health%',
      '/webhook/%E0%A4%A',
      '/channels/%c3%28',
      '/channels/%',
      '/webhook/%00',
      '/?%',
      '/health?a=%ff%',
    ]) {
      const stranger = await send(relay.url, path)
      expect(stranger.status, path).toBeLessThan(500)
      expect((await client.get(path)).status, path).toBeLessThan(500)
    }
    expect((await client.get('/%')).status).toBe(404)
    expect((await send(relay.url, '/health?a=%ff%')).status).toBe(200)
  })

  it('relay:GEN3 every answer has its own X-Request-Id, repeated in its log line', async () => {
    const answers = [
      await send(relay.url, '/health'),
      await send(relay.url, '/nothing'),
      await send(relay.url, '/health', { method: 'OPTIONS' }),
      await send(relay.url, '/auth/register', { method: 'POST', body: '{' }),
      await client.post('/ws/ticket'),
    ]
    const ids = answers.map(({ headers }) => headers['x-request-id'])
    expect(new Set(ids).size).toBe(answers.length)
    for (const [index, id] of ids.entries()) {
      expect(id).toMatch(/^[A-Za-z0-9_-]{6,}$/)
      const line = lines.parsed().find(({ requestId }) => requestId === id)
      expect(line, String(index)).toMatchObject({ status: answers[index]?.status })
    }
    const refused = lines.parsed().find(({ requestId }) => requestId === ids[3])
    expect(refused).toMatchObject({ level: 30, status: 400, code: 'invalid_json', method: 'POST', path: '/auth/register' })
    expect(lines.parsed().find(({ requestId }) => requestId === ids[0])).toMatchObject({ level: 20 })
  })

  it('relay:GEN3 relay:WS1 the handshake of a socket too, accepted or refused', async () => {
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
    for (const [status, method, token, version] of [
      [101, 'GET', bearer.apiKey, 13],
      [401, 'GET', 'nobody', 13],
      [400, 'POST', bearer.apiKey, 13],
      [400, 'GET', bearer.apiKey, 12],
    ] as const) {
      const head = `${method} /ws?token=${token} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n`
      const answer = await rawExchange(relay.url, [`${head}Sec-WebSocket-Version: ${version}\r\n\r\n`], '\r\n\r\n')
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
      const id = /^X-Request-Id: (\S+)\r$/m.exec(answer)?.[1]
      expect(lines.parsed().filter(({ requestId }) => requestId === id)).toHaveLength(1)
    }
  })

  it('relay:GEN3 relay:ERR1 what is not HTTP is answered in the same form', async () => {
    for (const bytes of [
      'GET / HTTP/9.9\r\n\r\n',
      '\u0016\u0003\u0001\u0000\u00a5',
      'hello\r\n\r\n',
      'GET /health HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n',
      'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n',
      'POST /auth/register HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}',
      'OPTIONS /health HTTP/1.1\r\nConnection: close\r\n\r\n',
    ]) {
      const answer = await rawExchange(relay.url, [Buffer.from(bytes, 'latin1')])
      expect(answer, bytes).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
      expect(answer).toMatch(/X-Request-Id: \S+/)
      expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toEqual({ error: expect.any(String), code: 'invalid_body' })
    }
    const big = await rawExchange(relay.url, [`GET /health HTTP/1.1\r\nHost: a\r\nX-Big: ${'x'.repeat(20_000)}\r\n\r\n`])
    expect(big).toMatch(/^HTTP\/1\.1 431 /)
    // HTTP/1.0 knows no Host.
    expect(await rawExchange(relay.url, ['GET /health HTTP/1.0\r\n\r\n'])).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('relay:ERR1 request smuggling by two lengths or a broken chunked body is refused', async () => {
    const two =
      'POST /auth/register HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n'
    expect(await rawExchange(relay.url, [two])).toMatch(/^HTTP\/1\.1 400 /)
    const lengths = 'POST /auth/register HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'
    expect(await rawExchange(relay.url, [lengths])).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('relay:ERR1 every error is a sentence and a stable code, no stack, no secret', async () => {
    const errors = [
      await send(relay.url, '/nothing'),
      await send(relay.url, '/auth/register', { method: 'POST', body: '[' }),
      await send(relay.url, '/auth/register', { method: 'POST', body: '{"publicKey":1}' }),
      await client.post('/ws/ticket', undefined, { sign: false }),
      await client.get('/nothing'),
    ]
    for (const { json, text, headers } of errors) {
      expect(Object.keys(json).sort()).toEqual(['code', 'error'])
      expect(json.error).toMatch(/^[A-Z“"].*\.$/s)
      expect(text).not.toMatch(/\bat .*\.ts|node:|node_modules/)
      expect(text).not.toContain(client.apiKey)
      expect(headers['content-type']).toBe('application/json; charset=utf-8')
    }
  })

  it('relay:ERR2 an unexpected failure is 500 internal with the request id and nothing of its cause', async () => {
    const { nonces } = relay.relay.store
    const remember = nonces.remember
    nonces.remember = () => Promise.reject(new Error('cannot read /var/lib/secret-place'))
    try {
      const answer = await client.post('/ws/ticket')
      expect(answer.status).toBe(500)
      expect(answer.json).toEqual({ error: expect.any(String), code: 'internal', requestId: answer.headers['x-request-id'] })
      expect(answer.text).not.toContain('secret-place')
      const line = lines.parsed().find(({ requestId }) => requestId === answer.json.requestId)
      expect(line).toMatchObject({ level: 50, status: 500, err: { message: 'cannot read /var/lib/secret-place' } })
    } finally {
      nonces.remember = remember
    }
    expect((await client.post('/ws/ticket')).status).toBe(200)
  })

  it('relay:ERR2 a storage failure is 503 storage_unavailable with Retry-After, never 2xx', async () => {
    const { sessions } = relay.relay.store
    const create = sessions.create
    try {
      for (const failure of [
        new RelayError('storage_unavailable', 'The disk is full.'),
        Object.assign(new Error('full'), { code: 'ENOSPC' }),
      ]) {
        sessions.create = () => Promise.reject(failure)
        const answer = await send(relay.url, '/auth/register', { method: 'POST' })
        expect([answer.status, answer.json.code]).toEqual([503, 'storage_unavailable'])
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
        expect(answer.json.retryAfter).toBe(Number(answer.headers['retry-after']))
      }
    } finally {
      sessions.create = create
    }
  })

  it('relay:WH7 a body over the cap is refused by its announced length and while streaming, and the caller sees the answer', async () => {
    const over = 'x'.repeat(1024 * 1024 + 1)
    const announced = await bearer.post('/ws/ticket', undefined, { raw: over })
    expect([announced.status, announced.json.code]).toEqual([413, 'body_too_large'])
    const streamed = await bearer.post('/ws/ticket', undefined, {
      raw: over,
      headers: { 'Transfer-Encoding': 'chunked', 'Content-Length': [] },
    })
    expect([streamed.status, streamed.json.code]).toEqual([413, 'body_too_large'])
    expect((await bearer.post('/ws/ticket', undefined, { raw: over.slice(1) })).status).toBe(200)
    expect((await bearer.post('/auth/register', undefined, { raw: 'x'.repeat(30_000_000) })).status).toBe(413)
  })

  it('relay:WH7 Expect: 100-continue gets the go-ahead only when the body will be read', async () => {
    const head = (length: number, authorization = `Authorization: Bearer ${bearer.apiKey}\r\n`) =>
      `POST /nothing HTTP/1.1\r\nHost: a\r\n${authorization}Content-Length: ${length}\r\nExpect: 100-continue\r\n\r\n`
    const accepted = await rawExchange(relay.url, [head(2), '{}'], 'not_found')
    expect(accepted).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 404 /)
    const tooLarge = await rawExchange(relay.url, [head(5_000_000)])
    expect(tooLarge).toMatch(/^HTTP\/1\.1 413 /)
    const stranger = await rawExchange(relay.url, [head(10, '')])
    expect(stranger).toMatch(/^HTTP\/1\.1 401 /)
  })

  it('relay:GEN2 an offer of another protocol is answered as a plain request', async () => {
    const offer =
      'GET /health HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n'
    expect(await rawExchange(relay.url, [offer], '}')).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  })

  it('relay:GEN5 a stranger’s body is not waited for', async () => {
    const answer = await rawExchange(relay.url, ['POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx'], '}')
    expect(answer).toMatch(/^HTTP\/1\.1 401 /)
  })
})

describe('addresses', () => {
  const open: TestRelay[] = []
  const start = async (env: Record<string, string>) => {
    const relay = await startRelay({ env })
    open.push(relay)
    return relay
  }
  afterEach(async () => {
    for (const relay of open.splice(0)) await relay.close()
  })

  it('relay:GEN7 the path prefix of CHAOS_PUBLIC_URL is stripped before routing and signature checks', async () => {
    const relay = await start({ CHAOS_PUBLIC_URL: 'https://relay.example/chaos/' })
    const client = await relay.client()
    expect((await send(relay.url, '/chaos/health')).status).toBe(200)
    expect((await send(relay.url, '/health')).status).toBe(200)
    for (const path of ['/chaoshealth', '/chaos/chaos/health', '/CHAOS/health', '/chaos', '/chaos/', '/chaos?x=1']) {
      expect((await send(relay.url, path)).status, path).toBe(401)
    }
    for (const sign of [1, 2] as const) {
      const headers = client.identity.headers('POST', '/ws/ticket', '', { version: sign })
      const answer = await send(relay.url, '/chaos/ws/ticket', {
        method: 'POST',
        headers: { Authorization: `Bearer ${client.apiKey}`, ...headers },
      })
      expect(answer.status).toBe(200)
      const withPrefix = client.identity.headers('POST', '/chaos/ws/ticket', '', { version: sign })
      const refused = await send(relay.url, '/chaos/ws/ticket', {
        method: 'POST',
        headers: { Authorization: `Bearer ${client.apiKey}`, ...withPrefix },
      })
      expect(refused.json.code).toBe('bad_signature')
    }
  })
})
