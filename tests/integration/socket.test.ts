import { createHash, createPublicKey, verify } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { TestClient } from '../support/client.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { rawExchange } from '../support/rawHttp.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { HandshakeRefused, openTestSocket } from '../support/socket.ts'
import { createWebhook, NO_LIMITS } from '../support/webhook.ts'

describe('opening a socket', () => {
  let relay: TestRelay
  let client: TestClient
  beforeAll(async () => {
    relay = await startRelay({ env: NO_LIMITS })
    client = await relay.client()
  })
  afterAll(() => relay.close())

  const wsUrl = () => `${relay.url.replace('http', 'ws')}/ws`
  const refused = async (query = '', protocols: string[] = []): Promise<HandshakeRefused> => {
    const error = await openTestSocket(wsUrl() + query, protocols).then(
      () => undefined,
      (failure) => failure,
    )
    expect(error).toBeInstanceOf(HandshakeRefused)
    return error
  }
  const ticket = async () => (await client.post('/ws/ticket')).json.ticket as string

  it('relay:WS1 without a credential or with a wrong one there is no socket, only a JSON 401', async () => {
    for (const [query, protocols, code] of [
      ['', [], 'missing_token'],
      ['', ['chaos.v2'], 'missing_token'],
      ['?token=', ['chaos.v2'], 'missing_token'],
      ['?token=chaos_wrong', [], 'invalid_token'],
      ['?token=chaos_wrong', ['chaos.v2'], 'invalid_token'],
      [`?token=${client.apiKey.slice(0, -1)}`, [], 'invalid_token'],
    ] as [string, string[], string][]) {
      const { status, json, headers } = await refused(query, protocols)
      expect({ status, code: json.code }).toEqual({ status: 401, code })
      expect(json.error).toMatch(/\.$/)
      expect(headers['x-request-id']).toBeTruthy()
    }
  })

  it('relay:WS4 a ticket opens one v2 socket, once, within 30 s, and never from the URL', async () => {
    const first = await ticket()
    const socket = await openTestSocket(wsUrl(), ['chaos.v2', `ticket.${first}`])
    expect(socket.protocol).toBe('chaos.v2')
    expect((await refused('', ['chaos.v2', `ticket.${first}`])).json.code).toBe('ticket_invalid')
    expect((await refused('', ['chaos.v2', 'ticket.unknown'])).json.code).toBe('ticket_invalid')
    expect((await refused('', ['chaos.v2', 'ticket.'])).json.code).toBe('ticket_invalid')
    expect((await refused(`?ticket=${await ticket()}`, ['chaos.v2'])).json.code).toBe('missing_token')
    expect((await refused(`?token=${await ticket()}`, ['chaos.v2'])).json.code).toBe('invalid_token')
    await socket.close()
  })

  it('relay:WS4 an expired ticket opens nothing', async () => {
    const clock = createFakeClock()
    const own = await startRelay({ clock })
    try {
      const owner = await own.client()
      const { ticket } = (await owner.post('/ws/ticket')).json
      await clock.advance(30_000)
      const opening = openTestSocket(`${own.url.replace('http', 'ws')}/ws`, ['chaos.v2', `ticket.${ticket}`])
      await expect(opening).rejects.toMatchObject({ status: 401, json: { code: 'ticket_invalid' } })
    } finally {
      await own.close()
    }
  })

  it('relay:WS5 chaos.v2 makes a socket v2, whichever credential opened it', async () => {
    const byToken = await client.openSocket('v2', { credential: 'token' })
    expect(byToken.protocol).toBe('chaos.v2')
    expect((await byToken.next()).type).toBe('hello')
    const legacy = await client.openSocket('legacy')
    expect(legacy.protocol).toBe('')
    legacy.send({ type: 'ping' })
    expect(await legacy.next()).toEqual({ type: 'pong' })
    await Promise.all([byToken.close(), legacy.close()])
  })

  it('relay:WS7, SRV2 hello comes first and proves who the relay is', async () => {
    const socket = await client.openSocket('v2')
    const hello = await socket.next()
    expect(hello).toEqual({
      type: 'hello',
      protocol: 'chaos.v2',
      userId: client.userId,
      epoch: expect.any(String),
      head: 0,
      serverTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      challenge: { timestamp: expect.any(String), signature: expect.any(String) },
    })
    const { timestamp, signature } = hello.challenge
    const credential = createHash('sha256').update(socket.credential).digest('hex')
    const text = `ws-hello|${timestamp}|${credential}|${client.userId}|${hello.epoch}`
    const key = createPublicKey({ key: client.serverPublicKey, format: 'jwk' })
    const proven = (signed: string) =>
      verify('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64'))
    expect(proven(text)).toBe(true)
    expect(proven(text.replace(client.userId, 'somebody'))).toBe(false)
    await socket.close()
  })

  it('relay:WS1 what is no WebSocket handshake is refused in JSON, and other paths have no sockets', async () => {
    const upgrade = (target: string, extra = '') =>
      rawExchange(relay.url, [`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${extra}\r\n`])
    const noKey = await upgrade(`/ws?token=${client.apiKey}`)
    expect(noKey).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"invalid_body"/)
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n'
    expect(await upgrade(`/messages?token=${client.apiKey}`, key)).toMatch(/^HTTP\/1\.1 404 [\s\S]*"code":"not_found"/)
    expect(await upgrade(`/ws/?token=${client.apiKey}`, key)).toMatch(/^HTTP\/1\.1 404 /)
    expect(await upgrade('/nowhere', key)).toMatch(/^HTTP\/1\.1 401 [\s\S]*"code":"missing_token"/)
  })

  it('relay:WS14 a sixth socket closes the oldest, and only that', async () => {
    const own = await relay.client()
    const sockets = []
    for (let opened = 0; opened < 5; opened++) sockets.push(await own.openResumed())
    const other = await client.openResumed()
    const sixth = await own.openResumed()
    expect(await sockets[0]?.closed).toEqual({ code: 4001, reason: 'Too many connections for this session' })
    const webhook = await createWebhook(own)
    await webhook.say('still here')
    for (const socket of [...sockets.slice(1), sixth]) expect(await socket.next()).toMatchObject({ type: 'message', seq: 1 })
    other.send({ type: 'ping' })
    expect(await other.next()).toEqual({ type: 'pong' })
    await Promise.all([...sockets.slice(1), sixth, other].map((socket) => socket.close()))
  })

  it('relay:GEN8, WS15 shutdown closes sockets with 1012', async () => {
    const own = await startRelay()
    const owner = await own.client()
    const socket = await owner.openResumed()
    const legacy = await owner.openSocket('legacy')
    await own.close()
    expect((await socket.closed).code).toBe(1012)
    expect((await legacy.closed).code).toBe(1012)
  })
})

describe('the time of a socket', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })
  async function start() {
    const clock = createFakeClock()
    const relay = await startRelay({ clock, env: NO_LIMITS })
    undo.push(() => relay.close())
    return { clock, relay, client: await relay.client() }
  }

  it('relay:WS7 until resume there is nothing but pong, and after 10 s without it the socket is closed', async () => {
    const { clock, client } = await start()
    const webhook = await createWebhook(client)
    const socket = await client.openSocket('v2')
    expect((await socket.next()).type).toBe('hello')
    await webhook.say('early')
    await client.patch(`/channels/${webhook.id}`, { name: 'renamed' })
    socket.send({ type: 'reply', channelId: webhook.id, content: 'early too', clientId: 'c1' })
    socket.send('garbage')
    socket.send({ type: 'ping' })
    expect(await socket.next()).toEqual({ type: 'pong' })
    await clock.advance(9_000)
    expect(socket.unread()).toEqual([])
    await clock.advance(2_000)
    expect((await socket.closed).code).toBe(4002)
  })

  it('relay:WS13 a reply that was sent before resume is answered after it', async () => {
    const { client } = await start()
    const webhook = await createWebhook(client)
    const socket = await client.openSocket('v2')
    await socket.next()
    socket.send({ type: 'reply', channelId: webhook.id, content: 'early', clientId: 'c1' })
    socket.send({ type: 'ping' })
    expect(await socket.next()).toEqual({ type: 'pong' })
    socket.send({ type: 'resume', cursor: 0, epoch: null })
    expect(await socket.nextOf('reply_ack')).toMatchObject({ ok: true, clientId: 'c1' })
    await socket.close()
  })

  it('relay:WS11 a ping frame gets exactly {"type":"pong"}, on both kinds', async () => {
    const { client } = await start()
    for (const kind of ['v2', 'legacy'] as const) {
      const socket = await client.openSocket(kind)
      const texts: string[] = []
      socket.socket.on('message', (data) => texts.push(data.toString()))
      socket.send('{ "type" : "ping", "extra": 1 }')
      if (kind === 'v2') await socket.nextOf('pong')
      else await socket.next()
      expect(texts.at(-1)).toBe('{"type":"pong"}')
      await socket.close()
    }
  })

  it('relay:WS11 the relay pings every 25 s and drops a socket that is silent for 60 s', async () => {
    const { clock, relay, client } = await start()
    const alive = await client.openResumed()
    const pinged = new Promise((resolve) => alive.socket.once('ping', resolve))
    const { ticket } = (await client.post('/ws/ticket')).json
    const silent = new WebSocket(`${relay.url.replace('http', 'ws')}/ws`, ['chaos.v2', `ticket.${ticket}`], { autoPong: false })
    await new Promise((resolve) => silent.once('message', resolve))
    silent.send('{"type":"resume","cursor":0,"epoch":null}')
    await new Promise((resolve) => silent.once('message', resolve))
    const dropped = new Promise<number>((resolve) => silent.once('close', resolve))
    await clock.advance(25_000)
    await pinged
    for (let seconds = 0; seconds < 50; seconds += 10) {
      alive.send({ type: 'ping' })
      expect(await alive.nextOf('pong')).toEqual({ type: 'pong' })
      await clock.advance(10_000)
    }
    expect(await dropped).toBe(1006)
    expect((await client.get('/health')).json.websockets).toBe(1)
    alive.send({ type: 'ping' })
    expect(await alive.nextOf('pong')).toEqual({ type: 'pong' })
    await alive.close()
  })
})
