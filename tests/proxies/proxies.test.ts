import { createPublicKey, verify } from 'node:crypto'
import { Agent } from 'node:https'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_KEY, cookieOf, loginForm } from '../support/admin.ts'
import { type BehindProxy, startBehindProxy } from '../support/behindProxy.ts'
import { openLink } from '../support/device.ts'
import { send } from '../support/http.ts'
import { sha256Hex } from '../support/identity.ts'
import { startCaddy, startNginx } from '../support/proxies.ts'
import { HandshakeRefused, openTestSocket } from '../support/socket.ts'

const MIB = 1024 * 1024
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

const proxies = [
  { name: 'nginx.conf', start: startNginx, prefix: false },
  { name: 'nginx-prefix.conf', start: startNginx, prefix: true },
  { name: 'caddy.conf', start: startCaddy, prefix: false },
  { name: 'caddy-prefix.conf', start: startCaddy, prefix: true },
]

describe.each(proxies)('a relay behind docs/proxies/$name', ({ start, prefix }) => {
  let at: BehindProxy
  beforeAll(async () => {
    at = await startBehindProxy(start, { prefix, env: { CHAOS_ADMIN_KEY: ADMIN_KEY } })
  })
  afterAll(() => at.close())

  /** A webhook of a client, and its public address as a program elsewhere uses it. */
  async function webhook(client: Awaited<ReturnType<BehindProxy['client']>>, id: string) {
    const { json } = await client.post('/channels', { id })
    const post = async (content: string) => {
      const answer = await fetch(json.webhookUrl, { method: 'POST', body: content })
      return { status: answer.status, json: (await answer.json()) as { code?: string; messageId?: string } }
    }
    return { url: json.webhookUrl as string, post }
  }

  it('relay:GEN6, GEN7 answers, and tells its public address', async () => {
    expect((await send(at.publicUrl, '/health')).json).toMatchObject({ status: 'ok' })
    const { url, post } = await webhook(await at.client(), `told-${prefix}`)
    expect(url.startsWith(`${at.publicUrl}/webhook/`)).toBe(true)
    expect((await post('hi')).status).toBe(200)
    expect((await send(at.publicUrl, '/nothing')).json.code).toBe('missing_token')
  })

  it('relay:GEN7, SIG2, SRV1 signed requests of every spelling pass, and the answers’ signatures with them', async () => {
    const client = await at.client()
    await client.post('/channels', { id: 'spelled' })
    for (const target of ['/messages?limit=5&since=2026-01-01T00%3A00%3A00Z', '/replies/a%2Fb%20c', '/channels?x=%E2%82%AC&&y'])
      expect((await client.get(target)).json.code ?? 'ok', target).toMatch(/^(ok|not_found)$/)
    expect((await client.patch('/channels/spel%6Ced', { name: 'ä' })).json.channel).toMatchObject({ id: 'spelled', name: 'ä' })
    const nonce = 'a-nonce-of-this-test'
    const answer = await client.get('/channels', { headers: { 'X-Want-Signature': '1' }, signing: { nonce } })
    const text = `${answer.headers['x-server-timestamp']}|${nonce}|200|${sha256Hex(answer.bytes)}`
    const key = { key: createPublicKey({ key: client.serverPublicKey, format: 'jwk' }), dsaEncoding: 'ieee-p1363' as const }
    expect(verify('sha256', Buffer.from(text), key, Buffer.from(String(answer.headers['x-server-signature']), 'base64'))).toBe(true)
  })

  it('relay:WS4, WS8, WS13 a v2 socket: replay, live messages, a reply and its acknowledgement', async () => {
    const client = await at.client()
    const { post } = await webhook(client, `socket-${prefix}`)
    await post('before')
    const socket = await client.openResumed()
    expect(socket.protocol).toBe('chaos.v2')
    expect(socket.replay.map(({ message }) => message?.content)).toEqual(['before', undefined])
    const { json } = await post('live')
    expect((await socket.nextOf('message')).message).toMatchObject({ id: json.messageId, content: 'live' })
    socket.send({ type: 'ack', seq: 2 })
    socket.send({ type: 'reply', channelId: `socket-${prefix}`, content: 'x'.repeat(60_000), clientId: 'c1' })
    expect(await socket.nextOf('reply_ack')).toMatchObject({ clientId: 'c1' })
    socket.send({ type: 'ping' })
    await socket.nextOf('pong')
    expect((await socket.close()).code).toBe(1005)
  })

  it('relay:WS1, WS4 a refused handshake arrives as what it is', async () => {
    const socketUrl = `${at.publicUrl.replace(/^http/, 'ws')}/ws`
    for (const [protocols, code] of [
      [['chaos.v2', 'ticket.wrong'], 'ticket_invalid'],
      [['chaos.v2'], 'missing_token'],
    ] as const) {
      const refused = await openTestSocket(socketUrl, [...protocols]).catch((error) => error)
      expect(refused).toBeInstanceOf(HandshakeRefused)
      expect([refused.status, refused.json.code]).toEqual([401, code])
    }
  })

  it('relay:REP12, ATT4 three files of 5 MiB go out and come back byte for byte; more is refused by the relay itself', async () => {
    const client = await at.client()
    await client.post('/channels', { id: `big-${prefix}` })
    const bytes = Buffer.alloc(5 * MIB, 'abc')
    const file = (name: string) => ({ filename: name, mimeType: 'application/zip', dataBase64: bytes.toString('base64') })
    const body = { channelId: `big-${prefix}`, content: 'all of it', attachments: [file('1'), file('2'), file('3')] }
    expect((await client.post('/reply', body)).status).toBe(200)
    const { json } = await client.get(`/responses/big-${prefix}`, { sign: false })
    const found = await send(at.publicUrl, `/responses/big-${prefix}/attachments/${json.responses[0].attachments[2].id}`)
    expect([found.status, found.bytes.equals(bytes), found.headers['content-disposition']]).toEqual([
      200,
      true,
      expect.stringContaining('attachment; filename="3"'),
    ])
    // A proxy that closes the connection once the relay has refused may cut off a caller that is still writing, before it reads the answer.
    const tooLarge = await client
      .post('/reply', undefined, { raw: Buffer.alloc(23 * MIB, 'x') })
      .catch(({ code }: NodeJS.ErrnoException) => code)
    const refused = typeof tooLarge === 'object' ? `${tooLarge.status} ${tooLarge.json?.code}` : tooLarge
    expect(['413 body_too_large', 'ECONNRESET', 'EPIPE']).toContain(refused)
    expect((await client.get(`/responses/big-${prefix}`, { sign: false })).json.responses).toHaveLength(1)
  })

  it('relay:EML4 the page of a confirmation link works below the path, its form too', async () => {
    const page = await send(at.publicUrl, '/email/verify?token=t&channelId=c')
    expect([page.status, page.headers['content-security-policy']]).toEqual([404, expect.stringContaining("default-src 'none'")])
    const form = await send(at.publicUrl, '/email/verify', { method: 'POST', body: 'token=t&channelId=c' })
    expect(form.status).toBe(404)
  })

  it('relay:ADM3, ADM4, DEV1 the dashboard and the device page work below the path, with what they load, for the public address only', async () => {
    const { origin, pathname } = new URL(at.publicUrl)
    const path = pathname.replace(/\/$/, '')
    const own = { Origin: origin, 'Sec-Fetch-Site': 'same-origin' }
    expect((await loginForm(at.publicUrl, ADMIN_KEY, { Origin: 'https://evil.example' })).status).toBe(403)
    const signedIn = await loginForm(at.publicUrl, ADMIN_KEY, own)
    expect([signedIn.status, signedIn.headers.location]).toEqual([303, `${path}/admin`])
    expect(signedIn.headers['set-cookie']?.[0]).toContain(`; Path=${path}/admin; HttpOnly; SameSite=Strict; Max-Age=86400; Secure`)
    const { url } = (await (await at.client()).post('/app/device-link', {})).json
    expect(url.startsWith(`${at.publicUrl}/app#link=`)).toBe(true)
    const opened = await openLink(at.publicUrl, url.split('#link=')[1], own)
    for (const [target, cookie] of [
      ['/admin', cookieOf(signedIn)],
      ['/app', cookieOf(opened)],
    ] as const) {
      const page = await send(at.publicUrl, target, { headers: { Cookie: cookie } })
      expect(page.status).toBe(200)
      const loaded = [...page.text.matchAll(/(?:href|src)="([^"]+\/assets\/[^"]+)"/g)].map(([, address = '']) => address)
      expect(loaded.length).toBeGreaterThan(3)
      for (const address of loaded) expect((await send(origin, address)).status, address).toBe(200)
    }
  })

  it('relay:GEN8, WS15 sockets hear that the relay restarts, and open again once it is back', async () => {
    const client = await at.client()
    const { post } = await webhook(client, `restart-${prefix}`)
    const socket = await client.openResumed()
    const [closed] = await Promise.all([socket.closed, at.relay.restart()])
    expect(closed.code).toBe(1012)
    const again = await client.openResumed(0, socket.hello.epoch)
    await post('after')
    expect((await again.nextOf('message')).message.content).toBe('after')
    await again.close()
  })
})

describe.each(proxies)('Telegram and docs/proxies/$name', ({ start, prefix }) => {
  it('relay:TG4, TG5 switches to the public address and delivers there', async () => {
    // Telegram delivers to a few ports only, so the address it is told has none.
    const told = `https://relay.example.org${prefix ? '/relay' : ''}`
    const at = await startBehindProxy(start, { prefix, env: { CHAOS_PUBLIC_URL: told } })
    try {
      at.telegram.routeWebhooks((url) => url.replace(told, at.publicUrl))
      const client = await at.client()
      const { json } = await client.post('/channels/telegram/register', { botToken: at.telegram.bot.token })
      expect(json.mode).toBe('webhook')
      const ada = at.telegram.user('Ada')
      ada.send(json.pairingCode)
      await at.telegram.nextSent()
      expect(at.telegram.bot.webhook?.url).toBe(`${told}/telegram/${json.channelId}`)
      const socket = await client.openResumed()
      ada.sendPhoto({ bytes: PNG, caption: 'through the front door' })
      expect((await socket.nextOf('message')).message.content).toBe('through the front door')
      await socket.close()
    } finally {
      await at.close()
    }
  })
})

describe.each(proxies)('addresses behind docs/proxies/$name', ({ start, prefix }) => {
  const LIMIT = { CHAOS_RATE_LIMITS: '{"register":{"limit":2,"windowSec":3600}}' }
  let at: BehindProxy | undefined
  afterEach(() => at?.close())

  const register = (url: string, from = '127.0.0.1', headers: Record<string, string> = {}) =>
    send(url, '/auth/register', { method: 'POST', headers, agent: new Agent({ localAddress: from }) }).then(({ status }) => status)

  it('relay:RL3 limits count each caller apart, whatever it claims to be', async () => {
    at = await startBehindProxy(start, { prefix, env: LIMIT })
    const { publicUrl } = at
    expect([await register(publicUrl), await register(publicUrl), await register(publicUrl)]).toEqual([200, 200, 429])
    expect(await register(publicUrl, '127.0.0.2')).toBe(200)
    for (const claim of ['10.0.0.1', '10.0.0.2, 10.0.0.3', '127.0.0.2', '', 'x'.repeat(300)])
      for (const header of ['X-Forwarded-For', 'X-Real-IP', 'Forwarded'])
        expect(await register(publicUrl, '127.0.0.1', { [header]: claim }), `${header}: ${claim}`).toBe(429)
    expect([await register(publicUrl, '127.0.0.2'), await register(publicUrl, '127.0.0.2')]).toEqual([200, 429])
  })

  it('relay:RL3 without CHAOS_TRUST_PROXY all callers are the proxy', async () => {
    at = await startBehindProxy(start, { prefix, env: { ...LIMIT, CHAOS_TRUST_PROXY: '0' } })
    const { publicUrl } = at
    expect([await register(publicUrl), await register(publicUrl, '127.0.0.2'), await register(publicUrl, '127.0.0.3')]).toEqual([
      200, 200, 429,
    ])
  })
})

describe.each(proxies.filter(({ prefix }) => !prefix))(
  'docs/proxies/$name and a relay that knows no address',
  ({ start, prefix }) => {
    it('relay:GEN6 without CHAOS_PUBLIC_URL the address is the one the caller used, not one it claims', async () => {
      const at = await startBehindProxy(start, { prefix, publicUrl: false })
      try {
        const client = await at.client()
        const headers = { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http' }
        const { json } = await client.post('/channels', { id: 'honest' }, { headers })
        expect(json.webhookUrl.startsWith(`${at.publicUrl}/webhook/honest?token=`)).toBe(true)
      } finally {
        await at.close()
      }
    })
  },
)
