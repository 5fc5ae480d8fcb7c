import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/client.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { allMessages, createWebhook, NO_LIMITS } from '../support/webhook.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the relay answered
const seqs = (answer: { json: any }) => answer.json.messages.map(({ seq }: { seq: number }) => seq)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe('GET /messages', () => {
  let relay: TestRelay
  let client: TestClient
  beforeAll(async () => {
    relay = await startRelay({ env: NO_LIMITS })
    client = await relay.client()
    const webhook = await createWebhook(client, {
      name: 'ci',
      agentId: 'a1',
      prompt: 'be brief',
      runInBackground: true,
      notifyOnComplete: false,
    })
    for (let said = 1; said <= 12; said++) await webhook.say(`m${said}`)
  })
  afterAll(() => relay.close())

  it('relay:CUR1 seqs count from 1 without gaps and timestamps rise strictly, also for what arrives at once', async () => {
    const own = await relay.client()
    const [one, two] = [await createWebhook(own), await createWebhook(own)]
    await Promise.all(range(1, 100).map((n) => (n % 2 === 0 ? one : two).say(`m${n}`)))
    const messages = await allMessages(own)
    expect(messages.map(({ seq }) => seq)).toEqual(range(1, 100))
    const times = messages.map(({ timestamp }) => Date.parse(timestamp))
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true)
    expect(messages[0].timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  it('relay:CUR11 every message says what its channel is', async () => {
    const [message] = await allMessages(client)
    expect(message).toMatchObject({
      id: expect.any(String),
      userId: client.userId,
      channelType: 'webhook',
      channelId: expect.any(String),
      from: 'webhook',
      content: 'm1',
      metadata: {
        channelDirection: 'inbound',
        channelAgentId: 'a1',
        channelName: 'ci',
        channelPrompt: 'be brief',
        channelRunInBackground: true,
        channelNotifyOnComplete: false,
      },
    })
    const plain = await relay.client()
    await (await createWebhook(plain)).say('x')
    expect((await allMessages(plain))[0].metadata).toEqual({ channelDirection: 'inbound', raw: { content: 'x' } })
  })

  it('relay:CUR3 after and since are strictly greater, after wins', async () => {
    const messages = await allMessages(client)
    expect(seqs(await client.get('/messages?after=0'))).toEqual(range(1, 12))
    expect(seqs(await client.get('/messages?after=10'))).toEqual([11, 12])
    expect(seqs(await client.get('/messages?after=12'))).toEqual([])
    const since = encodeURIComponent(messages[6].timestamp)
    expect(seqs(await client.get(`/messages?since=${since}`))).toEqual(range(8, 12))
    expect(seqs(await client.get(`/messages?since=${since}&after=10`))).toEqual([11, 12])
    const otherZone = encodeURIComponent(new Date(messages[6].timestamp).toUTCString())
    expect((await client.get(`/messages?since=${otherZone}`)).status).toBe(200)
    expect(seqs(await client.get('/messages?since=1999-01-01'))).toEqual(range(1, 12))
  })

  it.each([
    'after=x',
    'after=-1',
    'after=1.5',
    'after=',
    'after=1e3',
    'after=99999999999999999',
    'since=never',
    'since=',
    'after=x&since=2026-01-01',
  ])('relay:CUR3 %s is an invalid cursor', async (query) => {
    expect(await client.get(`/messages?${query}`)).toMatchObject({ status: 400, json: { code: 'invalid_cursor' } })
  })

  it('relay:CUR4 pages ascend, limits are clamped, nextAfter leads on', async () => {
    const limited = async (limit: string) => seqs(await client.get(`/messages?limit=${limit}`)).length
    expect([await limited('5'), await limited('0'), await limited('-3'), await limited('9999'), await limited('1e9')]).toEqual([
      5, 1, 1, 12, 12,
    ])
    const seen: number[] = []
    let after = 0
    for (let more = true; more; ) {
      const { json } = await client.get(`/messages?after=${after}&limit=5`)
      seen.push(...json.messages.map(({ seq }: { seq: number }) => seq))
      expect(json.head).toBe(12)
      after = json.nextAfter
      more = json.hasMore
    }
    expect(seen).toEqual(range(1, 12))
    expect((await client.get('/messages?after=12')).json).toMatchObject({ nextAfter: 12, hasMore: false })
    expect((await client.get('/messages?after=99')).json).toMatchObject({ messages: [], nextAfter: 12, hasMore: false })
    expect((await client.get('/messages?after=2&limit=10')).json).toMatchObject({ nextAfter: 12, hasMore: false })
  })

  it('relay:CUR4 a page of very large messages ends early and says so', async () => {
    const own = await relay.client()
    const webhook = await createWebhook(own)
    for (let said = 0; said < 12; said++) expect((await webhook.post('y'.repeat(1024 * 1024))).status).toBe(200)
    const first = await own.get('/messages?limit=500')
    expect(first.json.hasMore).toBe(true)
    const rest = await own.get(`/messages?limit=500&after=${first.json.nextAfter}`)
    expect([...seqs(first), ...seqs(rest)]).toEqual(range(1, 12))
    expect(rest.json.hasMore).toBe(false)
  })

  it.each(['x', '', '5x', '1.5', 'NaN', 'Infinity'])('relay:CUR4 a limit of "%s" is refused, not guessed at', async (limit) => {
    expect(await client.get(`/messages?limit=${limit}`)).toMatchObject({ status: 400, json: { code: 'invalid_field' } })
  })

  it('relay:CUR6 reading neither deletes nor acknowledges', async () => {
    const before = (await client.get('/messages')).json.messages
    expect((await client.get('/messages')).json.messages).toEqual(before)
    expect((await relay.relay.store.inbox.state(client.userId)).acked).toBe(0)
  })

  it('relay:CUR8, CUR9 the epoch tells whether a cursor is this inbox’s', async () => {
    const { epoch, recovered, dropped } = (await client.get('/messages')).json
    expect({ recovered, dropped }).toEqual({ recovered: true, dropped: 0 })
    const other = await relay.client()
    expect((await other.get('/messages')).json.epoch).not.toBe(epoch)
    expect((await client.get(`/messages?after=5&epoch=${epoch}`)).json).toMatchObject({
      recovered: true,
      dropped: 0,
      nextAfter: 12,
    })
    const foreign = await client.get('/messages?after=5&epoch=foreign')
    expect(foreign.json).toMatchObject({ recovered: false, epoch })
    expect(seqs(foreign)).toEqual(range(1, 12))
    const beyond = await client.get(`/messages?after=13&epoch=${epoch}`)
    expect(beyond.json.recovered).toBe(false)
    expect(seqs(beyond)).toEqual(range(1, 12))
    await relay.restart()
    expect((await client.get('/messages')).json.epoch).toBe(epoch)
  })

  it('relay:CUR8, STO6 deleted messages are gone for good and counted as dropped', async () => {
    const own = await relay.client()
    const webhook = await createWebhook(own)
    for (const text of ['a', 'b', 'c']) await webhook.say(text)
    const { epoch, messages } = (await own.get('/messages')).json
    const stranger = await relay.client()
    expect(await stranger.del(`/messages/${messages[1].id}`)).toMatchObject({ status: 404, json: { code: 'not_found' } })
    expect((await own.request('DELETE', `/messages/${messages[1].id}`, { sign: false })).json.code).toBe('signature_required')
    expect((await own.del(`/messages/${messages[1].id}`)).json).toEqual({ ok: true })
    expect(await own.del(`/messages/${messages[1].id}`)).toMatchObject({ status: 404 })
    const after = await own.get(`/messages?after=0&epoch=${epoch}`)
    expect(seqs(after)).toEqual([1, 3])
    expect(after.json).toMatchObject({ recovered: false, dropped: 1 })
    expect((await own.get(`/messages?after=2&epoch=${epoch}`)).json).toMatchObject({ recovered: true, dropped: 0 })
  })

  it('relay:CUR8 who follows a time with its epoch is told of what was deleted after that time, and of nothing before it', async () => {
    const own = await relay.client()
    const webhook = await createWebhook(own)
    for (const text of ['a', 'b', 'c', 'd']) await webhook.say(text)
    const { epoch, messages } = (await own.get('/messages')).json
    const since = async (index: number, of = epoch) => {
      const time = encodeURIComponent(messages[index].timestamp)
      const { json } = await own.get(`/messages?since=${time}${of && `&epoch=${of}`}`)
      return { recovered: json.recovered, dropped: json.dropped, seqs: seqs({ json }) }
    }
    expect((await own.del(`/messages/${messages[1].id}`)).json).toEqual({ ok: true })
    expect(await since(0)).toEqual({ recovered: false, dropped: 1, seqs: [3, 4] })
    expect(await since(1)).toEqual({ recovered: true, dropped: 0, seqs: [3, 4] })
    expect((await own.del(`/messages/${messages[3].id}`)).json).toEqual({ ok: true })
    expect(await since(2)).toEqual({ recovered: false, dropped: 1, seqs: [] })
    expect(await since(3)).toEqual({ recovered: true, dropped: 0, seqs: [] })
    expect(await since(2, '')).toEqual({ recovered: true, dropped: 0, seqs: [] })
    expect(await since(3, 'foreign')).toMatchObject({ recovered: false })
  })

  it('relay:AUTH1 another session’s messages are never answered', async () => {
    const stranger = await relay.client()
    expect((await stranger.get('/messages')).json.messages).toEqual([])
  })
})

describe('following a cursor', () => {
  it('relay:CUR5 following since or nextAfter skips nothing while messages pour in', async () => {
    const relay = await startRelay({ env: NO_LIMITS })
    try {
      const client = await relay.client({ keyed: false })
      const webhook = await createWebhook(client)
      const total = 300
      let stored = 0
      const pouring = Promise.all(
        Array.from({ length: 20 }, async (_, lane) => {
          for (let said = 0; said < total / 20; said++) {
            await webhook.say(`${lane} ${said}`)
            stored += 1
          }
        }),
      )
      const follow = async (query: (json: { since: string; nextAfter: number }) => string) => {
        const seen: number[] = []
        let next = 'after=0'
        while (seen.length < total) {
          const everythingStored = stored === total
          const { json } = await client.get(`/messages?${next}&limit=7`)
          seen.push(...json.messages.map(({ seq }: { seq: number }) => seq))
          if (everythingStored && !json.hasMore) break
          next = query(json)
        }
        return seen
      }
      const bySince = follow(({ since }) => `since=${encodeURIComponent(since)}`)
      const byAfter = follow(({ nextAfter }) => `after=${nextAfter}`)
      await pouring
      expect(await bySince).toEqual(range(1, total))
      expect(await byAfter).toEqual(range(1, total))
    } finally {
      await relay.close()
    }
  })

  it('relay:CUR5 since is the server’s clock, and what comes in the same millisecond is later', async () => {
    const clock = createFakeClock()
    const relay = await startRelay({ env: NO_LIMITS, clock })
    try {
      const client = await relay.client()
      const webhook = await createWebhook(client)
      const { since } = (await client.get('/messages')).json
      expect(since).toBe(new Date(clock.now()).toISOString())
      await webhook.say('same millisecond')
      const next = (await client.get(`/messages?since=${encodeURIComponent(since)}`)).json
      expect(next.messages).toHaveLength(1)
      expect(next.since).toBe(next.messages[0].timestamp)
      await webhook.say('and again')
      expect((await client.get(`/messages?since=${encodeURIComponent(next.since)}`)).json.messages).toHaveLength(1)
    } finally {
      await relay.close()
    }
  })
})
