import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { send } from '../support/http.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'

const list = (header: string | string[] | undefined) => String(header ?? '').split(', ')

describe('other origins', () => {
  let relay: TestRelay
  beforeAll(async () => {
    relay = await startRelay()
  })
  afterAll(() => relay.close())

  it('relay:COR1 a preflight of a JSON route is 204 and allows what clients send', async () => {
    for (const path of ['/messages', '/webhook/x?token=y', '/nothing', '/channels/a/pairing']) {
      const answer = await send(relay.url, path, {
        method: 'OPTIONS',
        headers: { Origin: 'https://page.example', 'Access-Control-Request-Method': 'PATCH' },
      })
      expect([answer.status, answer.text]).toEqual([204, ''])
      const { headers } = answer
      expect(headers['access-control-allow-origin']).toBe('*')
      expect(headers['access-control-allow-credentials']).toBeUndefined()
      expect(headers['access-control-max-age']).toBe('600')
      expect(list(headers['access-control-allow-methods'])).toEqual(['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS'])
      expect(list(headers['access-control-allow-headers'])).toEqual([
        'Content-Type',
        'Authorization',
        'X-Timestamp',
        'X-Nonce',
        'X-Signature',
        'X-Signature-Version',
        'X-Want-Signature',
        'X-Webhook-Source',
        'Idempotency-Key',
      ])
    }
  })

  it('relay:COR1 answers and refusals are readable from any origin, with the exposed headers', async () => {
    const client = await relay.client()
    for (const answer of [await send(relay.url, '/health'), await send(relay.url, '/nothing'), await client.post('/ws/ticket')]) {
      expect(answer.headers['access-control-allow-origin']).toBe('*')
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
      expect(list(answer.headers['access-control-expose-headers'])).toEqual([
        'X-Server-Signature',
        'X-Server-Timestamp',
        'X-Request-Id',
        'Retry-After',
        'RateLimit-Limit',
        'RateLimit-Remaining',
        'RateLimit-Reset',
      ])
    }
  })

  it('relay:COR1 the pages of /admin and /app belong to no other origin', async () => {
    for (const path of [
      '/admin',
      '/admin/status',
      '/admin/device-link',
      '/app',
      '/app/channels',
      '/app/session',
      '/app/device-link/',
    ]) {
      for (const method of ['OPTIONS', 'GET']) {
        const answer = await send(relay.url, path, { method })
        if (method === 'OPTIONS') expect(answer.status).toBe(204)
        for (const header of ['allow-origin', 'allow-methods', 'allow-headers', 'expose-headers']) {
          expect(answer.headers[`access-control-${header}`], `${method} ${path}`).toBeUndefined()
        }
      }
    }
    for (const path of ['/administer', '/app/device-link'])
      expect((await send(relay.url, path, { method: 'OPTIONS' })).headers['access-control-allow-origin']).toBe('*')
  })

  it('relay:COR1, DEV1 a link to the device page is asked for by the extension, so from another origin', async () => {
    const made = await (await relay.client()).post('/app/device-link', {}, { headers: { Origin: 'chrome-extension://x' } })
    expect([made.status, made.headers['access-control-allow-origin']]).toEqual([200, '*'])
  })
})
