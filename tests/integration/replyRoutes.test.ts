import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { replyStatusSchema } from '#protocol/message.ts'
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
