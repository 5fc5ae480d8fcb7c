import { afterEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../support/fakeClock.ts'
import { send } from '../support/http.ts'
import { type RelayOptions, startRelay, type TestRelay } from '../support/relay.ts'

describe('limits', () => {
  const open: TestRelay[] = []
  const start = async (options: RelayOptions = {}) => {
    const relay = await startRelay(options)
    open.push(relay)
    return relay
  }
  afterEach(async () => {
    for (const relay of open.splice(0)) await relay.close()
  })

  const register = (relay: TestRelay, headers: Record<string, string> = {}) =>
    send(relay.url, '/auth/register', { method: 'POST', headers })
  const count = async (times: number, call: () => Promise<{ status: number }>) => {
    const statuses: number[] = []
    for (let i = 0; i < times; i++) statuses.push((await call()).status)
    return statuses
  }

  it('relay:RL1 over a limit: 429, its headers and the body’s retryAfter; afterwards it passes again', async () => {
    const clock = createFakeClock()
    const relay = await start({ clock })
    const client = await relay.client({ keyed: false })
    expect(new Set(await count(60, () => client.post('/ws/ticket')))).toEqual(new Set([200]))
    await clock.advance(20_500)
    const refused = await client.post('/ws/ticket')
    expect([refused.status, refused.json.code, refused.json.retryAfter]).toEqual([429, 'rate_limited', 40])
    expect(refused.headers).toMatchObject({
      'retry-after': '40',
      'ratelimit-limit': '60',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '40',
    })
    await clock.advance(39_500)
    expect((await client.post('/ws/ticket')).status).toBe(200)
  })

  it('relay:RL1 register is 100 an hour per address, wsTicket 60 a minute per user', async () => {
    const relay = await start()
    expect((await count(101, () => register(relay))).indexOf(429)).toBe(100)
    const fresh = await start()
    const [one, other] = [await fresh.client({ keyed: false }), await fresh.client({ keyed: false })]
    expect((await count(61, () => one.post('/ws/ticket'))).indexOf(429)).toBe(60)
    expect((await other.post('/ws/ticket')).status).toBe(200)
  })

  it('relay:RL2 CHAOS_RATE_LIMITS overrides by name, 0 is unlimited', async () => {
    const relay = await start({
      env: { CHAOS_RATE_LIMITS: '{"register":{"limit":0,"windowSec":1},"wsTicket":{"limit":2,"windowSec":60}}' },
    })
    expect(new Set(await count(130, () => register(relay)))).toEqual(new Set([200]))
    const client = await relay.client({ keyed: false })
    expect(await count(3, () => client.post('/ws/ticket'))).toEqual([200, 200, 429])
  })

  it('relay:RL3 a forged X-Forwarded-For is no other address', async () => {
    const relay = await start({ env: { CHAOS_RATE_LIMITS: '{"register":{"limit":3,"windowSec":60}}' } })
    let n = 0
    expect(await count(4, () => register(relay, { 'X-Forwarded-For': `10.0.0.${n++}` }))).toEqual([200, 200, 200, 429])
  })

  it('relay:RL3 with CHAOS_TRUST_PROXY the last entry counts, what the caller put before it does not', async () => {
    const relay = await start({ env: { CHAOS_TRUST_PROXY: '1', CHAOS_RATE_LIMITS: '{"register":{"limit":2,"windowSec":60}}' } })
    let n = 0
    expect(await count(3, () => register(relay, { 'X-Forwarded-For': `10.0.0.${n++}, 203.0.113.7` }))).toEqual([200, 200, 429])
    expect((await register(relay, { 'X-Forwarded-For': '203.0.113.8' })).status).toBe(200)
    expect((await register(relay)).status).toBe(200)
  })

  it('relay:RL5 each relay process counts for itself', async () => {
    const env = { CHAOS_RATE_LIMITS: '{"register":{"limit":1,"windowSec":60}}' }
    const [one, two] = [await start({ env }), await start({ env })]
    expect(await count(2, () => register(one))).toEqual([200, 429])
    expect(await count(2, () => register(two))).toEqual([200, 429])
  })

  it('relay:RL1 a refused request counts against nobody else and unauthenticated ones against no user', async () => {
    const relay = await start({ env: { CHAOS_RATE_LIMITS: '{"wsTicket":{"limit":1,"windowSec":60}}' } })
    const client = await relay.client()
    await count(20, () => client.post('/ws/ticket', undefined, { sign: false }))
    await count(20, () => client.post('/ws/ticket', undefined, { headers: { 'X-Signature': 'A'.repeat(86) } }))
    expect(await count(2, () => client.post('/ws/ticket'))).toEqual([200, 429])
  })
})
