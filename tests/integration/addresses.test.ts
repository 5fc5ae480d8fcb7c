import { afterEach, describe, expect, it } from 'vitest'
import { send } from '../support/http.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'

describe('the base of the URLs in answers', () => {
  const open: TestRelay[] = []
  afterEach(async () => {
    for (const relay of open.splice(0)) await relay.close()
  })

  /** The origin and path of the webhook URL that a caller with these headers is told. */
  async function told(env: Record<string, string>, headers: Record<string, string>): Promise<string> {
    const relay = await startRelay({ env })
    open.push(relay)
    const client = await relay.client({ keyed: false })
    const created = await client.post('/channels', { type: 'webhook' }, { headers })
    expect(created.status).toBe(201)
    const url = new URL(created.json.webhookUrl)
    // Wherever the URL points, its path works here.
    expect((await send(relay.url, url.pathname + url.search, { method: 'POST', body: 'hello' })).status).toBe(200)
    return created.json.webhookUrl.split('/webhook/')[0].replace(String(relay.port), 'PORT')
  }

  it('relay:GEN6 is http:// and Host, when nothing else is known', async () => {
    expect(await told({}, {})).toBe('http://127.0.0.1:PORT')
    expect(await told({}, { Host: 'relay.lan:9000' })).toBe('http://relay.lan:9000')
    expect(await told({}, { Host: '[::1]:9000' })).toBe('http://[::1]:9000')
  })

  it('relay:GEN6 X-Forwarded-Proto and -Host count only with CHAOS_TRUST_PROXY, the proxy’s own entry is the last', async () => {
    const headers = { Host: 'inner:1', 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'relay.example' }
    expect(await told({}, headers)).toBe('http://inner:1')
    expect(await told({ CHAOS_TRUST_PROXY: '1' }, headers)).toBe('https://relay.example')
    const forged = { 'X-Forwarded-Proto': 'http, https', 'X-Forwarded-Host': 'evil.example, relay.example:444' }
    expect(await told({ CHAOS_TRUST_PROXY: '1' }, forged)).toBe('https://relay.example:444')
  })

  it('relay:GEN6 CHAOS_PUBLIC_URL wins over every header, with its path (GEN7)', async () => {
    const env = { CHAOS_PUBLIC_URL: 'https://relay.example/chaos/', CHAOS_TRUST_PROXY: '1' }
    expect(await told(env, { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' })).toBe('https://relay.example/chaos')
  })

  it('relay:GEN6 a Host that is no host is never echoed', async () => {
    for (const host of ['evil.example/path', 'user@evil.example', 'a b', 'x"><script>', 'evil.example:999999', '[::1', '..%2f'])
      expect(await told({}, { Host: host }), host).toBe('http://127.0.0.1:PORT')
  })
})
