import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/client.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { createWebhook, NO_LIMITS } from '../support/webhook.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('frames', () => {
  let relay: TestRelay
  let client: TestClient
  beforeAll(async () => {
    relay = await startRelay({ env: NO_LIMITS })
    client = await relay.client()
  })
  afterAll(() => relay.close())

  it('relay:WS12 what is no frame gets an error and the socket stays; unknown types are ignored', async () => {
    const socket = await client.openResumed()
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    for (const [garbage, code] of [
      ['', 'invalid_json'],
      ['{', 'invalid_json'],
      ['hello', 'invalid_json'],
      ['null', 'invalid_body'],
      ['[]', 'invalid_body'],
      ['"ping"', 'invalid_body'],
      ['17', 'invalid_body'],
      [deep, 'invalid_body'],
      [`{"type":"reply","channelId":"x","content":"x","metadata":{"a":${deep}}}`, 'invalid_body'],
      [Buffer.from('{"type":"ping"}'), 'invalid_body'],
    ] as [string | Buffer, string][]) {
      socket.socket.send(garbage)
      expect(await socket.next()).toEqual({ type: 'error', error: expect.any(String), code })
    }
    for (const ignored of [
      '{}',
      '{"type":5}',
      '{"type":"__proto__"}',
      '{"type":"hello"}',
      '{"type":"PING"}',
      '{"type":"message","seq":1}',
    ])
      socket.send(ignored)
    socket.send({ type: 'ping' })
    expect(await socket.next()).toEqual({ type: 'pong' })
    await socket.close()
  })

  it('relay:WS15 a frame over 22 MiB closes 1009, one below is read', async () => {
    const socket = await client.openResumed()
    socket.send(`{"type":"ping","filler":"${'x'.repeat(22 * 1024 * 1024 - 40)}"}`)
    expect(await socket.next()).toEqual({ type: 'pong' })
    socket.send('x'.repeat(22 * 1024 * 1024 + 1))
    expect((await socket.closed).code).toBe(1009)
  })

  it('relay:WS12 bytes that are no WebSocket frame end the socket and nothing else', async () => {
    const broken = await client.openResumed()
    const other = await client.openResumed()
    // biome-ignore lint/suspicious/noExplicitAny: the raw socket of the client library
    const raw = (broken.socket as any)._socket
    raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]))
    expect((await broken.closed).code).toBe(1002)
    other.send({ type: 'ping' })
    expect(await other.next()).toEqual({ type: 'pong' })
    await other.close()
  })

  it('relay:WS13 replies are answered in order, each once, with its clientId', async () => {
    const webhook = await createWebhook(client)
    const socket = await client.openResumed()
    const wanted = upTo(60).map((n) => ({
      clientId: `c${n}`,
      channelId: n % 3 === 0 ? 'nowhere' : webhook.id,
      content: n % 5 === 0 ? 7 : `reply ${n}`,
    }))
    for (const reply of wanted) socket.send({ type: 'reply', ...reply })
    const answers = []
    while (answers.length < wanted.length) {
      const frame = await socket.next()
      if (frame.type !== 'reply_status') answers.push(frame)
    }
    expect(answers.map(({ clientId }) => clientId)).toEqual(wanted.map(({ clientId }) => clientId))
    for (const [index, answer] of answers.entries()) {
      const n = index + 1
      if (n % 5 === 0) expect(answer).toMatchObject({ type: 'error', code: 'invalid_field' })
      else if (n % 3 === 0) expect(answer).toMatchObject({ type: 'error', code: 'channel_not_found' })
      else expect(answer).toEqual({ type: 'reply_ack', ok: true, responseId: expect.any(String), clientId: `c${n}` })
    }
    await socket.close()
  })

  it('relay:WS13 a reply without clientId is answered too, and over the limit with rate_limited', async () => {
    const limited = await startRelay({ env: { CHAOS_RATE_LIMITS: '{"wsReply":{"limit":2,"windowSec":60}}' } })
    try {
      const owner = await limited.client()
      const webhook = await createWebhook(owner)
      const socket = await owner.openSocket('legacy')
      for (let sent = 0; sent < 3; sent++) socket.send({ type: 'reply', channelId: webhook.id, content: 'x' })
      expect(await socket.next()).toEqual({ type: 'reply_ack', ok: true, responseId: expect.any(String) })
      expect((await socket.next()).type).toBe('reply_ack')
      expect(await socket.next()).toMatchObject({ type: 'error', code: 'rate_limited' })
      expect(socket.unread()).toEqual([])
      await socket.close()
    } finally {
      await limited.close()
    }
  })

  it('relay:CUR10 ack raises the mark, never lowers it, and not above the head', async () => {
    const own = await relay.client()
    const webhook = await createWebhook(own)
    for (const text of ['a', 'b', 'c']) await webhook.say(text)
    const socket = await own.openResumed()
    const acked = async () => (await relay.relay.store.inbox.state(own.userId)).acked
    const settled = async () => {
      socket.send({ type: 'ping' })
      await socket.nextOf('pong')
      await relay.relay.store.inbox.remove(own.userId, 'nothing')
    }
    socket.send({ type: 'ack', seq: 2 })
    await settled()
    expect(await acked()).toBe(2)
    for (const seq of [1, 99, 4]) socket.send({ type: 'ack', seq })
    await settled()
    expect(await acked()).toBe(2)
    for (const seq of ['3', -1, 2.5, null]) {
      socket.send({ type: 'ack', seq })
      expect(await socket.nextOf('error')).toMatchObject({ code: 'invalid_field' })
    }
    socket.send({ type: 'ack', seq: 3 })
    await settled()
    expect(await acked()).toBe(3)
    await socket.close()
  })
})
