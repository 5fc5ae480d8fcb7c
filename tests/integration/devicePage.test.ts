import { afterEach, describe, expect, it } from 'vitest'
import { startEmailRelay } from '../fakes/resend/withRelay.ts'
import { startTelegramRelay } from '../fakes/telegram/relay.ts'
import { readApiDocument } from '../support/apiDocument.ts'
import { openDevice } from '../support/device.ts'
import { send } from '../support/http.ts'
import { type RelayOptions, startRelay } from '../support/relay.ts'
import { createWebhook, NO_LIMITS } from '../support/webhook.ts'

describe('the device page', () => {
  const closing: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })
  async function open(options: RelayOptions = { env: NO_LIMITS }) {
    const relay = await startRelay(options)
    closing.push(() => relay.close())
    const client = await relay.client()
    return { relay, client, device: await openDevice(client) }
  }

  it('relay:DEV2 lists the session’s channels as GET /channels does, without URLs and secrets', async () => {
    const { relay, client, device } = await open()
    const other = await relay.client()
    await createWebhook(other, { id: 'not-mine' })
    const webhook = await createWebhook(client, {
      id: 'build',
      name: 'Build',
      prompt: 'Be short.',
      agentId: 'ci',
      metadata: { allowedUsers: ['a'], note: 'https://inner.example/?key=1' },
    })
    const { text, json, headers } = await device.get('/app/channels')
    const [own] = (await client.get('/channels')).json.channels
    const { webhookUrl, metadata, ...same } = own
    expect(webhookUrl).toContain(webhook.secret)
    expect(metadata.note).toBeDefined()
    expect(json).toEqual({ channels: [{ ...same, metadata: { allowedUsers: ['a'] } }] })
    expect(text).not.toContain(webhook.secret)
    expect(headers['access-control-allow-origin']).toBeUndefined()
    const page = await device.get('/app')
    for (const secret of [webhook.secret, 'inner.example', 'not-mine', client.apiKey]) expect(page.text).not.toContain(secret)
    expect(page.text).toContain('Build')
  })

  it('relay:DEV2 changes and removes a channel as PATCH and DELETE do; its owner is told', async () => {
    const { client, device } = await open()
    const webhook = await createWebhook(client, { id: 'build' })
    const socket = await client.openResumed()
    const patched = await device.request('PATCH', '/app/channels/build', {
      name: 'Renamed',
      enabled: false,
      allowedUsers: ['x', 5],
      nonsense: 1,
    })
    expect(patched.json).toMatchObject({
      ok: true,
      ignored: ['nonsense'],
      channel: { id: 'build', name: 'Renamed', enabled: false, metadata: { allowedUsers: ['x', '5'] } },
    })
    expect(patched.text).not.toContain(webhook.secret)
    expect((await socket.nextOf('channel_update')).channel).toMatchObject({ name: 'Renamed' })
    expect((await webhook.post('closed')).json.code).toBe('channel_disabled')
    const wrong = await device.request('PATCH', '/app/channels/build', { enabled: 'yes' })
    expect([wrong.status, wrong.json.code]).toEqual([400, 'invalid_field'])
    expect((await device.request('DELETE', '/app/channels/build')).json).toEqual({ ok: true })
    expect((await socket.nextWhere((frame) => frame.channel === null)).channelId).toBe('build')
    expect((await device.get('/app/channels')).json).toEqual({ channels: [] })
    expect((await device.get('/app')).text).toContain('No channels yet')
  })

  it('relay:DEV2, CH7 other people’s channels are not there', async () => {
    const { relay, device } = await open()
    await createWebhook(await relay.client(), { id: 'theirs' })
    for (const [method, target] of [
      ['PATCH', '/app/channels/theirs'],
      ['DELETE', '/app/channels/theirs'],
      ['POST', '/app/channels/theirs/pairing'],
      ['POST', '/app/channels/theirs/verification'],
      ['DELETE', '/app/channels/nobodys'],
    ] as const) {
      const answer = await device.request(method, target, {})
      expect([answer.status, answer.json.code], target).toEqual([404, 'channel_not_found'])
    }
  })

  it('relay:DEV2, PAIR5 a new pairing code pairs, counts for the limit, and is shown to who asked only', async () => {
    const at = await startTelegramRelay()
    closing.push(() => at.close())
    const { channelId } = (await at.register()).json
    const device = await openDevice(at.client)
    const made = await device.request('POST', `/app/channels/${channelId}/pairing`)
    const { pairingCode, expiresAt } = made.json
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now())
    for (const target of ['/app/channels', '/app']) expect((await device.get(target)).text).not.toContain(pairingCode)
    const ada = at.telegram.user('Ada')
    ada.send(pairingCode)
    await at.telegram.nextSent()
    const [channel] = (await device.get('/app/channels')).json.channels
    expect(channel).toMatchObject({
      status: { state: 'ok' },
      metadata: { allowedUsers: [String(ada.id)], botUsername: 'ada_relay_bot' },
    })
    for (let n = 0; n < 9; n++) expect((await device.request('POST', `/app/channels/${channelId}/pairing`)).status).toBe(200)
    expect((await device.request('POST', `/app/channels/${channelId}/pairing`)).status).toBe(429)
  })

  it('relay:DEV2, EML3 sends the link that confirms an address again', async () => {
    const at = await startEmailRelay()
    closing.push(() => at.close())
    const { channelId } = (await at.register()).json
    const device = await openDevice(at.client)
    const sent = at.resend.sent.all.length
    expect((await device.request('POST', `/app/channels/${channelId}/verification`)).json.ok).toBe(true)
    expect(at.resend.sent.all.length).toBe(sent + 1)
    const { token } = await at.newestLink()
    expect((await device.get('/app')).text).not.toContain(token)
    expect((await at.confirm({ token, channelId })).status).toBe(200)
    expect((await device.get('/app/channels')).json.channels[0]).toMatchObject({ metadata: { verified: true } })
  })

  it('relay:DEV2 nothing else of a session is below /app', async () => {
    const { client, device } = await open()
    await createWebhook(client, { id: 'build' })
    for (const [method, target] of [
      ['POST', '/app/channels'],
      ['POST', '/app/channels/build/rotate-secret'],
      ['POST', '/app/channels/telegram/register'],
      ['GET', '/app/messages'],
      ['POST', '/app/reply'],
      ['DELETE', '/app/session'],
      ['GET', '/channels'],
      ['GET', '/messages'],
      ['POST', '/ws/ticket'],
      ['GET', '/admin/status'],
    ] as const)
      expect([401, 503], `${method} ${target}`).toContain((await device.request(method, target, {})).status)
  })

  it('relay:DEV2, ADM4 what another site asks for is refused', async () => {
    const { relay, client, device } = await open()
    const webhook = await createWebhook(client, { id: 'build' })
    const routes = [
      ['PATCH', '/app/channels/build'],
      ['DELETE', '/app/channels/build'],
      ['POST', '/app/channels/build/pairing'],
      ['POST', '/app/channels/build/verification'],
      ['POST', '/app/logout'],
      ['POST', '/app/session'],
    ] as const
    for (const headers of [{ Origin: 'https://evil.example' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' }] as Record<
      string,
      string
    >[])
      for (const [method, target] of routes) {
        const answer = await device.request(method, target, { enabled: false }, headers)
        expect([answer.status, answer.json.code], `${method} ${target}`).toEqual([403, 'bad_origin'])
      }
    expect((await webhook.post('still open')).status).toBe(200)
    const own = await device.request(
      'PATCH',
      '/app/channels/build',
      { name: 'mine' },
      { Origin: relay.url, 'Sec-Fetch-Site': 'same-origin' },
    )
    expect(own.status).toBe(200)
  })

  it('relay:DEV2 strangers get 401 from everything that asks for the cookie', async () => {
    const { relay } = await open()
    const routes = readApiDocument().routes.filter(({ security }) => security.some((way) => 'deviceCookie' in way))
    expect(routes).toHaveLength(5)
    for (const { method, template } of routes)
      for (const [cookie, code] of [
        ['', 'missing_token'],
        ['chaos_admin=x', 'missing_token'],
        ['chaos_app=x', 'invalid_token'],
      ]) {
        const answer = await send(relay.url, template.replace(/\{\w+\}/g, 'x'), { method, headers: { Cookie: cookie ?? '' } })
        expect([answer.status, answer.json.code], `${method} ${template}`).toEqual([401, code])
      }
    const page = await send(relay.url, '/app')
    expect(page.text).toContain('Open this page by a link from the extension')
  })

  it('relay:DEV2 signing out ends the cookie at once and clears it', async () => {
    const { client, device } = await open()
    const other = await openDevice(client)
    const out = await device.request('POST', '/app/logout')
    expect([out.status, out.json]).toEqual([200, { ok: true }])
    expect(out.headers['set-cookie']?.[0]).toMatch(/^chaos_app=; Path=\/app; HttpOnly; SameSite=Strict; Max-Age=0$/)
    expect((await device.get('/app/channels')).status).toBe(401)
    expect((await other.get('/app/channels')).status).toBe(200)
  })

  it('relay:DEV2 names and prompts stand on the page as text', async () => {
    const { client, device } = await open()
    const attack = `"><script>x()</script></textarea><img src=x onerror=x()>`
    await createWebhook(client, { name: attack, prompt: attack, agentId: attack, metadata: { allowedUsers: [attack] } })
    const { text, headers } = await device.get('/app')
    expect(text.match(/<script/g)).toHaveLength(1)
    expect(text).not.toContain('<img')
    expect(text.match(/<\/textarea>/g)?.length).toBe(text.match(/<textarea/g)?.length)
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY', 'cache-control': 'no-store' })
  })

  it('relay:HLT1 /health says that there is a device page', async () => {
    const { relay } = await open()
    expect((await send(relay.url, '/health')).json.features).toContain('device-link')
  })
})
