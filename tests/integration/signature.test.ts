import { createHash, randomInt, sign } from 'node:crypto'
import { p256 } from '@noble/curves/nist.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFakeClock } from '../support/fakeClock.ts'
import { send } from '../support/http.ts'
import { createIdentity, freshNonce, sha256Hex } from '../support/identity.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'

/** Answers 404 to whoever proves to be this session, and 401 to everybody else: any method, any query, any body. */
const PLACE = '/nowhere/at%20all'
const PASSED = 404

/** n, the order of P-256: (r, s) and (r, n - s) are both valid. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

describe('request signatures', () => {
  let relay: TestRelay
  let client: Awaited<ReturnType<TestRelay['client']>>
  beforeAll(async () => {
    relay = await startRelay()
    client = await relay.client()
  })
  afterAll(() => relay.close())

  function call(method: string, target: string, body: string | Uint8Array, headers: Record<string, string>) {
    const length = { 'Content-Length': String(Buffer.byteLength(body)) }
    return send(relay.url, target, { method, body, headers: { Authorization: `Bearer ${client.apiKey}`, ...length, ...headers } })
  }

  it.each([1, 2] as const)('relay:SIG1 relay:SIG2 a v%i signature by an independent implementation passes', async (version) => {
    const secretKey = p256.utils.randomSecretKey()
    const point = p256.getPublicKey(secretKey, false)
    const coordinate = (from: number) => Buffer.from(point.subarray(from, from + 32)).toString('base64url')
    const publicKey = { kty: 'EC', crv: 'P-256', x: coordinate(1), y: coordinate(33) }
    const headers = (method: string, target: string, body: string) => {
      const timestamp = new Date().toISOString()
      const nonce = freshNonce()
      const hash = createHash('sha256').update(body).digest('hex')
      const text = version === 1 ? [timestamp, nonce, target.split('?')[0], hash] : ['v2', timestamp, nonce, method, target, hash]
      const signature = p256.sign(new TextEncoder().encode(text.join('|')), secretKey, { lowS: false })
      return {
        'X-Timestamp': timestamp,
        'X-Nonce': nonce,
        'X-Signature': Buffer.from(signature).toString('base64'),
        ...(version === 2 && { 'X-Signature-Version': '2' }),
      }
    }
    const body = JSON.stringify({ publicKey })
    const registered = await send(relay.url, '/auth/register', {
      method: 'POST',
      body,
      headers: headers('POST', '/auth/register', body),
    })
    expect(registered.status).toBe(200)
    for (const [method, target, text] of [
      ['GET', `${PLACE}?a=1&b=%26`, ''],
      ['POST', PLACE, 'gr\u00fc\u00dfe \u{1f40c}'],
      ['DELETE', `${PLACE}?x`, ''],
      ['PATCH', `${PLACE}?`, '{}'],
    ] as const) {
      const answer = await send(relay.url, target, {
        method,
        body: text,
        headers: {
          Authorization: `Bearer ${registered.json.apiKey}`,
          'Content-Length': String(Buffer.byteLength(text)),
          ...headers(method, target, text),
        },
      })
      expect([answer.status, answer.json.code], `${method} ${target}`).toEqual([PASSED, 'not_found'])
    }
  })

  it('relay:SIG1 v1 signs path and body, not method and query (compat)', async () => {
    const headers = client.identity.headers('POST', PLACE, 'body', { version: 1 })
    expect((await call('PATCH', `${PLACE}?added=1`, 'body', headers)).status).toBe(PASSED)
    const other = client.identity.headers('POST', PLACE, 'body', { version: 1 })
    expect((await call('POST', `${PLACE}/x`, 'body', other)).json.code).toBe('bad_signature')
    expect((await call('POST', decodeURI(PLACE).replace(' ', '+'), 'body', other)).json.code).toBe('bad_signature')
    expect((await call('POST', PLACE, 'Body', other)).json.code).toBe('bad_signature')
  })

  it('relay:SIG2 v2 breaks when method, path, query or body change', async () => {
    const target = `${PLACE}?since=1&limit=2`
    const headers = client.identity.headers('POST', target, 'body')
    const changes: [string, string, string][] = [
      ['PATCH', target, 'body'],
      ['DELETE', target, 'body'],
      ['POST', PLACE, 'body'],
      ['POST', `${PLACE}?`, 'body'],
      ['POST', `${PLACE}?limit=2&since=1`, 'body'],
      ['POST', `${PLACE}?since=1&limit=3`, 'body'],
      ['POST', `${target}&`, 'body'],
      ['POST', target.replace('%20', '%2520'), 'body'],
      ['POST', target.replace('nowhere', 'Nowhere'), 'body'],
      ['POST', target.replace('/at', '//at'), 'body'],
      ['POST', target, 'bodY'],
      ['POST', target, ''],
      ['POST', target, 'body\n'],
    ]
    for (const [method, path, body] of changes) {
      const answer = await call(method, path, body, headers)
      expect([answer.status, answer.json.code], `${method} ${path} ${body}`).toEqual([401, 'bad_signature'])
    }
    expect((await call('POST', target, 'body', headers)).status).toBe(PASSED)
  })

  it('relay:SIG2 a v2 signature is no v1 signature and the other way round', async () => {
    const { 'X-Signature-Version': _, ...asV1 } = client.identity.headers('POST', PLACE, '')
    expect((await call('POST', PLACE, '', asV1)).json.code).toBe('bad_signature')
    const asV2 = { ...client.identity.headers('POST', PLACE, '', { version: 1 }), 'X-Signature-Version': '2' }
    expect((await call('POST', PLACE, '', asV2)).json.code).toBe('bad_signature')
  })

  it('relay:SIG4 DER, base64url, swapped halves, wrong lengths and garbage are bad_signature, never 500', async () => {
    const nonce = freshNonce()
    const timestamp = new Date().toISOString()
    const text = `v2|${timestamp}|${nonce}|POST|${PLACE}|${sha256Hex('')}`
    const raw = sign('sha256', Buffer.from(text), { key: client.identity.privateKey, dsaEncoding: 'ieee-p1363' })
    const der = sign('sha256', Buffer.from(text), client.identity.privateKey)
    const swapped = Buffer.concat([raw.subarray(32), raw.subarray(0, 32)])
    const order = Buffer.from(ORDER.toString(16), 'hex')
    // Different from standard base64 only if the bytes need - or _: make some that do.
    const urlSafe = Buffer.concat([Buffer.from([0xfb, 0xff]), raw.subarray(2)]).toString('base64url')
    expect(urlSafe).toMatch(/[-_]/)
    const signatures = [
      der.toString('base64'),
      swapped.toString('base64'),
      urlSafe,
      raw.toString('hex'),
      raw.toString('base64').replace(/==$/, '='),
      `${raw.toString('base64')}=`,
      `${raw.toString('base64')} x`,
      raw.subarray(0, 63).toString('base64'),
      Buffer.concat([raw, Buffer.alloc(1)]).toString('base64'),
      Buffer.concat([raw, raw]).toString('base64'),
      Buffer.alloc(64).toString('base64'),
      Buffer.alloc(64, 255).toString('base64'),
      Buffer.concat([order, order]).toString('base64'),
      Buffer.concat([Buffer.alloc(32), raw.subarray(32)]).toString('base64'),
      Buffer.concat([raw.subarray(0, 32), Buffer.alloc(32)]).toString('base64'),
      'null',
      '{}',
      'A'.repeat(8000),
      '\u00ff\u00fe',
    ]
    const headers = { 'X-Timestamp': timestamp, 'X-Nonce': nonce, 'X-Signature-Version': '2' }
    for (const signature of signatures) {
      const answer = await call('POST', PLACE, '', { ...headers, 'X-Signature': signature })
      expect([answer.status, answer.json.code], signature.slice(0, 100)).toEqual([401, 'bad_signature'])
    }
    const unpadded = await call('POST', PLACE, '', { ...headers, 'X-Signature': raw.toString('base64').replace(/=+$/, '') })
    expect(unpadded.status).toBe(PASSED)
  })

  it('relay:SIG5 the hash covers the exact bytes, also of bodies that are no text', async () => {
    const body = Buffer.from([0, 255, 254, 10, 13, 128, 0xed, 0xa0, 0x80])
    expect((await call('POST', PLACE, body, client.identity.headers('POST', PLACE, body))).status).toBe(PASSED)
    const decoded = client.identity.headers('POST', PLACE, body.toString('utf8'))
    expect((await call('POST', PLACE, body, decoded)).json.code).toBe('bad_signature')
    for (const method of ['GET', 'DELETE', 'POST']) {
      expect((await call(method, PLACE, '', client.identity.headers(method, PLACE, ''))).status).toBe(PASSED)
    }
  })

  it('relay:SIG5 chunked bodies are hashed as one', async () => {
    const body = 'x'.repeat(200_000)
    const headers = {
      Authorization: `Bearer ${client.apiKey}`,
      ...client.identity.headers('POST', PLACE, body),
      'Transfer-Encoding': 'chunked',
    }
    expect((await send(relay.url, PLACE, { method: 'POST', body, headers })).status).toBe(PASSED)
  })

  it.each([1, 2] as const)('relay:SIG4 of 1,000 mutated v%i signatures none is accepted', async (version) => {
    const target = `${PLACE}?q=1`
    const attempts = Array.from({ length: 1000 }, (_, index) => {
      const headers = client.identity.headers('POST', target, 'body', { version })
      const bytes = Buffer.from(headers['X-Signature'] ?? '', 'base64')
      if (index % 4 === 0) {
        // One bit of r or s.
        const at = randomInt(512)
        bytes.writeUInt8(bytes.readUInt8(at >> 3) ^ (1 << (at & 7)), at >> 3)
        return { ...headers, 'X-Signature': bytes.toString('base64') }
      }
      if (index % 4 === 1) {
        // One character, the spare bits of the last one included.
        const text = headers['X-Signature'] ?? ''
        const at = index % 8 === 1 ? 85 : randomInt(86)
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
        const other = alphabet[(alphabet.indexOf(text.charAt(at)) + 1 + randomInt(63)) % 64]
        return { ...headers, 'X-Signature': text.slice(0, at) + other + text.slice(at + 1) }
      }
      if (index % 4 === 2) {
        // Another nonce or time than was signed.
        return index % 8 === 2
          ? { ...headers, 'X-Nonce': freshNonce() }
          : { ...headers, 'X-Timestamp': new Date(Date.now() + randomInt(1, 1000)).toISOString().replace('Z', '0Z') }
      }
      // Somebody else's key.
      return createIdentity().headers('POST', target, 'body', { version })
    })
    const statuses = new Map<string, number>()
    for (let from = 0; from < attempts.length; from += 50) {
      const answers = await Promise.all(attempts.slice(from, from + 50).map((headers) => call('POST', target, 'body', headers)))
      for (const { status, json } of answers)
        statuses.set(`${status} ${json.code}`, (statuses.get(`${status} ${json.code}`) ?? 0) + 1)
    }
    expect([...statuses]).toEqual([['401 bad_signature', 1000]])
  })

  it('relay:SIG8 the other valid spelling of a signature, (r, n - s), is the same nonce and no second use', async () => {
    const headers = client.identity.headers('POST', PLACE, '')
    const bytes = Buffer.from(headers['X-Signature'] ?? '', 'base64')
    const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`)
    const twin = Buffer.concat([bytes.subarray(0, 32), Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex')])
    expect((await call('POST', PLACE, '', headers)).status).toBe(PASSED)
    expect((await call('POST', PLACE, '', { ...headers, 'X-Signature': twin.toString('base64') })).json.code).toBe('replayed_nonce')
  })

  it('relay:SIG8 a nonce is kept for 11 minutes', async () => {
    const clock = createFakeClock()
    const slow = await startRelay({ clock })
    try {
      const user = await slow.client()
      const nonce = freshNonce()
      expect((await user.get(PLACE, { signing: { nonce } })).status).toBe(PASSED)
      await clock.advance(11 * 60_000 - 1000)
      expect((await user.get(PLACE, { signing: { nonce } })).json.code).toBe('replayed_nonce')
    } finally {
      await slow.close()
    }
  })
})
