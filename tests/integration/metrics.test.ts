import { afterEach, describe, expect, it } from 'vitest'
import { startTelegramRelay } from '../fakes/telegram/relay.ts'
import { ask, DELETE, decision, withWindow } from '../support/approvals.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { send } from '../support/http.ts'
import { readScrape } from '../support/prometheus.ts'
import { type RelayOptions, startRelay, type TestRelay } from '../support/relay.ts'
import { createWebhook } from '../support/webhook.ts'

const KEY = 'the-admin-key-of-this-test'

describe('metrics', () => {
  const undo: (() => Promise<void>)[] = []
  const start = async (options: RelayOptions = {}) => {
    const relay = await startRelay(options)
    undo.push(relay.close)
    return relay
  }
  afterEach(async () => {
    for (const step of undo.splice(0)) await step()
  })
  const get = (relay: TestRelay, headers: Record<string, string> = {}) => send(relay.url, '/metrics', { headers })
  const scrape = async (url: string) => readScrape((await send(url, '/metrics')).text)

  it('relay:MET1 remote:TRU1 a program on this machine reads them in Prometheus’ format', async () => {
    const relay = await start()
    for (const host of ['127.0.0.1', 'localhost', '[::1]', `127.0.0.1:${relay.port}`, 'LOCALHOST:80']) {
      const { status, headers, text } = await get(relay, { Host: host })
      expect([host, status]).toEqual([host, 200])
      expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
      expect(readScrape(text).samples.size).toBeGreaterThan(30)
    }
    expect((await send(relay.url, '/metrics', { method: 'POST' })).status).toBe(401)
  })

  it('relay:MET1 remote:TRU1 pages, proxies and rebound names are strangers, and strangers get nothing', async () => {
    const relay = await start({ env: { CHAOS_ADMIN_KEY: KEY, CHAOS_TRUST_PROXY: '1' } })
    const strangers: Record<string, string>[] = [
      { Host: 'relay.example' },
      { Host: `127.0.0.1.example:${relay.port}` },
      { Host: '127.0.0.1:80:90' },
      { Origin: 'null' },
      { Origin: 'http://localhost' },
      { 'Sec-Fetch-Site': 'none' },
      { Forwarded: 'for=127.0.0.1' },
      { 'X-Real-IP': '127.0.0.1' },
      { 'X-Forwarded-For': '127.0.0.1' },
      { 'X-Forwarded-Host': 'localhost' },
      { 'x-forwarded-anything': '1' },
    ]
    for (const headers of strangers) {
      const refused = await get(relay, headers)
      expect([headers, refused.status, refused.json.code]).toEqual([headers, 401, 'missing_token'])
      expect(refused.text).not.toContain('chaos_')
      expect((await get(relay, { ...headers, Authorization: `Bearer ${KEY}` })).status).toBe(200)
    }
    const closed = await start({ env: { CHAOS_LOCAL_TRUST: '0' } })
    expect((await get(closed)).json.code).toBe('missing_token')
    expect((await get(closed, { Authorization: 'Bearer undefined' })).json.code).toBe('invalid_token')
  })

  it('relay:MET1 relay:RL1 the admin key cannot be guessed: after five wrong ones not even the right one is compared', async () => {
    const clock = createFakeClock()
    const relay = await start({ clock, env: { CHAOS_ADMIN_KEY: KEY, CHAOS_LOCAL_TRUST: '0' } })
    const attempt = async (key: string) => (await get(relay, { Authorization: `Bearer ${key}` })).status
    for (let n = 0; n < 20; n++) expect(await attempt(KEY)).toBe(200)
    for (let n = 0; n < 5; n++) expect(await attempt(`${KEY}${n}`)).toBe(401)
    expect(await attempt(KEY)).toBe(429)
    const refused = await get(relay, { Authorization: `Bearer ${KEY}` })
    expect(refused.headers).toMatchObject({ 'retry-after': '900', 'ratelimit-limit': '5', 'ratelimit-remaining': '0' })
    await clock.advance(15 * 60_000)
    expect(await attempt(KEY)).toBe(200)
  })

  it('relay:MET2 messages, repeats, refusals, limits, sockets and the store are counted', async () => {
    const relay = await start({ env: { CHAOS_RATE_LIMITS: '{"inbound":{"limit":4,"windowSec":60}}' } })
    const { client } = await withWindow(await relay.client())
    await client.openSocket('legacy')
    const hook = await createWebhook(client)
    const before = await scrape(relay.url)
    await hook.json({ text: 'one' })
    await hook.json({ text: 'two' }, { 'Idempotency-Key': 'k' })
    await hook.json({ text: 'two' }, { 'Idempotency-Key': 'k' })
    await hook.post('x', {}, `/webhook/${hook.id}?token=wrong-token`)
    await hook.json({ text: 'three' })
    expect((await hook.json({ text: 'four' })).status).toBe(429)
    await send(relay.url, '/ws', { headers: { Upgrade: 'websocket', Connection: 'Upgrade' } })
    const after = await scrape(relay.url)
    const grown = (sample: string) => after.value(sample) - before.value(sample)
    expect(grown('chaos_messages_total{channel_type="webhook"}')).toBe(3)
    expect(grown('chaos_messages_repeated_total{channel_type="webhook"}')).toBe(1)
    expect(grown('chaos_ingest_seconds_count')).toBe(3)
    expect(grown('chaos_rate_limited_total{limit="inbound"}')).toBe(1)
    expect(grown('chaos_refusals_total{code="rate_limited"}')).toBe(1)
    expect(grown('chaos_refusals_total{code="invalid_token"}')).toBe(1)
    expect(grown('chaos_refusals_total{code="missing_token"}')).toBe(1)
    expect(grown('chaos_http_answers_total{status="429"}')).toBe(1)
    // The three stored, the repeat, and the first scrape.
    expect(grown('chaos_http_answers_total{status="200"}')).toBe(5)
    expect(grown('chaos_store_commit_seconds_count')).toBeGreaterThanOrEqual(3)
    expect(grown('chaos_store_commit_jobs_sum')).toBeGreaterThanOrEqual(4)
    expect(grown('chaos_store_commit_seconds_sum')).toBeGreaterThan(0)
    expect(after.value('chaos_sockets{protocol="v2"}')).toBe(1)
    expect(after.value('chaos_sockets{protocol="legacy"}')).toBe(1)
    expect(after.value('chaos_sockets_opened_total{protocol="v2"}')).toBe(1)
    expect(after.value('chaos_sessions')).toBe(1)
    expect(after.value('chaos_channels{channel_type="webhook",state="ok"}')).toBe(1)
    expect(after.value('chaos_store_bytes')).toBeGreaterThan(4096)
    expect(after.value('chaos_store_queue')).toBe(0)
    for (const name of ['process_resident_memory_bytes', 'process_cpu_user_seconds_total', 'nodejs_eventloop_active_seconds_total'])
      expect(after.value(name)).toBeGreaterThan(0)
  })

  it('relay:MET2 replies, their retries, platform errors, rejected senders and channel troubles are counted', async () => {
    const at = await startTelegramRelay()
    undo.push(at.close)
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    user.send('hello')
    await inbox.next()
    at.telegram.user('Eve', 'eve').send('let me in')
    await at.telegram.nextSent()
    const settled = async (content: string) => {
      await at.client.post('/reply', { channelId, content })
      for (;;) {
        const { state } = await inbox.socket.nextOf('reply_status')
        if (state !== 'queued') return
      }
    }
    await settled('fine')
    at.telegram.faults.next('sendMessage', { kind: 'refuse', code: 500, description: 'Internal Server Error' })
    await settled('second time')
    at.telegram.faults.next('sendMessage', { kind: 'refuse', code: 403, description: 'Forbidden: bot was blocked by the user' })
    await settled('blocked')
    at.telegram.faults.next('sendMessage', { kind: 'refuse', code: 401, description: 'Unauthorized' })
    await settled('revoked')
    const { value } = await scrape(at.relay.url)
    const type = 'channel_type="telegram"'
    expect(value(`chaos_replies_accepted_total{${type}}`)).toBe(4)
    expect(value(`chaos_replies_settled_total{${type},state="sent"}`)).toBe(2)
    expect(value(`chaos_replies_settled_total{${type},state="failed"}`)).toBe(2)
    expect(value(`chaos_reply_retries_total{${type}}`)).toBe(1)
    expect(value(`chaos_provider_errors_total{${type},kind="passing"}`)).toBe(1)
    expect(value(`chaos_provider_errors_total{${type},kind="permanent"}`)).toBe(2)
    expect(value(`chaos_messages_rejected_total{${type}}`)).toBe(1)
    expect(value(`chaos_channel_troubles_total{${type},state="auth_failed"}`)).toBe(1)
    expect(value('chaos_replies_queued')).toBe(0)
  })

  it('relay:MET2 approvals are counted by what became of them', async () => {
    const relay = await start()
    const { client, window } = await withWindow(await relay.client())
    const [allowed, denied] = [await ask(client), await ask(client), await ask(client)]
    window.send(decision(allowed ?? '', 'allow'))
    window.send(decision(denied ?? '', 'deny'))
    for (let n = 0; n < 2; n++) await window.nextOf('approval_update')
    await client.post(`/approvals/${allowed}/use`, DELETE)
    const { value } = await scrape(relay.url)
    const counted = ['asked', 'allowed', 'denied', 'used'].map((state) => value(`chaos_approvals_total{state="${state}"}`))
    expect(counted).toEqual([3, 1, 1, 1])
    expect(value('chaos_approvals_waiting')).toBe(1)
  })

  it('relay:MET2 nothing a stranger chose and no id is in a label, and labels stay few', async () => {
    const relay = await start()
    const client = await relay.client()
    const hook = await createWebhook(client, { name: 'Canary', id: 'canary-channel' })
    await hook.json({ text: 'canary text' }, { 'X-Webhook-Source': 'canary-source' })
    for (let n = 0; n < 30; n++)
      await send(relay.url, `/canary-${n}`, { method: n % 2 ? 'GET' : `CANARY${n}`.slice(0, 3) }).catch(() => {})
    const { text } = await get(relay)
    for (const secret of ['anary', client.userId, client.apiKey, hook.secret, relay.dataDir, '127.0.0.1'])
      expect(text).not.toContain(secret)
    expect(text.split('\n').length).toBeLessThan(250)
  })

  it('relay:MET2 a store that cannot be read leaves its part out, the rest is told', async () => {
    const relay = await start()
    relay.relay.store.maintenance.overview = () => Promise.reject(new Error('disk I/O error'))
    const { samples, value } = await scrape(relay.url)
    expect(samples.has('chaos_sessions')).toBe(false)
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(0)
  })
})
