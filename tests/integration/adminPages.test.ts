import { afterEach, describe, expect, it } from 'vitest'
import { startTelegramRelay } from '../fakes/telegram/relay.ts'
import { ADMIN_KEY, signIn } from '../support/admin.ts'
import { send } from '../support/http.ts'
import { type RelayOptions, startRelay } from '../support/relay.ts'
import { createWebhook, NO_LIMITS } from '../support/webhook.ts'

const ENV = { CHAOS_ADMIN_KEY: ADMIN_KEY, ...NO_LIMITS }

describe('the pages of the operator', () => {
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

  it('relay:ADM9, STO2 a platform’s refusal that quotes a credential is told and kept without it', async () => {
    const at = await startTelegramRelay({ env: ENV })
    closing.push(() => at.close())
    const { user, channelId } = await at.paired()
    user.send('hi')
    const inbox = await at.inbox()
    await inbox.next()
    const { token } = at.telegram.bot
    at.telegram.faults.next('sendMessage', { kind: 'refuse', code: 400, description: `Bad Request: bot ${token} is odd` })
    await at.client.post('/reply', { channelId, content: 'hello?' })
    const { reason } = await inbox.socket.nextWhere((frame) => frame.type === 'reply_status' && frame.state === 'failed')
    expect(reason).toContain('bot [hidden] is odd')
    const { text } = await (await signIn(at.relay.url)).get('/admin')
    expect(text).toContain('is odd')
    expect(text).not.toContain(token.split(':')[1])
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
})

const pagesOf = (userId: string) => [`/admin/sessions/${userId}`, `/admin/sessions/${userId}/delete`]
