import { afterEach, describe, expect, it } from 'vitest'
import { startEmailRelay } from '../fakes/resend/withRelay.ts'
import { startTelegramRelay } from '../fakes/telegram/relay.ts'
import { ADMIN_KEY, signIn } from '../support/admin.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { send } from '../support/http.ts'
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
    const { relay, admin } = await open()
    const [first, second] = [await relay.client(), await relay.client()]
    const webhooks = [await createWebhook(first), await createWebhook(second)]
    for (let n = 0; n < 40; n++) await webhooks[n % 2]?.say(`number ${n}`)
    await webhooks[0]?.say('x'.repeat(100))
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

  it('relay:ADM8 the page asks first: looking changes nothing, the button deletes', async () => {
    const { relay, admin } = await open()
    const client = await relay.client()
    await (await createWebhook(client)).say('a text')
    const own = `/admin/sessions/${client.userId}`
    const question = await admin.get(`${own}/delete`)
    expect(question.text).toContain('1 message that nobody has fetched')
    for (const target of [`${own}/delete?confirm=1`, `${own}?delete=1`, '/admin?delete=1'])
      expect((await admin.get(target)).status).toBe(200)
    expect(await relay.relay.store.sessions.byUserId(client.userId)).toBeDefined()
    const deleted = await admin.post(`${own}/delete`)
    expect([deleted.status, deleted.headers.location]).toEqual([303, `/admin?deleted=${client.userId.slice(0, 8)}`])
    expect(await relay.relay.store.sessions.byUserId(client.userId)).toBeUndefined()
    for (const [method, target] of [
      ['GET', own],
      ['GET', `${own}/delete`],
      ['POST', `${own}/delete`],
    ] as const) {
      const missing = await admin.request(method, target)
      expect([missing.status, missing.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
    }
  })

  it('relay:ADM9 no answer and no page holds a token, a secret, a code or a key', async () => {
    const at = await startTelegramRelay({ env: ENV })
    closing.push(() => at.close())
    const { channelId, pairingCode, user } = await at.paired()
    const { pairingCode: live } = (await at.client.post(`/channels/${channelId}/pairing`)).json
    user.send('hello')
    await (await at.inbox()).next()
    const webhook = await createWebhook(at.client, { id: 'hook', name: 'a hook' })
    const { secret: signing } = (await at.client.post('/channels/hook/rotate-secret', { which: 'signing', scheme: 'standard' }))
      .json
    await at.client.post('/reply', { channelId, content: 'hi' })
    const bearer = await at.relay.client({ keyed: false })
    const admin = await signIn(at.relay.url)
    const secrets = {
      'bot token': at.telegram.bot.token,
      'webhook secret': webhook.secret,
      'signing secret': signing,
      'used code': pairingCode,
      'live code': live,
      apiKey: at.client.apiKey,
      bearer: bearer.apiKey,
      'client key': at.client.identity.publicKey.x,
      'admin key': ADMIN_KEY,
      cookie: admin.cookie.split('=')[1] ?? '',
    }
    const seen = await status(admin)
    const telegram = seen.sessions.at(-1).channels.find(({ type }: { type: string }) => type === 'telegram')
    expect(telegram).toMatchObject({ botUsername: 'ada_relay_bot', hasPairingCode: true, allowedUsers: [String(user.id)] })
    const messages = [at.client, bearer].map(({ userId }) => `/admin/sessions/${userId}/messages`)
    for (const target of ['/admin', '/admin/status', ...messages, ...pagesOf(at.client.userId), ...pagesOf(bearer.userId)]) {
      const { text, status: code } = await admin.get(target)
      expect(code).toBe(200)
      for (const [name, secret] of Object.entries(secrets)) {
        expect(secret.length).toBeGreaterThan(5)
        expect(text.includes(secret), `${name} in ${target}`).toBe(false)
      }
      expect(text).not.toMatch(/token=|sealed|v1\./)
    }
  })

  it('relay:ADM9 a reason that quotes a credential is shown without it', async () => {
    const at = await startTelegramRelay({ env: ENV })
    closing.push(() => at.close())
    const { channelId } = await at.paired()
    const quoting = `bot ${at.telegram.bot.token} is blocked`
    const { store } = at.relay.relay
    const reply = {
      responseId: 'r1',
      userId: at.client.userId,
      channelId,
      channelType: 'telegram',
      content: 'x',
      metadata: {},
      files: [],
    } as const
    await store.replies.enqueue({ ...reply, files: [], state: 'queued', target: 'nobody', now: Date.now() })
    await store.replies.settle('r1', { state: 'failed', reason: quoting }, Date.now())
    const { text } = await (await signIn(at.relay.url)).get('/admin')
    expect(text).toContain('is blocked')
    expect(text).not.toContain(at.telegram.bot.token.split(':')[1])
  })

  it('relay:ADM9 what people chose stands on the pages as text, never as markup', async () => {
    const { relay, admin } = await open()
    const attack = `"><script>alert(1)</script><img src=x onerror=alert(2)>'&lt;`
    const client = await relay.client({ keyed: false })
    const webhook = await createWebhook(client, { name: attack, agentId: attack, prompt: attack })
    await client.patch(`/channels/${webhook.id}`, { allowedUsers: [attack], allowedSenders: [attack] })
    await webhook.json({ content: attack, from: attack, metadata: { x: attack } })
    const seen = await status(admin)
    expect(seen.recentMessages[0]).toMatchObject({ content: attack, from: attack })
    for (const target of [
      '/admin',
      ...pagesOf(client.userId),
      `/admin?deleted=${encodeURIComponent(attack)}`,
      '/admin?before=<script>',
    ]) {
      const { text, headers } = await admin.get(target)
      expect(text).not.toContain('<script>')
      expect(text).not.toContain('<img')
      expect(text).not.toMatch(/<[^>]*\sonerror/)
      expect(text.match(/<script/g)).toHaveLength(1)
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    }
    expect((await admin.get('/admin')).text).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;')
  })

  it('relay:ADM9 pages are framed nowhere, kept nowhere, and tell nobody their address', async () => {
    const { relay, admin } = await open()
    const client = await relay.client()
    for (const target of ['/admin', '/admin/login', ...pagesOf(client.userId)]) {
      const answer = target === '/admin/login' ? await send(relay.url, target) : await admin.get(target)
      const policy = answer.headers['content-security-policy'] ?? ''
      for (const part of ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "default-src 'none'"])
        expect(policy).toContain(part)
      expect(policy).not.toMatch(/unsafe|\*|https?:/)
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
      })
      expect(answer.text).not.toMatch(/\sstyle=|\son\w+=|<style|javascript:/)
    }
  })

  it('relay:ADM5 a page that shows the same is not sent again', async () => {
    const { relay, admin } = await open()
    const client = await relay.client()
    const webhook = await createWebhook(client)
    for (const target of ['/admin', `/admin/sessions/${client.userId}`]) {
      const first = await admin.get(target)
      const again = await admin.get(target, { 'If-None-Match': first.headers.etag ?? '' })
      expect([again.status, again.text]).toEqual([304, ''])
      await webhook.say(`news for ${target}`)
      const changed = await admin.get(target, { 'If-None-Match': first.headers.etag ?? '' })
      expect([changed.status, changed.text.includes(`news for ${target}`)]).toEqual([200, true])
    }
  })

  it('relay:ADM6 the dashboard shows what waits, what failed and what was refused', async () => {
    const at = await startTelegramRelay({ env: ENV })
    closing.push(() => at.close())
    const { channelId, user: ada } = await at.paired('Ada')
    const { user: ben } = await at.paired('Ben')
    const { next, socket } = await at.inbox()
    for (const user of [ada, ben]) {
      user.send('hello')
      await next()
    }
    at.telegram.faults.next('sendMessage', { kind: 'refuse', code: 429, description: 'Too Many Requests', retryAfter: 200 })
    await at.client.post('/reply', { channelId, content: 'a secret plan', metadata: { chatId: ada.id } })
    await socket.nextWhere((frame) => frame.type === 'reply_status' && frame.attempts === 1)
    ben.block()
    await at.client.post('/reply', { channelId, content: 'to a wall', metadata: { chatId: ben.id } })
    const { reason } = await socket.nextWhere((frame) => frame.type === 'reply_status' && frame.state === 'failed')
    at.telegram.user('Eve').send('let me in')
    await at.telegram.nextSent()
    const { text } = await (await signIn(at.relay.url)).get('/admin')
    const words = text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
    expect(words).toContain('Replies waiting 1 ')
    expect(words).toContain('Replies failed 1 ')
    expect(words).toContain('Messages refused 1 ')
    expect(words).toMatch(/Waiting Telegram: Tried 1 time , next 20/)
    expect(words).toContain(reason)
    expect(words).toContain('1 message refused')
    expect(words).toMatch(/Open sockets 1 .*Live/)
    expect(words).not.toContain('a secret plan')
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

const pagesOf = (userId: string) => [`/admin/sessions/${userId}`, `/admin/sessions/${userId}/delete`]
