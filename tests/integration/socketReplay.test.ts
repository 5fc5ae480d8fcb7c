import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { createWebhook, NO_LIMITS } from '../support/webhook.ts'

const sequence = (frames: { seq?: number; type: string }[]) => frames.filter(({ type }) => type === 'message').map(({ seq }) => seq)
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('resuming', () => {
  let relay: TestRelay
  beforeAll(async () => {
    relay = await startRelay({ env: NO_LIMITS })
  })
  afterAll(() => relay.close())

  async function inbox(count: number) {
    const client = await relay.client()
    const webhook = await createWebhook(client)
    for (let said = 1; said <= count; said++) await webhook.say(`m${said}`)
    const { epoch } = (await client.get('/messages')).json
    return { client, webhook, epoch: epoch as string }
  }

  it('relay:WS8 everything above the cursor comes in order, then resumed, then live messages', async () => {
    const { client, webhook, epoch } = await inbox(5)
    const socket = await client.openResumed(2, epoch)
    expect(socket.hello.head).toBe(5)
    expect(sequence(socket.replay)).toEqual([3, 4, 5])
    expect(socket.replay.at(-1)).toEqual({ type: 'resumed', epoch, recovered: true, dropped: 0, head: 5 })
    expect(socket.replay[0].message).toEqual((await client.get('/messages?after=2&limit=1')).json.messages[0])
    await webhook.say('m6')
    expect(await socket.next()).toMatchObject({ type: 'message', seq: 6, message: { seq: 6, content: 'm6' } })
    await socket.close()
    const nothing = await client.openResumed(6, epoch)
    expect(nothing.replay).toEqual([{ type: 'resumed', epoch, recovered: true, dropped: 0, head: 6 }])
    await nothing.close()
  })

  it('relay:WS9, CUR8 a foreign epoch or a cursor above the head starts at the oldest, recovered:false; no epoch is a fresh client', async () => {
    const { client, epoch } = await inbox(3)
    for (const [cursor, given, recovered] of [
      [2, 'foreign', false],
      [99, epoch, false],
      [99, 'foreign', false],
      [2, null, true],
      [0, null, true],
    ] as [number, string | null, boolean][]) {
      const socket = await client.openResumed(cursor, given)
      expect(sequence(socket.replay)).toEqual([1, 2, 3])
      expect(socket.replay.at(-1)).toEqual({ type: 'resumed', epoch, recovered, dropped: 0, head: 3 })
      await socket.close()
    }
  })

  it('relay:CUR8 messages above the cursor that are no longer stored are counted', async () => {
    const { client, epoch } = await inbox(4)
    const [, second] = (await client.get('/messages')).json.messages
    await client.del(`/messages/${second.id}`)
    const missing = await client.openResumed(1, epoch)
    expect(sequence(missing.replay)).toEqual([3, 4])
    expect(missing.replay.at(-1)).toMatchObject({ recovered: false, dropped: 1 })
    const beyond = await client.openResumed(2, epoch)
    expect(beyond.replay.at(-1)).toMatchObject({ recovered: true, dropped: 0 })
    await Promise.all([missing.close(), beyond.close()])
  })

  it('relay:WS12 a broken resume is told, and a second one changes nothing', async () => {
    const { client, webhook, epoch } = await inbox(2)
    const socket = await client.openSocket('v2')
    await socket.next()
    for (const wrong of [{ cursor: 'x', epoch }, { cursor: -1, epoch }, { cursor: 1.5, epoch }, { cursor: 1, epoch: 7 }, {}])
      socket.send({ type: 'resume', ...wrong })
    socket.send({ type: 'resume', cursor: 1, epoch })
    socket.send({ type: 'resume', cursor: 0, epoch })
    const frames = await socket.until('resumed')
    expect(sequence(frames)).toEqual([2])
    await webhook.say('m3')
    const after = await socket.until('message')
    expect(after.at(-1).seq).toBe(3)
    expect([...frames, ...after].filter(({ type }) => type === 'error')).toHaveLength(5)
    await socket.close()
  })

  it('relay:WS10, CUR2 what arrives during a replay goes out exactly once and in order, to every socket', async () => {
    const { client, webhook, epoch } = await inbox(0)
    const say = (from: number, count: number) =>
      Promise.all(Array.from({ length: count }, (_, index) => webhook.say(`${from + index} ${'x'.repeat(2000)}`)))
    await say(0, 700)
    const opening = upTo(4).map(() => client.openResumed(0, epoch))
    const arriving = say(700, 500)
    const sockets = await Promise.all(opening)
    await arriving
    for (const socket of sockets) {
      const frames = [...socket.replay]
      while (sequence(frames).length < 1200) frames.push(await socket.next())
      expect(sequence(frames)).toEqual(upTo(1200))
      expect(frames.filter(({ type }) => type === 'resumed')).toHaveLength(1)
      expect(socket.unread()).toEqual([])
    }
    await Promise.all(sockets.map((socket) => socket.close()))
  })
})
