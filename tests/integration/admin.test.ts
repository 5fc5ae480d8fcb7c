import { afterEach, describe, expect, it } from 'vitest'
import { startEmailRelay } from '../fakes/resend/withRelay.ts'
import { ADMIN_KEY, signIn } from '../support/admin.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { type RelayOptions, startRelay } from '../support/relay.ts'
import { createWebhook, NO_LIMITS } from '../support/webhook.ts'

const ENV = { CHAOS_ADMIN_KEY: ADMIN_KEY, ...NO_LIMITS }

describe('what the operator sees and does', () => {
  const closing: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  async function open(options: RelayOptions = {}) {
    const relay = await startRelay({ env: ENV, ...options })
    closing.push(() => relay.close())
    return { relay, admin: await signIn(relay.url) }
  }
  const status = async (admin: Awaited<ReturnType<typeof signIn>>) => (await admin.get('/admin/status')).json

  it('relay:ADM6 an empty relay', async () => {
    const { admin } = await open()
    const answer = await admin.get('/admin/status')
    expect(answer.json).toEqual({
      status: 'ok',
      version: expect.stringMatching(/^\d/),
      kv: true,
      websockets: 0,
      uptime: expect.any(Number),
      sessions: [],
      recentMessages: [],
    })
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('relay:ADM6, CUR10 sessions with their sockets, channels, what waits and what was lost', async () => {
    const clock = createFakeClock()
    const { relay, admin } = await open({ clock, env: { ...ENV, CHAOS_RETENTION_DAYS: '1' } })
    const first = await relay.client()
    const second = await relay.client({ keyed: false })
    const webhook = await createWebhook(first, { id: 'build', agentId: 'ci', metadata: { note: 'mine' } })
    await first.patch('/channels/build', { enabled: false })
    await first.patch('/channels/build', { enabled: true, allowedSenders: ['a@b.example'] })
    for (const content of ['lost', 'lost too']) await webhook.say(content)
    await clock.advance(25 * 60 * 60_000)
    const later = await signIn(relay.url)
    // Expiry works in slices between other work.
    for (let look = 0; look < 50 && (await status(later)).sessions.at(-1).dropped < 2; look++) await clock.advance(60_000)
    const now = clock.now()
    for (const content of ['one', 'two', 'three']) await webhook.say(content)
    const socket = await first.openResumed()
    const { json } = await first.get('/messages')
    socket.send({ type: 'ack', seq: json.head - 2 })
    socket.send({ type: 'ping' })
    await socket.nextOf('pong')
    const legacy = await second.openSocket('legacy')

    const seen = await status(later)
    expect(await admin.get('/admin/status')).toMatchObject({ status: 401 })
    expect(seen).toMatchObject({ status: 'ok', websockets: 2, uptime: (now - Date.parse('2026-03-01T12:00:00.000Z')) / 1000 })
    expect(seen.sessions).toEqual([
      { userId: second.userId, createdAt: expect.any(String), wsConnections: 1, unacked: 0, dropped: 0, channels: [] },
      {
        userId: first.userId,
        createdAt: '2026-03-01T12:00:00.000Z',
        wsConnections: 1,
        unacked: 2,
        dropped: 2,
        channels: [
          {
            id: 'build',
            type: 'webhook',
            agentId: 'ci',
            enabled: true,
            status: { state: 'ok', lastInboundAt: new Date(now).toISOString() },
            allowedSenders: ['a@b.example'],
            hasPairingCode: false,
          },
        ],
      },
    ])
    await socket.close()
    await legacy.close()
  })

  it('relay:ADM6 the 30 newest messages of all sessions, newest first, at most 100 characters of each', async () => {
    const clock = createFakeClock()
    const { relay, admin } = await open({ clock })
    const [first, second] = [await relay.client(), await relay.client()]
    const webhooks = [await createWebhook(first), await createWebhook(second)]
    for (let n = 0; n < 40; n++) {
      await webhooks[n % 2]?.say(`number ${n}`)
      // Sessions do not know of each other's times: within one millisecond there is no order between them.
      await clock.advance(1)
    }
    await webhooks[0]?.say('x'.repeat(100))
    await clock.advance(1)
    await webhooks[1]?.say(`${'y'.repeat(98)}🎉🎉`)
    const { recentMessages } = await status(admin)
    expect(recentMessages).toHaveLength(30)
    expect(recentMessages.map(({ content }: { content: string }) => content)).toEqual([
      `${'y'.repeat(98)}…`,
      'x'.repeat(100),
      ...Array.from({ length: 28 }, (_, n) => `number ${39 - n}`),
    ])
    expect(recentMessages[1]).toMatchObject({ userId: first.userId, channelId: webhooks[0]?.id, from: 'webhook', seq: 21 })
    expect(Object.keys(recentMessages[0])).not.toContain('metadata')
  })

  it('relay:ADM6 says so when the store takes no writes', async () => {
    const { relay, admin } = await open()
    const { maintenance } = relay.relay.store
    const works = maintenance.probe
    maintenance.probe = () => Promise.reject(new Error('disk full'))
    expect(await status(admin)).toMatchObject({ status: 'degraded', kv: false })
    expect((await admin.get('/admin')).text).toContain('The store takes no writes.')
    maintenance.probe = works
    expect(await status(admin)).toMatchObject({ status: 'ok', kv: true })
  })

  it('relay:ADM7 pages newest first without skips, also past deleted messages and while others arrive', async () => {
    const { relay, admin } = await open()
    const client = await relay.client()
    const webhook = await createWebhook(client)
    const ids: string[] = []
    for (let n = 0; n < 70; n++) ids.push(await webhook.say(`number ${n}`))
    for (const n of [3, 40, 41, 69]) await client.del(`/messages/${ids[n]}`)
    const target = `/admin/sessions/${client.userId}/messages`
    const seen: string[] = []
    let cursor: string | null = ''
    let pages = 0
    while (cursor !== null) {
      const page: { messages: { id: string }[]; cursor: string | null } = (
        await admin.get(`${target}?limit=9${cursor && `&cursor=${cursor}`}`)
      ).json
      expect(page.messages.length).toBeLessThanOrEqual(9)
      seen.push(...page.messages.map(({ id }) => id))
      cursor = page.cursor
      pages += 1
      await webhook.say('a newer one')
    }
    expect(pages).toBe(8)
    expect(seen).toEqual(ids.filter((_, n) => ![3, 40, 41, 69].includes(n)).toReversed())
    const usual = (await admin.get(target)).json
    expect(usual.messages).toHaveLength(50)
    expect(usual.messages[0]).toMatchObject({
      content: 'a newer one',
      userId: client.userId,
      metadata: { channelDirection: 'inbound' },
    })
  })

  it('relay:ADM7 limits, nonsense and unknown sessions', async () => {
    const { relay, admin } = await open()
    const client = await relay.client()
    const webhook = await createWebhook(client)
    await Promise.all(Array.from({ length: 205 }, (_, n) => webhook.say(`number ${n}`)))
    const target = `/admin/sessions/${client.userId}/messages`
    const many = (await admin.get(`${target}?limit=1000`)).json
    expect([many.messages.length, many.cursor]).toEqual([200, '6'])
    expect((await admin.get(`${target}?limit=0`)).json.messages).toHaveLength(1)
    expect((await admin.get(`${target}?cursor=1`)).json).toEqual({ messages: [], cursor: null })
    for (const [query, code] of [
      ['limit=x', 'invalid_field'],
      ['limit=', 'invalid_field'],
      ['cursor=', 'invalid_cursor'],
      ['cursor=-1', 'invalid_cursor'],
      ['cursor=1.5', 'invalid_cursor'],
      ['cursor=abc', 'invalid_cursor'],
    ]) {
      const refused = await admin.get(`${target}?${query}`)
      expect([refused.status, refused.json.code], query).toEqual([400, code])
    }
    for (const userId of ['nobody', '..', '%00', client.userId.slice(1)])
      expect((await admin.get(`/admin/sessions/${userId}/messages`)).status, userId).toBe(404)
  })

  it('relay:ADM7 a page of very large messages ends early and goes on at its cursor', async () => {
    const { relay, admin } = await open()
    const client = await relay.client()
    const webhook = await createWebhook(client)
    for (let n = 0; n < 11; n++) await webhook.post(`${n} ${'x'.repeat(1_000_000)}`)
    const target = `/admin/sessions/${client.userId}/messages`
    const page = (await admin.get(target)).json
    const rest = (await admin.get(`${target}?cursor=${page.cursor}`)).json
    expect(page.messages.length).toBeLessThan(11)
    expect([...page.messages, ...rest.messages].map(({ content }) => Number(content.split(' ')[0]))).toEqual(
      Array.from({ length: 11 }, (_, n) => 10 - n),
    )
    expect(rest.cursor).toBeNull()
    const html = await admin.get(`/admin/sessions/${client.userId}`)
    expect([html.status, html.bytes.length < 200_000]).toEqual([200, true])
  })

  it('relay:ADM8 deletes the session with all it has and closes its sockets; others stay', async () => {
    const { relay, admin } = await open()
    const [gone, other] = [await relay.client(), await relay.client()]
    const webhook = await createWebhook(gone, { id: 'gone' })
    await createWebhook(other, { id: 'other' })
    await webhook.say('a private text')
    const { responseId } = (await gone.post('/reply', { channelId: 'gone', content: 'an answer' })).json
    const socket = await gone.openResumed()
    const answer = await admin.del(`/admin/sessions/${gone.userId}`)
    expect([answer.status, answer.json]).toEqual([200, { ok: true, deleted: gone.userId }])
    expect((await socket.closed).code).toBe(1008)
    expect((await gone.get('/messages')).json.code).toBe('invalid_token')
    expect((await webhook.post('more')).json.code).toBe('unknown_channel')
    const { store } = relay.relay
    expect(await store.inbox.recent(10)).toEqual([])
    expect(await store.replies.byId(gone.userId, responseId)).toBeUndefined()
    expect((await admin.del(`/admin/sessions/${gone.userId}`)).json.code).toBe('not_found')
    expect((await admin.del('/admin/sessions/nobody')).status).toBe(404)
    expect((await status(admin)).sessions.map(({ userId }: { userId: string }) => userId)).toEqual([other.userId])
    expect((await other.get('/channels')).json.channels).toHaveLength(1)
  })

  it('relay:ADM6 an address that was not confirmed, and refused mail', async () => {
    const at = await startEmailRelay({ env: ENV })
    closing.push(() => at.close())
    const { channelId } = (await at.register({ channelName: 'Invoices' })).json
    const admin = await signIn(at.relay.url)
    const [channel] = (await status(admin)).sessions[0].channels
    expect(channel).toMatchObject({ id: channelId, type: 'email', verified: false, status: { state: 'waiting_verification' } })
    expect(channel.inboundAddress).toMatch(/^invoices-/)
  })
})
