import { afterEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../support/fakeClock.ts'
import { startRelay } from '../support/relay.ts'
import { createWebhook, NO_LIMITS } from '../support/webhook.ts'

describe('legacy sockets', () => {
  const undo: (() => unknown)[] = []
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })
  async function start() {
    const clock = createFakeClock()
    const relay = await startRelay({ clock, env: NO_LIMITS })
    undo.push(() => relay.close())
    const client = await relay.client({ keyed: false })
    return { clock, client, webhook: await createWebhook(client) }
  }
  const contents = (frames: { message?: { content: string } }[]) => frames.map(({ message }) => message?.content)

  it('relay:WS6, WS2 first the last five minutes in order, then live messages, each as {type, message}', async () => {
    const { clock, client, webhook } = await start()
    await webhook.say('too old')
    await clock.advance(5 * 60_000)
    for (const text of ['a', 'b', 'c']) await webhook.say(text)
    await clock.advance(4 * 60_000)
    const socket = await client.openSocket('legacy')
    const replay = [await socket.next(), await socket.next(), await socket.next()]
    expect(contents(replay)).toEqual(['a', 'b', 'c'])
    expect(Object.keys(replay[0])).toEqual(['type', 'message'])
    await webhook.say('live')
    expect(contents([await socket.next()])).toEqual(['live'])
    expect(socket.unread()).toEqual([])
    await socket.close()
  })

  it('relay:WS6 with nothing in the last five minutes only live messages come', async () => {
    const { clock, client, webhook } = await start()
    await webhook.say('old')
    await clock.advance(6 * 60_000)
    const socket = await client.openSocket('legacy')
    socket.send({ type: 'ping' })
    expect(await socket.next()).toEqual({ type: 'pong' })
    await webhook.say('live 1')
    await webhook.say('live 2')
    expect(contents([await socket.next(), await socket.next()])).toEqual(['live 1', 'live 2'])
    await socket.close()
  })

  it('relay:WS6 it hears nothing but messages, reply_ack, pong and errors about its own frames', async () => {
    const { client, webhook } = await start()
    const socket = await client.openSocket('legacy')
    const modern = await client.openResumed()
    await client.patch(`/channels/${webhook.id}`, { name: 'renamed' })
    expect((await modern.next()).type).toBe('channel_update')
    socket.send({ type: 'reply', channelId: webhook.id, content: 'answer', clientId: 'c1' })
    expect(await socket.next()).toEqual({ type: 'reply_ack', ok: true, responseId: expect.any(String), clientId: 'c1' })
    expect((await modern.nextOf('reply_status')).clientId).toBe('c1')
    socket.send({ type: 'resume', cursor: 0, epoch: null })
    socket.send('{')
    expect((await socket.next()).code).toBe('invalid_json')
    await webhook.say('last')
    expect(contents([await socket.next()])).toEqual(['last'])
    await Promise.all([socket.close(), modern.close()])
  })

  it('relay:WS10 messages that arrive while it replays come once and in order', async () => {
    const { client, webhook } = await start()
    const say = (from: number, count: number) =>
      Promise.all(Array.from({ length: count }, (_, index) => webhook.say(`${from + index} ${'x'.repeat(3000)}`)))
    await say(0, 300)
    const opening = client.openSocket('legacy')
    const arriving = say(300, 200)
    const socket = await opening
    await arriving
    const seqs: number[] = []
    while (seqs.length < 500) seqs.push((await socket.next()).message.seq)
    expect(seqs).toEqual(Array.from({ length: 500 }, (_, index) => index + 1))
    expect(socket.unread()).toEqual([])
    await socket.close()
  })
})
