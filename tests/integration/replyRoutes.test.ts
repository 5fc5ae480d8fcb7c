import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { replyStatusSchema, storedResponseSchema } from '#protocol/message.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { send } from '../support/http.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'

type Client = Awaited<ReturnType<TestRelay['client']>>

let relay: TestRelay
let client: Client
let clock: ReturnType<typeof createFakeClock>
const LIMITS = JSON.stringify({ reply: { limit: 0, windowSec: 60 } })

async function start(env: Record<string, string> = {}) {
  clock = createFakeClock()
  relay = await startRelay({ clock, env: { CHAOS_RATE_LIMITS: LIMITS, ...env } })
  client = await relay.client()
}
beforeEach(() => start())
afterEach(() => relay.close())

const hook = async (body: Record<string, unknown> = {}) => (await client.post('/channels', body)).json.channel
const reply = async (body: Record<string, unknown>) => (await client.post('/reply', { content: 'x', ...body })).json
const get = (target: string, headers: Record<string, string> = {}) => send(relay.url, target, { headers })
const attachment = {
  filename: 'a.png',
  mimeType: 'image/png',
  dataBase64: Buffer.from('89504e470d0a1a0a', 'hex').toString('base64'),
}

describe('POST /reply and GET /replies/:responseId', () => {
  it('relay:REP7 relay:REP10 a webhook reply is sent when stored; its status is its session’s alone', async () => {
    const { id } = await hook()
    const answer = await client.post('/reply', { channelId: id, content: 'hello', clientId: 'c' })
    expect(answer).toMatchObject({ status: 200, json: { ok: true, channelId: id, channelType: 'webhook', state: 'sent' } })
    const status = await client.get(`/replies/${answer.json.responseId}`)
    expect(status.status).toBe(200)
    expect(replyStatusSchema.parse(status.json)).toEqual({
      responseId: answer.json.responseId,
      clientId: 'c',
      channelId: id,
      state: 'sent',
      attempts: 0,
      updatedAt: new Date(clock.now()).toISOString(),
    })
    const other = await relay.client()
    for (const [who, target] of [
      [other, answer.json.responseId],
      [client, 'unknown'],
    ] as const) {
      expect(await who.get(`/replies/${target}`)).toMatchObject({ status: 404, json: { code: 'not_found' } })
    }
  })

  it('relay:REP10 the change reaches the session’s sockets after the acknowledgement', async () => {
    const { id } = await hook()
    const [one, two] = [await client.openResumed(), await client.openResumed()]
    one.send({ type: 'reply', channelId: id, content: 'x', clientId: 'c' })
    const ack = await one.next()
    expect(ack).toMatchObject({ type: 'reply_ack', ok: true, clientId: 'c' })
    for (const socket of [one, two]) {
      expect(await socket.next()).toMatchObject({ type: 'reply_status', responseId: ack.responseId, clientId: 'c', state: 'sent' })
    }
    await one.close()
    await two.close()
  })

  it('relay:REP1 relay:REP2 relay:REP3 refusals come with their codes and store nothing', async () => {
    const { id } = await hook()
    const answer = async (body: unknown) => {
      const { status, json } = await client.post('/reply', body)
      return `${status} ${json.code}`
    }
    expect(await answer({ channelId: id })).toBe('400 missing_field')
    expect(await answer({ channelId: id, content: 7 })).toBe('400 invalid_field')
    expect(await answer({ channelId: id, content: 'x'.repeat(65_537) })).toBe('413 content_too_large')
    expect(await answer({ channelId: 'nope', content: 'x' })).toBe('404 channel_not_found')
    const foreign = await (await relay.client()).post('/channels', {})
    expect(await answer({ channelId: foreign.json.channel.id, content: 'x' })).toBe('404 channel_not_found')
    const empty = await client.post('/reply', undefined, { raw: '{"channelId":' })
    expect(empty.json.code).toBe('invalid_json')
    expect((await get(`/responses/${id}`)).json.responses).toEqual([])
  })

  it('relay:REP4 a channel that is switched off takes no reply, except a repeat of one it took', async () => {
    const { id } = await hook()
    const first = await reply({ channelId: id, clientId: 'c' })
    await client.patch(`/channels/${id}`, { enabled: false })
    expect(await client.post('/reply', { channelId: id, content: 'x' })).toMatchObject({
      status: 409,
      json: { code: 'channel_disabled' },
    })
    expect(await reply({ channelId: id, clientId: 'c' })).toEqual(first)
  })

  it('relay:DUR3 relay:REP11 the same key or clientId over HTTP and socket is one reply', async () => {
    const { id } = await hook()
    const body = { channelId: id, content: 'x' }
    const headers = { 'Idempotency-Key': 'key-1' }
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.post('/reply', body, { headers })))
    expect(new Set(answers.map(({ json }) => json.responseId)).size).toBe(1)
    const conflict = await client.post('/reply', { ...body, content: 'y' }, { headers })
    expect(conflict).toMatchObject({ status: 409, json: { code: 'idempotency_conflict' } })
    for (const key of ['x'.repeat(256), 'a b', 'ü']) {
      const { status } = await client.post('/reply', body, { headers: { 'Idempotency-Key': Buffer.from(key).toString('latin1') } })
      expect([key, status]).toEqual([key, 400])
    }
    const byClient = await reply({ channelId: id, clientId: 'c' })
    const socket = await client.openResumed()
    socket.send({ type: 'reply', channelId: id, content: 'other', clientId: 'c' })
    expect(await socket.next()).toMatchObject({ type: 'reply_ack', responseId: byClient.responseId })
    await socket.close()
    expect((await get(`/responses/${id}`)).json.responses).toHaveLength(2)
  })

  it('relay:REP12 takes a body of three full files and refuses a larger one', async () => {
    const { id } = await hook()
    const dataBase64 = Buffer.alloc(5 * 1024 * 1024, 7).toString('base64')
    const large = { ...attachment, dataBase64 }
    const full = await client.post('/reply', { channelId: id, content: 'x', attachments: [large, large, large] })
    expect(full.status).toBe(200)
    const over = await client.post('/reply', { channelId: id, content: 'x', attachments: [large, large, large, large] })
    expect(over).toMatchObject({ status: 413, json: { code: 'body_too_large' } })
  })

  it('relay:REP6 replies and their files are there after a restart', async () => {
    const { id } = await hook()
    const { responseId } = await reply({ channelId: id, attachments: [attachment] })
    await relay.restart()
    expect((await client.get(`/replies/${responseId}`)).json.state).toBe('sent')
    const [stored] = (await get(`/responses/${id}`)).json.responses
    expect(stored).toMatchObject({ id: responseId, attachments: [{ filename: 'a.png', kind: 'image' }] })
  })
})

describe('POST /typing', () => {
  it('relay:TYP1 does nothing where the platform has no typing, and knows its channels', async () => {
    const { id } = await hook()
    expect(await client.post('/typing', { channelId: id, channelType: 'telegram' })).toMatchObject({
      status: 200,
      json: { ok: true },
    })
    expect(await client.post('/typing', {})).toMatchObject({ status: 400, json: { code: 'missing_field' } })
    expect(await client.post('/typing', { channelId: 'unknown' })).toMatchObject({
      status: 404,
      json: { code: 'channel_not_found' },
    })
    const other = await relay.client()
    expect(await other.post('/typing', { channelId: id })).toMatchObject({ status: 404, json: { code: 'channel_not_found' } })
  })
})

describe('GET /responses/:id', () => {
  it('relay:CH12 relay:REP13 lists a webhook channel’s responses for everybody, without the user id', async () => {
    const { id } = await hook()
    const { responseId } = await reply({ channelId: id, content: 'a<b & c>d', replyTo: 'm-1', metadata: { n: 1 } })
    const { json, status } = await get(`/responses/${id}`)
    expect(status).toBe(200)
    expect(json.hasMore).toBe(false)
    expect(json.responses).toEqual([
      {
        id: responseId,
        channelType: 'webhook',
        channelId: id,
        from: 'agent',
        content: 'a<b & c>d',
        timestamp: new Date(clock.now()).toISOString(),
        metadata: { n: 1, replyTo: 'm-1' },
      },
    ])
    storedResponseSchema.parse(json.responses[0])
    expect(JSON.stringify(json)).not.toContain(client.userId)
    expect(await get('/responses/unknown')).toMatchObject({ status: 200, json: { responses: [], hasMore: false } })
  })

  it('relay:CH12 relay:CUR3 relay:CUR4 relay:CUR5 following since gets every response once, whatever the pages and the clock', async () => {
    const { id } = await hook()
    const wanted: string[] = []
    const seen: string[] = []
    let since = ''
    const poll = async (limit: number) => {
      const { json } = await get(`/responses/${id}?limit=${limit}${since && `&since=${encodeURIComponent(since)}`}`)
      seen.push(...json.responses.map(({ content }: { content: string }) => content))
      since = json.since
      return json.hasMore as boolean
    }
    for (let round = 0; round < 10; round++) {
      for (let i = 0; i < 7; i++) {
        wanted.push(`${round}.${i}`)
        await reply({ channelId: id, content: `${round}.${i}` })
        if (i === 3) await poll(2)
      }
      while (await poll(3));
    }
    expect(seen).toEqual(wanted)
    for (const bad of ['since=never', 'after=x', 'after=-1']) {
      expect(await get(`/responses/${id}?${bad}`)).toMatchObject({ status: 400, json: { code: 'invalid_cursor' } })
    }
    expect((await get(`/responses/${id}?after=68`)).json.responses).toHaveLength(2)
  })

  it('relay:CUR5 a response stored in the millisecond of an empty poll is in the next one', async () => {
    const { id } = await hook()
    const { since } = (await get(`/responses/${id}`)).json
    await reply({ channelId: id, content: 'just missed' })
    const next = (await get(`/responses/${id}?since=${encodeURIComponent(since)}`)).json
    expect(next.responses).toMatchObject([{ content: 'just missed' }])
    expect((await get(`/responses/${id}?since=${encodeURIComponent(next.since)}`)).json.responses).toEqual([])
  })

  it('relay:CH12 relay:CUR4 a page of large responses ends early and says that there is more', async () => {
    const { id } = await hook()
    const metadata = { large: 'x'.repeat(1024 * 1024) }
    for (let i = 0; i < 20; i++) await reply({ channelId: id, content: `${i}`, metadata })
    const seen: string[] = []
    let since = ''
    let pages = 0
    for (let more = true; more; pages++) {
      const { json } = await get(`/responses/${id}?limit=20${since && `&since=${encodeURIComponent(since)}`}`)
      seen.push(...json.responses.map(({ content }: { content: string }) => content))
      since = json.since
      more = json.hasMore
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => `${i}`))
    expect(pages).toBeGreaterThan(1)
  })

  it('relay:CH12 a wrong token is refused everywhere, the right one opens, also the one before for a day', async () => {
    const { id, metadata } = await hook()
    const token = metadata.webhookSecret as string
    expect((await get(`/responses/${id}?token=${token}`)).status).toBe(200)
    for (const target of [`${id}?token=wrong`, `${id}?token=`, 'unknown?token=wrong']) {
      expect(await get(`/responses/${target}`)).toMatchObject({ status: 401, json: { code: 'invalid_token' } })
    }
    await client.post(`/channels/${id}/rotate-secret`, { which: 'url' })
    expect((await get(`/responses/${id}?token=${token}`)).status).toBe(200)
    await clock.advance(24 * 60 * 60_000)
    expect((await get(`/responses/${id}?token=${token}`)).status).toBe(401)
  })

  it('relay:CH12 with CHAOS_RESPONSES_PUBLIC=0 only the secret or the owner opens them, and unknown ids look the same', async () => {
    await relay.close()
    await start({ CHAOS_RESPONSES_PUBLIC: '0' })
    const { id, metadata } = await hook()
    await reply({ channelId: id })
    for (const target of [`/responses/${id}`, '/responses/unknown']) {
      expect(await get(target)).toMatchObject({ status: 401, json: { code: 'missing_token' } })
      expect((await (await relay.client()).get(target)).status).toBe(401)
      expect((await get(target, { Authorization: `Bearer ${client.apiKey}` })).json.code).toBe('signature_required')
    }
    expect((await get(`/responses/${id}?token=${metadata.webhookSecret}`)).json.responses).toHaveLength(1)
    expect((await client.get(`/responses/${id}`)).json.responses).toHaveLength(1)
  })

  it('relay:CH12 responses of chat channels are private although webhooks are open', async () => {
    const { id } = (await client.post('/channels', { type: 'telegram' })).json.channel
    expect(await get(`/responses/${id}`)).toMatchObject({ status: 401, json: { code: 'missing_token' } })
    expect((await (await relay.client()).get(`/responses/${id}`)).status).toBe(401)
    expect(await client.get(`/responses/${id}`)).toMatchObject({ status: 200, json: { responses: [] } })
  })

  it('relay:CH10 relay:CH12 after a delete nobody sees the old responses, not even who takes the id', async () => {
    const { id } = await hook({ id: 'mine' })
    await reply({ channelId: id, content: 'private', attachments: [attachment] })
    const aid = (await get(`/responses/${id}`)).json.responses[0].attachments[0].id
    expect((await get(`/responses/${id}/attachments/${aid}`)).status).toBe(200)
    await client.del(`/channels/${id}`)
    expect((await get(`/responses/${id}`)).json.responses).toEqual([])
    await (await relay.client()).post('/channels', { id: 'mine' })
    expect((await get(`/responses/${id}`)).json.responses).toEqual([])
    expect((await get(`/responses/${id}/attachments/${aid}`)).status).toBe(404)
  })
})

describe('GET /responses/:id/attachments/:aid', () => {
  it('relay:ATT4 gives the bytes as a download', async () => {
    const { id } = await hook()
    await reply({ channelId: id, attachments: [{ ...attachment, filename: 'ä "b".png' }] })
    const [{ attachments }] = (await get(`/responses/${id}`)).json.responses
    const answer = await get(`/responses/${id}/attachments/${attachments[0].id}`)
    expect(answer.status).toBe(200)
    expect(answer.bytes.toString('hex')).toBe('89504e470d0a1a0a')
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': '8',
      'content-disposition': expect.stringMatching(/^attachment; /),
      'x-content-type-options': 'nosniff',
      'content-security-policy': 'sandbox',
      'cache-control': 'no-store',
    })
  })

  it('relay:ATT5 an attachment of another channel, of an inbound message or of nobody is unknown here; an expired one is gone', async () => {
    const [{ id }, other] = [await hook(), await hook()]
    await reply({ channelId: id, attachments: [attachment] })
    const [{ attachments }] = (await get(`/responses/${id}`)).json.responses
    const aid = attachments[0].id as string
    const message = await relay.relay.store.inbox.append({
      id: 'inbound',
      userId: client.userId,
      channelId: id,
      channelType: 'webhook',
      from: 'x',
      content: 'x',
      metadata: {},
      files: [{ id: 'file', filename: 'secret', mimeType: 'a/b', kind: 'file', bytes: new Uint8Array([1]) }],
      now: clock.now(),
    })
    expect(message.kind).toBe('stored')
    for (const target of [
      `${other.id}/attachments/${aid}`,
      `${id}/attachments/inbound.file`,
      `${id}/attachments/file`,
      `${id}/attachments/x`,
    ]) {
      expect(await get(`/responses/${target}`)).toMatchObject({ status: 404, json: { code: 'attachment_not_found' } })
    }
    expect((await get(`/responses/unknown/attachments/${aid}`)).status).toBe(404)
    const limits = { now: clock.now() + 31 * 24 * 60 * 60_000, keptMs: 30 * 24 * 60 * 60_000, keptMessages: 10 }
    while ((await relay.relay.store.maintenance.expire(limits)).more);
    expect(await get(`/responses/${id}/attachments/${aid}`)).toMatchObject({ status: 410, json: { code: 'attachment_gone' } })
  })
})
