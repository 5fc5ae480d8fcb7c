import { createHash } from 'node:crypto'
import { p256 } from '@noble/curves/nist.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PublicKeyJwk } from '#protocol/keys.ts'
import { type HttpAnswer, send } from '../support/http.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { type HandshakeRefused, openTestSocket } from '../support/socket.ts'

/** Verified with an implementation that is not the relay's. */
function verifies(text: string, signature: Buffer, key: PublicKeyJwk): boolean {
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(key.x, 'base64url'), Buffer.from(key.y, 'base64url')])
  return p256.verify(signature, new TextEncoder().encode(text), point, { lowS: false })
}

function isSigned(answer: HttpAnswer, key: PublicKeyJwk, nonce: string): boolean {
  const timestamp = answer.headers['x-server-timestamp']
  const signature = Buffer.from(String(answer.headers['x-server-signature'] ?? ''), 'base64')
  if (typeof timestamp !== 'string' || signature.length !== 64) return false
  const hash = createHash('sha256').update(answer.bytes).digest('hex')
  return verifies([timestamp, nonce, answer.status, hash].join('|'), signature, key)
}

const WANTED = { 'X-Want-Signature': '1' }

describe('signed answers', () => {
  let relay: TestRelay
  let client: Awaited<ReturnType<TestRelay['client']>>
  beforeAll(async () => {
    relay = await startRelay()
    client = await relay.client()
  })
  afterAll(() => relay.close())

  it('relay:SRV1 every answer is signed when asked: success, register, errors, health, unknown paths', async () => {
    const nonce = 'nonce-of-this-request'
    const answers = [
      await send(relay.url, '/health', { headers: { ...WANTED, 'X-Nonce': nonce } }),
      await send(relay.url, '/auth/register', { method: 'POST', headers: { ...WANTED, 'X-Nonce': nonce } }),
      await send(relay.url, '/auth/register', { method: 'POST', body: '{', headers: { ...WANTED, 'X-Nonce': nonce } }),
      await send(relay.url, '/nothing', { headers: { ...WANTED, 'X-Nonce': nonce } }),
      await client.post('/ws/ticket', undefined, { headers: WANTED, signing: { nonce } }),
      await client.get('/nothing', { headers: WANTED, signing: { nonce } }),
      await send(relay.url, '/health', { method: 'OPTIONS', headers: { ...WANTED, 'X-Nonce': nonce } }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 400, 401, 200, 401, 204])
    for (const answer of answers)
      expect(isSigned(answer, client.serverPublicKey, nonce), `${answer.status} ${answer.text}`).toBe(true)
  })

  it('relay:SRV1 without X-Nonce the nonce in the text is empty', async () => {
    const answer = await send(relay.url, '/auth/register', { method: 'POST', body: '{}', headers: WANTED })
    expect(answer.status).toBe(200)
    expect(isSigned(answer, client.serverPublicKey, '')).toBe(true)
    expect(isSigned(answer, client.serverPublicKey, 'x')).toBe(false)
  })

  it('relay:SRV1 a changed status, body, nonce or time does not verify', async () => {
    const answer = await send(relay.url, '/health', { headers: { ...WANTED, 'X-Nonce': 'abcdefgh' } })
    const key = client.serverPublicKey
    expect(isSigned(answer, key, 'abcdefgh')).toBe(true)
    expect(isSigned({ ...answer, status: 201 }, key, 'abcdefgh')).toBe(false)
    expect(isSigned({ ...answer, bytes: Buffer.from(answer.text.replace('ok', 'OK')) }, key, 'abcdefgh')).toBe(false)
    expect(isSigned(answer, key, 'abcdefgi')).toBe(false)
    const later = { ...answer.headers, 'x-server-timestamp': new Date(Date.now() + 1000).toISOString() }
    expect(isSigned({ ...answer, headers: later }, key, 'abcdefgh')).toBe(false)
  })

  it('relay:SRV1, WS1 a refused handshake is signed too, when asked', async () => {
    const asked = { ...WANTED, 'X-Nonce': 'handshake-1' }
    const url = `${relay.url.replace('http', 'ws')}/ws`
    const refusal = async (headers: Record<string, string>): Promise<HandshakeRefused> =>
      openTestSocket(`${url}?token=wrong`, ['chaos.v2'], { headers }).then(
        () => Promise.reject(new Error('opened')),
        (error) => error,
      )
    const { status, text, headers } = await refusal(asked)
    expect(status).toBe(401)
    const answer = { status, headers, text, bytes: Buffer.from(text), json: undefined }
    expect(isSigned(answer, client.serverPublicKey, 'handshake-1')).toBe(true)
    expect(isSigned(answer, client.serverPublicKey, 'handshake-2')).toBe(false)
    expect((await refusal({})).headers['x-server-signature']).toBeUndefined()
  })

  it('relay:SRV1 nothing is signed unless asked', async () => {
    for (const value of [undefined, '0', 'true', '11']) {
      const { headers } = await send(relay.url, '/health', { headers: value === undefined ? {} : { 'X-Want-Signature': value } })
      expect(headers['x-server-signature']).toBeUndefined()
      expect(headers['x-server-timestamp']).toBeUndefined()
    }
  })

  it.each(['ticket', 'token'] as const)(
    'relay:SRV2 hello is signed over the %s the socket was opened with, user and epoch',
    async (credential) => {
      const socket = await client.openSocket('v2', { credential })
      const hello = await socket.next()
      const text = (shown: string, userId = client.userId, epoch = hello.epoch) =>
        ['ws-hello', hello.challenge.timestamp, createHash('sha256').update(shown).digest('hex'), userId, epoch].join('|')
      const signature = Buffer.from(hello.challenge.signature, 'base64')
      expect(signature).toHaveLength(64)
      expect(verifies(text(socket.credential), signature, client.serverPublicKey)).toBe(true)
      expect(verifies(text(`${socket.credential}x`), signature, client.serverPublicKey)).toBe(false)
      expect(verifies(text(socket.credential, 'somebody'), signature, client.serverPublicKey)).toBe(false)
      expect(verifies(text(socket.credential, client.userId, 'other'), signature, client.serverPublicKey)).toBe(false)
      await socket.close()
    },
  )

  it('relay:SRV3 one P-256 key for all callers, without its private part, the same after a restart, sealed on the disk', async () => {
    const other = await relay.client({ keyed: false })
    expect(other.serverPublicKey).toEqual(client.serverPublicKey)
    expect(Object.keys(client.serverPublicKey).sort()).toEqual(['crv', 'kty', 'x', 'y'])
    await relay.restart()
    expect((await relay.client()).serverPublicKey).toEqual(client.serverPublicKey)
    const stored = await relay.relay.store.meta.get('serverKey')
    expect(stored).toBeTruthy()
    expect(stored).not.toContain('PRIVATE')
    expect(stored).not.toContain(client.serverPublicKey.x)
  })
})
