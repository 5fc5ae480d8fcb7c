import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { ADMIN_KEY, cookieOf, loginForm, loginJson, signIn } from '../support/admin.ts'
import { readApiDocument } from '../support/apiDocument.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { send } from '../support/http.ts'
import { type RelayOptions, startRelay, type TestRelay } from '../support/relay.ts'

const ENV = { CHAOS_ADMIN_KEY: ADMIN_KEY }
const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('signing in as the operator', () => {
  let relay: TestRelay
  afterEach(() => relay.close())
  const start = async (options: RelayOptions = { env: ENV }) => {
    relay = await startRelay(options)
    return relay.url
  }
  const isIn = async (cookie: string, target = '/admin/status') =>
    (await send(relay.url, target, { headers: { Cookie: cookie } })).status === 200

  it('relay:ADM1 without CHAOS_ADMIN_KEY every route is 503, whatever is sent', async () => {
    const url = await start({})
    const routes = readApiDocument().routes.filter(({ template }) => template.startsWith('/admin'))
    expect(routes.length).toBeGreaterThan(9)
    for (const { method, template } of routes) {
      const answer = await send(url, template.replace(/\{\w+\}/g, 'x'), { method, headers: { Cookie: 'chaos_admin=x' } })
      expect([answer.status, answer.json.code], `${method} ${template}`).toEqual([503, 'admin_not_configured'])
    }
    for (const password of ['', 'undefined', ADMIN_KEY]) expect((await loginJson(url, { password })).status).toBe(503)
  })

  it('relay:ADM2 a form is answered with 303 to the dashboard or 401 and the page again', async () => {
    const url = await start()
    const right = await loginForm(url, ADMIN_KEY)
    expect([right.status, right.headers.location, right.text]).toEqual([303, '/admin', ''])
    expect(await isIn(cookieOf(right))).toBe(true)
    for (const password of ['wrong', '', ADMIN_KEY.slice(1), `${ADMIN_KEY} `]) {
      const wrong = await loginForm(url, password)
      expect([wrong.status, wrong.headers['content-type']]).toEqual([401, 'text/html; charset=utf-8'])
      expect(wrong.text).toContain('Invalid password')
      expect(wrong.headers['set-cookie']).toBeUndefined()
    }
  })

  it('relay:ADM2 JSON is answered with 200 or 401 "Invalid password"', async () => {
    const url = await start()
    const right = await loginJson(url, { password: ADMIN_KEY })
    expect([right.status, right.json]).toEqual([200, { ok: true }])
    expect(await isIn(cookieOf(right))).toBe(true)
    const wrong = await loginJson(url, { password: 'wrong' })
    expect([wrong.status, wrong.json.error, wrong.headers['set-cookie']]).toEqual([401, 'Invalid password', undefined])
    expect((await loginJson(url, {})).json.code).toBe('missing_field')
    expect((await loginJson(url, { password: [ADMIN_KEY] })).json.code).toBe('invalid_field')
  })

  it('relay:ADM2, RL1 the sixth attempt within 15 minutes is refused, the right password too; then it goes on', async () => {
    const clock = createFakeClock()
    const url = await start({ env: ENV, clock })
    for (let attempt = 0; attempt < 5; attempt++) expect((await loginForm(url, `guess ${attempt}`)).status).toBe(401)
    const refused = await loginJson(url, { password: ADMIN_KEY })
    expect([refused.status, refused.json.code, refused.json.retryAfter]).toEqual([429, 'rate_limited', 900])
    expect(refused.headers).toMatchObject({ 'retry-after': '900', 'ratelimit-limit': '5', 'ratelimit-remaining': '0' })
    const page = await loginForm(url, ADMIN_KEY, { Accept: 'text/html' })
    expect([page.status, page.headers['retry-after'], page.headers['set-cookie']]).toEqual([429, '900', undefined])
    expect(page.text).toContain('Try again in 15 minutes.')
    await clock.advance(15 * MINUTE)
    expect((await loginForm(url, ADMIN_KEY)).status).toBe(303)
  })

  it('relay:ADM3 the cookie is random, narrow and for a day; Secure where the relay is reached by https', async () => {
    const url = await start()
    const [first, second] = [await loginJson(url, { password: ADMIN_KEY }), await loginJson(url, { password: ADMIN_KEY })]
    expect(first.headers['set-cookie']?.[0]).toMatch(
      /^chaos_admin=[\w-]{22,}; Path=\/admin; HttpOnly; SameSite=Strict; Max-Age=86400$/,
    )
    expect(cookieOf(first)).not.toBe(cookieOf(second))
    await relay.restart({ ...ENV, CHAOS_PUBLIC_URL: 'https://relay.example.org/chaos' })
    const behind = await loginForm(url, ADMIN_KEY)
    expect(behind.headers.location).toBe('/chaos/admin')
    expect(behind.headers['set-cookie']?.[0]).toMatch(/; Path=\/chaos\/admin; HttpOnly; SameSite=Strict; Max-Age=86400; Secure$/)
  })

  it('relay:ADM3 it is stored hashed, holds over restarts and for 24 hours', async () => {
    const clock = createFakeClock()
    const url = await start({ env: ENV, clock })
    const { cookie } = await signIn(url)
    const value = cookie.slice(cookie.indexOf('=') + 1)
    await relay.restart()
    expect(await isIn(cookie)).toBe(true)
    const database = new DatabaseSync(join(relay.dataDir, 'relay.db'), { readOnly: true })
    const rows = database.prepare('SELECT * FROM passes').all()
    database.close()
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(value)
    for (const file of ['relay.db', 'relay.db-wal']) expect(readFileSync(join(relay.dataDir, file)).includes(value)).toBe(false)
    await clock.advance(24 * HOUR - 1)
    expect(await isIn(cookie)).toBe(true)
    await clock.advance(1)
    expect(await isIn(cookie)).toBe(false)
  })

  it('relay:ADM3 another password ends every earlier cookie', async () => {
    const url = await start()
    const { cookie } = await signIn(url)
    await relay.restart({ CHAOS_ADMIN_KEY: 'another password' })
    expect(await isIn(cookie)).toBe(false)
    expect((await loginJson(url, { password: ADMIN_KEY })).status).toBe(401)
    expect(await isIn((await signIn(url, 'another password')).cookie)).toBe(true)
  })

  it('relay:ADM3 a cookie chosen beforehand is never taken over, and the one before ends', async () => {
    const url = await start()
    const planted = 'chaos_admin=plantedplantedplantedplanted'
    const first = await loginForm(url, ADMIN_KEY, { Cookie: planted })
    expect(cookieOf(first)).not.toBe(planted)
    expect(await isIn(planted)).toBe(false)
    const second = await loginForm(url, ADMIN_KEY, { Cookie: `${planted}; ${cookieOf(first)}` })
    expect(await isIn(cookieOf(first))).toBe(false)
    expect(await isIn(cookieOf(second))).toBe(true)
    expect(await isIn(`${planted}; other=1; ${cookieOf(second)}`)).toBe(true)
  })

  it('relay:ADM4 what another site asks for is refused: signing in, signing out, deleting', async () => {
    const url = await start()
    const admin = await signIn(url)
    const { userId } = await relay.client()
    const own = new URL(url).host
    const foreign: Record<string, string>[] = [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' },
      { Origin: `http://${own}.evil.example` },
      { Origin: 'http://127.0.0.1:1' },
      { Origin: 'garbage' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { Origin: `http://${own}`, 'Sec-Fetch-Site': 'cross-site' },
    ]
    for (const headers of foreign) {
      const answers = [
        await loginForm(url, ADMIN_KEY, headers),
        await loginJson(url, { password: ADMIN_KEY }, headers),
        await admin.post('/admin/logout', headers),
        await admin.post(`/admin/sessions/${userId}/delete`, headers),
        await admin.del(`/admin/sessions/${userId}`, headers),
      ]
      for (const { status, json } of answers) expect([status, json?.code], JSON.stringify(headers)).toEqual([403, 'bad_origin'])
    }
    expect(await isIn(admin.cookie)).toBe(true)
    expect(await relay.relay.store.sessions.byUserId(userId)).toBeDefined()
    for (const headers of [
      { Origin: `http://${own}`, 'Sec-Fetch-Site': 'same-origin' },
      { Origin: `http://${own}` },
      { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' },
    ])
      expect((await admin.del('/admin/sessions/nobody', headers)).status, JSON.stringify(headers)).toBe(404)
  })

  it('relay:ADM4 behind a proxy the public address is our own, and the refused attempts counted for nothing', async () => {
    const url = await start({ env: { ...ENV, CHAOS_PUBLIC_URL: 'https://relay.example.org/chaos' } })
    for (let attempt = 0; attempt < 8; attempt++)
      expect((await loginForm(url, ADMIN_KEY, { Origin: 'https://evil.example' })).status).toBe(403)
    const plain = { Origin: 'http://relay.example.org', Host: 'relay.example.org' }
    expect((await loginForm(url, ADMIN_KEY, plain)).status).toBe(403)
    const login = await send(url, '/chaos/admin/login', {
      method: 'POST',
      body: `password=${encodeURIComponent(ADMIN_KEY)}`,
      headers: { Origin: 'https://relay.example.org' },
    })
    expect([login.status, login.headers.location]).toEqual([303, '/chaos/admin'])
    const page = await send(url, '/chaos/admin', { headers: { Cookie: cookieOf(login) } })
    expect(page.status).toBe(200)
    for (const [, address = ''] of page.text.matchAll(/(?:href|src|action)="([^"#]*)"/g)) expect(address).toMatch(/^\/chaos\/admin/)
  })

  it('relay:ADM5 strangers are sent to the login page, JSON routes answer 401', async () => {
    const url = await start()
    const { userId } = await relay.client()
    for (const cookie of ['', 'chaos_admin=', 'chaos_admin=x', 'chaos_app=x', `chaos_admin=${'x'.repeat(5000)}`]) {
      for (const target of ['/admin', '/admin?before=3', `/admin/sessions/${userId}`, `/admin/sessions/${userId}/delete`]) {
        const page = await send(url, target, { headers: { Cookie: cookie } })
        expect([page.status, page.headers.location, page.text]).toEqual([302, '/admin/login', ''])
      }
      for (const [method, target] of [
        ['GET', '/admin/status'],
        ['GET', `/admin/sessions/${userId}/messages`],
        ['DELETE', `/admin/sessions/${userId}`],
      ] as const)
        expect((await send(url, target, { method, headers: { Cookie: cookie } })).status).toBe(401)
      const posted = await send(url, `/admin/sessions/${userId}/delete`, { method: 'POST', headers: { Cookie: cookie } })
      expect([posted.status, posted.headers.location]).toEqual([302, '/admin/login'])
    }
    expect(await relay.relay.store.sessions.byUserId(userId)).toBeDefined()
    expect((await send(url, '/admin/login')).status).toBe(200)
  })

  it('relay:ADM5 signing out ends the cookie at once and clears it', async () => {
    const url = await start()
    const [admin, other] = [await signIn(url), await signIn(url)]
    expect((await admin.get('/admin/login')).headers.location).toBe('/admin')
    expect((await admin.get('/admin/logout')).status).toBe(401)
    const out = await admin.post('/admin/logout')
    expect([out.status, out.headers.location]).toEqual([302, '/admin/login'])
    expect(out.headers['set-cookie']?.[0]).toMatch(/^chaos_admin=; Path=\/admin; HttpOnly; SameSite=Strict; Max-Age=0$/)
    expect([await isIn(admin.cookie), await isIn(other.cookie)]).toEqual([false, true])
    expect((await send(url, '/admin/logout', { method: 'POST' })).status).toBe(302)
  })

  it('relay:ADM5, GEN2 no cookie of one page opens another, and no apiKey the dashboard', async () => {
    const url = await start()
    const client = await relay.client({ keyed: false })
    const { cookie } = await signIn(url)
    expect((await client.get('/admin/status')).status).toBe(401)
    expect((await send(url, '/messages', { headers: { Cookie: cookie } })).status).toBe(401)
    const value = cookie.slice(cookie.indexOf('=') + 1)
    expect((await send(url, '/messages', { headers: { Authorization: `Bearer ${value}` } })).status).toBe(401)
  })
})
