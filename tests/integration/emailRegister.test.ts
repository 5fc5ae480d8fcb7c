import { afterEach, describe, expect, it } from 'vitest'
import { type EmailRelay, startEmailRelay } from '../fakes/resend/withRelay.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { send } from '../support/http.ts'
import { startRelay } from '../support/relay.ts'

const HOUR = 60 * 60_000

let email: EmailRelay
afterEach(() => email.close())

describe('registering an e-mail channel', () => {
  it('relay:EML2 relay:EML3 the answer names a fresh address, and a link valid 24 h is mailed from the domain', async () => {
    const clock = createFakeClock()
    email = await startEmailRelay({ clock })
    const answer = await email.register({ channelName: 'Build Alerts', agentId: 'ops' })
    expect(answer.status).toBe(201)
    expect(answer.json).toEqual({
      channelId: expect.any(String),
      inboundAddress: expect.stringMatching(/^build-alerts-[a-z0-9]{10}@mail\.example\.org$/),
      verificationExpiresAt: new Date(clock.now() + 24 * HOUR).toISOString(),
    })
    const [mail] = email.resend.sent.all
    expect(mail).toMatchObject({ from: 'Chaos Relay <noreply@mail.example.org>', to: ['ada@example.com'] })
    const { href, channelId, token } = await email.newestLink()
    expect(href.startsWith(`${email.relay.url}/email/verify?`)).toBe(true)
    expect(channelId).toBe(answer.json.channelId)
    expect(token).toMatch(/^[A-Za-z0-9_-]{32}$/)
    expect(await email.channel(channelId)).toMatchObject({
      type: 'email',
      name: 'Build Alerts',
      agentId: 'ops',
      direction: 'bidirectional',
      status: { state: 'waiting_verification' },
      metadata: { inboundAddress: answer.json.inboundAddress, userEmail: 'ada@example.com', verified: false },
    })
    expect(JSON.stringify(await email.channel(channelId))).not.toContain(token)
  })

  it('relay:GEN6 the link is built from CHAOS_PUBLIC_URL or the own address, never from a header', async () => {
    email = await startEmailRelay({ env: { CHAOS_TRUST_PROXY: '1' } })
    const headers = { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' }
    await email.client.post('/channels/email/register', { userEmail: 'ada@example.com' }, { headers })
    expect((await email.newestLink()).href.startsWith(`${email.relay.url}/email/verify?`)).toBe(true)
    await email.relay.restart({ ...email.resend.env, CHAOS_PUBLIC_URL: 'https://relay.example.org/chaos' })
    await email.client.post('/channels/email/register', { userEmail: 'ada@example.com' }, { headers: { Host: 'evil.example' } })
    expect((await email.newestLink()).href.startsWith('https://relay.example.org/chaos/email/verify?')).toBe(true)
    expect(JSON.stringify(email.resend.sent.all)).not.toContain('evil')
  })

  it('relay:EML2 without a name the address begins with the local part; each registration gets another end', async () => {
    email = await startEmailRelay()
    const [first, second] = [await email.register({ userEmail: 'Ada.L@Example.com' }), await email.register()]
    expect(first.json.inboundAddress).toMatch(/^ada\.l-[a-z0-9]{10}@/)
    expect(second.json.inboundAddress).toMatch(/^ada-[a-z0-9]{10}@/)
    expect((await email.client.get('/channels')).json.channels).toHaveLength(2)
  })

  it.each([
    [{ userEmail: undefined }, 400, 'missing_field'],
    [{ userEmail: 7 }, 400, 'invalid_field'],
    [{ userEmail: 'ada' }, 400, 'invalid_field'],
    [{ userEmail: 'ada@example.com, eve@x.org' }, 400, 'invalid_field'],
    [{ userEmail: 'ada@example.com\r\nBcc: eve@x.org' }, 400, 'invalid_field'],
    [{ userEmail: 'Ada <ada@example.com>' }, 400, 'invalid_field'],
    [{ channelName: '!!!' }, 400, 'invalid_field'],
    [{ channelName: '日本' }, 400, 'invalid_field'],
    [{ userEmail: '+++@example.com' }, 400, 'invalid_field'],
    [{ channelName: 7 }, 400, 'invalid_field'],
    [{ channelName: 'x'.repeat(101) }, 413, 'content_too_large'],
  ])('relay:EML1 %j is %i %s, and nothing is mailed or made', async (body, status, code) => {
    email = await startEmailRelay()
    const answer = await email.register(body)
    expect([answer.status, answer.json.code]).toEqual([status, code])
    expect(email.resend.calls.all).toEqual([])
    expect((await email.client.get('/channels')).json.channels).toEqual([])
  })

  it('relay:EML1 without a domain or a key it is 503 email_not_configured, and existing channels say so', async () => {
    email = await startEmailRelay()
    const { channelId } = await email.verifiedChannel()
    await email.register()
    const unverified = await email.newestLink()
    const state = async () => (await email.channel(channelId)).status
    const { CHAOS_EMAIL_DOMAIN, RESEND_API_KEY } = email.resend.env
    for (const env of [{}, { CHAOS_EMAIL_DOMAIN }, { RESEND_API_KEY }]) {
      await email.relay.restart(env)
      for (const path of ['/channels/email/register', `/channels/${unverified.channelId}/verification`]) {
        const answer = await email.client.post(path, { userEmail: 'ada@example.com' })
        expect([answer.status, answer.json.code]).toEqual([503, 'email_not_configured'])
      }
      await expect.poll(state).toMatchObject({ state: 'not_configured', detail: expect.stringContaining('CHAOS_EMAIL_DOMAIN') })
    }
    await email.relay.restart(email.resend.env)
    await expect.poll(state).toEqual({ state: 'ok' })
  })

  it('relay:EML3 a provider that refuses or is away leaves no channel behind', async () => {
    email = await startEmailRelay()
    for (const [fault, code] of [
      [{ kind: 'refuse', status: 422, code: 'validation_error', message: 'Bad.' }, 'provider_rejected'],
      [{ kind: 'refuse', status: 401, code: 'missing_api_key' }, 'provider_rejected'],
      [{ kind: 'hangUp' }, 'provider_unreachable'],
      [{ kind: 'refuse', status: 500, code: 'x' }, 'provider_unreachable'],
    ] as const) {
      email.resend.faults.next('send', fault)
      const answer = await email.register()
      expect([answer.status, answer.json.code]).toEqual([400, code])
      expect(answer.text).not.toContain(email.resend.apiKey)
    }
    expect((await email.client.get('/channels')).json.channels).toEqual([])
  })

  it('relay:CH5 a session that is full gets neither a channel nor a mail', async () => {
    email = await startEmailRelay({ env: { CHAOS_RATE_LIMITS: '{"channelRegister":{"limit":0,"windowSec":1}}' } })
    await Promise.all(Array.from({ length: 100 }, () => email.client.post('/channels', { type: 'webhook' })))
    const refused = await email.register()
    expect([refused.status, refused.json.code]).toEqual([409, 'too_many_channels'])
    expect(email.resend.calls.all).toEqual([])
  })

  it('relay:AUTH1 registering needs a session', async () => {
    email = await startEmailRelay()
    const answer = await send(email.relay.url, '/channels/email/register', { method: 'POST', body: '{}' })
    expect([answer.status, answer.json.code]).toEqual([401, 'missing_token'])
  })
})

describe('confirming the address', () => {
  it('relay:EML4 opening the link changes nothing, however often and with confirm=1', async () => {
    email = await startEmailRelay()
    await email.register()
    const { target, channelId } = await email.newestLink()
    const before = await email.channel(channelId)
    for (const opened of [target, `${target}&confirm=1`, target]) {
      const page = await send(email.relay.url, opened)
      expect(page.status).toBe(200)
      expect(page.text).toContain('<button type="submit">Confirm</button>')
      expect(page.text).toContain('ada@example.com')
    }
    expect(await email.channel(channelId)).toEqual(before)
  })

  it('relay:EML4 the page is kept nowhere, tells nobody its address and loads nothing', async () => {
    email = await startEmailRelay()
    await email.register()
    const { target } = await email.newestLink()
    for (const opened of [target, '/email/verify', '/email/verify?token=x&channelId=y']) {
      const { headers, text } = await send(email.relay.url, opened)
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['referrer-policy']).toBe('no-referrer')
      expect(headers['x-content-type-options']).toBe('nosniff')
      const csp = String(headers['content-security-policy'])
      expect(csp).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      )
      const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? ''
      const hash = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))).toString('base64')
      expect(csp).toContain(hash)
      expect(text).not.toMatch(/<script|<img|<link|\sstyle=|\son\w+=/i)
    }
  })

  it('relay:EML4 nothing somebody put into the link or an address becomes markup', async () => {
    email = await startEmailRelay()
    await email.register({ userEmail: "o'hara&co@example.com", channelName: 'x' })
    const { target, channelId } = await email.newestLink()
    expect((await send(email.relay.url, target)).text).toContain('o&#39;hara&amp;co@example.com')
    const hostile = encodeURIComponent('"><script>alert(1)</script>')
    const page = await send(email.relay.url, `/email/verify?token=${hostile}&channelId=${channelId}`)
    expect([page.status, page.text.includes('<script')]).toEqual([404, false])
  })

  it('relay:EML5 only the posted form verifies; the second time it says so', async () => {
    email = await startEmailRelay()
    await email.register()
    const { target, token, channelId } = await email.newestLink()
    const socket = await email.client.openResumed()
    const confirmed = await email.confirm({ token, channelId })
    expect([confirmed.status, await confirmed.text()]).toEqual([200, expect.stringContaining('Address confirmed')])
    const [frame] = await socket.until('channel_update')
    expect(frame).toMatchObject({
      type: 'channel_update',
      channelId,
      channel: { status: { state: 'ok' }, metadata: { verified: true } },
    })
    expect(await email.channel(channelId)).toMatchObject({
      status: { state: 'ok' },
      metadata: { verified: true, allowedSenders: ['ada@example.com'] },
    })
    for (const again of [await email.confirm({ token, channelId }), await fetch(`${email.relay.url}${target}`)]) {
      expect(again.status).toBe(200)
      expect(await again.text()).toContain('already verified')
    }
    socket.close()
  })

  it('relay:EML5 a form with anything missing, wrong or of another channel verifies nothing', async () => {
    email = await startEmailRelay()
    await email.register()
    const first = await email.newestLink()
    await email.register()
    const second = await email.newestLink()
    const { token, channelId } = first
    for (const [form, status] of [
      [{}, 400],
      [{ token }, 400],
      [{ channelId }, 400],
      [{ token: '', channelId }, 400],
      [{ token: `${token}x`, channelId }, 404],
      [{ token: token.toLowerCase(), channelId }, 404],
      [{ token, channelId: second.channelId }, 404],
      [{ token, channelId: 'none' }, 404],
    ] as const) {
      expect((await email.confirm(form as Record<string, string>)).status).toBe(status)
    }
    for (const link of [first, second]) expect((await email.channel(link.channelId)).metadata.verified).toBe(false)
  })

  it('relay:EML3 relay:EML4 after 24 hours the link is 410, not before', async () => {
    const clock = createFakeClock()
    email = await startEmailRelay({ clock })
    await email.register()
    const { target, token, channelId } = await email.newestLink()
    await clock.advance(24 * HOUR - 1)
    expect((await send(email.relay.url, target)).status).toBe(200)
    await clock.advance(1)
    expect((await send(email.relay.url, target)).status).toBe(410)
    const late = await email.confirm({ token, channelId })
    expect([late.status, await late.text()]).toEqual([410, expect.stringContaining('expired')])
    expect((await email.channel(channelId)).metadata.verified).toBe(false)
  })

  it('relay:EML3 a link that is sent again voids the older one, also over a restart', async () => {
    email = await startEmailRelay()
    await email.register()
    const older = await email.newestLink()
    const again = await email.client.post(`/channels/${older.channelId}/verification`, {})
    expect([again.status, again.json]).toEqual([200, { ok: true, expiresAt: expect.any(String) }])
    const newer = await email.newestLink()
    expect(newer.token).not.toBe(older.token)
    await email.relay.restart()
    expect((await email.confirm(older)).status).toBe(404)
    expect((await email.confirm(newer)).status).toBe(200)
  })

  it('relay:EML3 ten links an hour for a channel are enough', async () => {
    email = await startEmailRelay()
    await email.register()
    const { channelId } = await email.newestLink()
    const path = `/channels/${channelId}/verification`
    for (let n = 0; n < 10; n++) expect((await email.client.post(path, {})).status).toBe(200)
    const refused = await email.client.post(path, {})
    expect([refused.status, refused.json.code]).toEqual([429, 'rate_limited'])
    expect(email.resend.sent.all).toHaveLength(11)
  })

  it('relay:CH7 sending a link again is for the owner and for e-mail', async () => {
    email = await startEmailRelay()
    await email.register()
    const { channelId } = await email.newestLink()
    const other = await email.relay.client()
    const foreign = await other.post(`/channels/${channelId}/verification`, {})
    const unknown = await other.post('/channels/none/verification', {})
    expect([foreign.status, foreign.json]).toEqual([404, unknown.json])
    const webhook = await email.client.post('/channels', { type: 'webhook' })
    const wrong = await email.client.post(`/channels/${webhook.json.channel.id}/verification`, {})
    expect([wrong.status, wrong.json.code]).toEqual([400, 'wrong_channel_type'])
  })
})

describe('e-mail that is not set up', () => {
  it('relay:HLT1 the features say whether there is e-mail', async () => {
    email = await startEmailRelay()
    const bare = await startRelay()
    expect((await send(email.relay.url, '/health')).json.features).toContain('email')
    expect((await send(bare.url, '/health')).json.features).not.toContain('email')
    await bare.close()
  })
})
