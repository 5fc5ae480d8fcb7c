import { afterEach, describe, expect, it } from 'vitest'
import { VERSION } from '../../server/version.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { send } from '../support/http.ts'
import { type RelayOptions, startRelay, type TestRelay } from '../support/relay.ts'

describe('health', () => {
  const open: TestRelay[] = []
  const start = async (options: RelayOptions = {}) => {
    const relay = await startRelay(options)
    open.push(relay)
    return relay
  }
  afterEach(async () => {
    for (const relay of open.splice(0)) await relay.close()
  })

  it('relay:HLT1 GET /health tells state, version, features and time to anybody', async () => {
    const clock = createFakeClock()
    const relay = await start({ clock })
    await clock.advance(61_500)
    const { status, json } = await send(relay.url, '/health')
    expect(status).toBe(200)
    expect(json).toEqual({
      status: 'ok',
      version: VERSION,
      deploymentId: 'local',
      kv: true,
      kvStats: { ops: expect.any(Number), errors: 0, timeouts: 0, lastError: null },
      initialized: true,
      websockets: 0,
      uptime: 61,
      serverTime: new Date(clock.now()).toISOString(),
      features: ['sig2', 'ws2', 'ticket', 'attachments', 'device-link', 'server-sig', 'slack'],
    })
  })

  it('relay:HLT1 email is a feature only where it is configured', async () => {
    const features = async (env: Record<string, string>) => (await send((await start({ env })).url, '/health')).json.features
    expect(await features({ CHAOS_EMAIL_DOMAIN: 'mail.example' })).not.toContain('email')
    expect(await features({ RESEND_API_KEY: 're_x' })).not.toContain('email')
    expect(await features({ CHAOS_EMAIL_DOMAIN: 'mail.example', RESEND_API_KEY: 're_x' })).toContain('email')
  })

  it('relay:HLT1 health names no session, key or path', async () => {
    const relay = await start()
    const client = await relay.client()
    for (const path of ['/health', '/health?deep=1']) {
      const { text } = await send(relay.url, path)
      for (const secret of [client.userId, client.apiKey, relay.dataDir]) expect(text).not.toContain(secret)
    }
  })

  it('relay:HLT2 deep=1 makes a real write and read', async () => {
    const relay = await start()
    const before = relay.relay.store.maintenance.stats().ops
    const { status, json } = await send(relay.url, '/health?deep=1')
    expect([status, json.status, json.kvLive.ok]).toEqual([200, 'ok', true])
    expect(json.kvLive.ms).toBeGreaterThanOrEqual(0)
    expect(relay.relay.store.maintenance.stats().ops).toBeGreaterThan(before)
    expect((await send(relay.url, '/health?deep=0')).json.kvLive).toBeUndefined()
  })

  it('relay:HLT2 when the store does not take the write, it is 503 degraded', async () => {
    const relay = await start()
    relay.relay.store.maintenance.probe = () => Promise.reject(new Error('disk I/O error at /secret/path'))
    const { status, json, text } = await send(relay.url, '/health?deep=1')
    expect([status, json.status, json.kvLive.ok]).toEqual([503, 'degraded', false])
    expect(json.kvLive.error).toEqual(expect.any(String))
    expect(text).not.toContain('secret')
    expect((await send(relay.url, '/health')).status).toBe(200)
  })

  it('relay:HLT2 deep checks are 10 a minute per address, plain ones unlimited', async () => {
    const relay = await start()
    const statuses: number[] = []
    for (let i = 0; i < 11; i++) statuses.push((await send(relay.url, '/health?deep=1')).status)
    expect(statuses.indexOf(429)).toBe(10)
    expect((await send(relay.url, '/health')).status).toBe(200)
  })
})
