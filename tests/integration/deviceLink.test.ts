import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { cookieOf } from '../support/admin.ts'
import { openDevice, openLink } from '../support/device.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { send } from '../support/http.ts'
import { createLogLines } from '../support/logLines.ts'
import { type RelayOptions, startRelay, type TestRelay } from '../support/relay.ts'

const MINUTE = 60_000

describe('a link to the device page', () => {
  let relay: TestRelay
  afterEach(() => relay.close())
  const start = async (options: RelayOptions = {}) => {
    relay = await startRelay(options)
    return relay.client()
  }
  const link = async (client: Awaited<ReturnType<TestRelay['client']>>) => (await client.post('/app/device-link', {})).json
  const isOpen = async (cookie: string) => (await send(relay.url, '/app/channels', { headers: { Cookie: cookie } })).status === 200

  it('relay:DEV1, AUTH4 is made by a signed request; its token stands in the fragment', async () => {
    const client = await start()
    const made = await client.post('/app/device-link', {})
    const { token, url, expiresInSeconds } = made.json
    expect(expiresInSeconds).toBe(600)
    expect(token).toMatch(/^[\w-]{22,}$/)
    expect(url).toBe(`${relay.url}/app#link=${token}`)
    expect((await link(client)).token).not.toBe(token)
    const unsigned = await client.post('/app/device-link', {}, { sign: false })
    expect([unsigned.status, unsigned.json.code]).toEqual([401, 'signature_required'])
    const bearer = await relay.client({ keyed: false })
    const refused = await bearer.post('/app/device-link', {})
    expect([refused.status, refused.json.code]).toEqual([403, 'signature_required'])
    expect((await send(relay.url, '/app/device-link', { method: 'POST' })).status).toBe(401)
  })

  it('relay:DEV1 its address is the public one, with its path', async () => {
    const client = await start({ env: { CHAOS_PUBLIC_URL: 'https://relay.example.org/chaos' } })
    const { token, url } = await link(client)
    expect(url).toBe(`https://relay.example.org/chaos/app#link=${token}`)
    const opened = await openLink(relay.url, token, { Origin: 'https://relay.example.org' })
    expect(opened.headers['set-cookie']?.[0]).toMatch(
      /^chaos_app=[\w-]{22,}; Path=\/chaos\/app; HttpOnly; SameSite=Strict; Max-Age=3600; Secure$/,
    )
    const page = await send(relay.url, '/chaos/app', { headers: { Cookie: cookieOf(opened) } })
    for (const [, address = ''] of page.text.matchAll(/(?:href|src|action)="([^"#]*)"/g)) expect(address).toMatch(/^\/chaos\/app\//)
  })

  it('relay:DEV1 opens once and gives a narrow cookie for an hour', async () => {
    const clock = createFakeClock()
    const client = await start({ clock })
    const { token } = await link(client)
    const opened = await openLink(relay.url, token)
    expect([opened.status, opened.json]).toEqual([200, { ok: true, expiresInSeconds: 3600 }])
    expect(opened.headers['set-cookie']?.[0]).toMatch(/^chaos_app=[\w-]{22,}; Path=\/app; HttpOnly; SameSite=Strict; Max-Age=3600$/)
    const again = await openLink(relay.url, token)
    expect([again.status, again.json.code, again.headers['set-cookie']]).toEqual([401, 'link_invalid', undefined])
    await clock.advance(60 * MINUTE - 1)
    expect(await isOpen(cookieOf(opened))).toBe(true)
    await clock.advance(1)
    expect(await isOpen(cookieOf(opened))).toBe(false)
  })

  it('relay:DEV1 of 30 who open it at once exactly one gets in', async () => {
    const { token } = await link(await start())
    const answers = await Promise.all(Array.from({ length: 30 }, () => openLink(relay.url, token)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 29 }, () => 401)])
  })

  it('relay:DEV1 after ten minutes it has expired, also over a restart; nonsense is invalid', async () => {
    const clock = createFakeClock()
    const client = await start({ clock })
    const [first, second] = [await link(client), await link(client)]
    await relay.restart()
    await clock.advance(10 * MINUTE - 1)
    expect((await openLink(relay.url, first.token)).status).toBe(200)
    await clock.advance(1)
    for (let attempt = 0; attempt < 2; attempt++) {
      const late = await openLink(relay.url, second.token)
      expect([late.status, late.json.code, late.headers['set-cookie']]).toEqual([410, 'link_expired', undefined])
      expect(late.json.error).toContain('Make a new one in the extension')
    }
    for (const token of ['', 'x', second.token.slice(1), `${second.token} `, second.token.toLowerCase()])
      expect((await openLink(relay.url, token)).json.code).toBe('link_invalid')
    expect((await openLink(relay.url, undefined)).json.code).toBe('missing_field')
    for (const token of [7, null, [second.token], {}]) expect((await openLink(relay.url, token)).status).toBe(400)
  })

  it('relay:DEV1 tokens and cookies are nowhere on disk and in no log', async () => {
    const lines = createLogLines()
    const client = await start({ log: lines.log })
    const [open, unused] = [await link(client), await link(client)]
    const opened = await openLink(relay.url, open.token)
    const cookie = cookieOf(opened)
    await send(relay.url, '/app', { headers: { Cookie: cookie } })
    await openLink(relay.url, open.token)
    await relay.restart()
    expect(await isOpen(cookie)).toBe(true)
    const stored = ['relay.db', 'relay.db-wal'].map((file) => readFileSync(join(relay.dataDir, file)))
    for (const secret of [open.token, unused.token, cookie.split('=')[1]]) {
      for (const bytes of stored) expect(bytes.includes(secret)).toBe(false)
      expect(lines.text()).not.toContain(secret)
    }
  })

  it('relay:DEV1, ADM4 another site cannot open a link, and a link does not continue somebody’s cookie', async () => {
    const client = await start()
    const other = await relay.client()
    const { token } = await link(client)
    for (const headers of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'null' }] as Record<
      string,
      string
    >[]) {
      const refused = await openLink(relay.url, token, headers)
      expect([refused.status, refused.json.code]).toEqual([403, 'bad_origin'])
    }
    const before = await openDevice(other)
    const planted = 'chaos_app=plantedplantedplantedplanted'
    const opened = await openLink(relay.url, token, { Cookie: `${planted}; ${before.cookie}` })
    expect(opened.status).toBe(200)
    expect(await isOpen(planted)).toBe(false)
    expect(await isOpen(before.cookie)).toBe(false)
    expect(await isOpen(cookieOf(opened))).toBe(true)
  })

  it('relay:REG7, STO6 ends when other apiKeys are revoked and when the session is deleted', async () => {
    const client = await start()
    const [first, unused] = [await openDevice(client), await link(client)]
    await client.register({ revokeOthers: true })
    expect(await isOpen(first.cookie)).toBe(false)
    expect((await openLink(relay.url, unused.token)).json.code).toBe('link_invalid')
    const second = await openDevice(client)
    const left = await link(client)
    await client.del('/session')
    expect(await isOpen(second.cookie)).toBe(false)
    expect((await openLink(relay.url, left.token)).json.code).toBe('link_invalid')
  })

  it('relay:DEV1 ten links and ten browsers of a session at once; a further one ends the oldest', async () => {
    const clock = createFakeClock()
    const client = await start({ clock })
    const links: { token: string }[] = []
    for (let n = 0; n < 11; n++) {
      links.push(await link(client))
      await clock.advance(1000)
    }
    expect((await openLink(relay.url, links[0]?.token)).json.code).toBe('link_invalid')
    expect((await openLink(relay.url, links[1]?.token)).status).toBe(200)
    const devices = []
    for (let n = 0; n < 11; n++) {
      devices.push(await openDevice(client))
      await clock.advance(1000)
    }
    expect(await isOpen(devices[0]?.cookie ?? '')).toBe(false)
    expect(await isOpen(devices[1]?.cookie ?? '')).toBe(true)
  })
})
