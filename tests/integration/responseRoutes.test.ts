import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { storedResponseSchema } from '#protocol/message.ts'
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
