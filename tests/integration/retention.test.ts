import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../support/fakeClock.ts'
import { send } from '../support/http.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'

const DAY = 24 * 60 * 60_000

describe('what a relay keeps for how long', () => {
  let relay: TestRelay
  const clock = createFakeClock()
  beforeEach(async () => {
    relay = await startRelay({ clock })
  })
  afterEach(() => relay.close())

  it('relay:STO4, CUR7 after 30 days messages, responses, reply states and files are gone; session and channel are not', async () => {
    const client = await relay.client()
    const { channel, webhookUrl } = (await client.post('/channels', { name: 'ci' })).json
    const hook = webhookUrl.slice(relay.url.length)
    const file = { filename: 'a.png', mimeType: 'image/png', dataBase64: Buffer.from('89504e470d0a1a0a', 'hex').toString('base64') }
    const attachments = [file]
    const posted = await send(relay.url, hook, { method: 'POST', body: 'old' })
    expect(posted.status).toBe(200)
    const { responseId } = (await client.post('/reply', { channelId: channel.id, content: 'an answer', attachments })).json
    const kept = async () => ({
      messages: (await client.get('/messages?after=0')).json.messages.length,
      reply: (await client.get(`/replies/${responseId}`)).status,
      responses: (await send(relay.url, hook.replace('/webhook/', '/responses/'))).json.responses.length,
    })
    expect(await kept()).toEqual({ messages: 1, reply: 200, responses: 1 })
    await clock.advance(29 * DAY)
    expect(await kept()).toEqual({ messages: 1, reply: 200, responses: 1 })
    await clock.advance(2 * DAY)
    await settled(async () => (await kept()).reply === 404)
    expect(await kept()).toEqual({ messages: 0, reply: 404, responses: 0 })

    await clock.advance(2 * 365 * DAY)
    expect((await client.get('/channels')).json.channels).toMatchObject([{ id: channel.id, name: 'ci' }])
    expect((await send(relay.url, hook, { method: 'POST', body: 'after years' })).status).toBe(200)
    expect((await client.get('/messages?after=0')).json.messages).toMatchObject([{ content: 'after years', seq: 2 }])
  })

  it('relay:CUR8, CUR7 who follows a time is told of what expired after it', async () => {
    const client = await relay.client()
    const { webhookUrl } = (await client.post('/channels', { name: 'ci' })).json
    const post = (body: string) => send(relay.url, webhookUrl.slice(relay.url.length), { method: 'POST', body })
    await post('read in time')
    const { since, epoch } = (await client.get('/messages')).json
    const follow = async (from: string) => (await client.get(`/messages?since=${encodeURIComponent(from)}&epoch=${epoch}`)).json
    await clock.advance(60_000)
    await post('never read')
    const { since: later } = (await client.get('/messages')).json
    await clock.advance(31 * DAY)
    await post('new')
    await settled(async () => (await client.get('/messages?after=0')).json.messages.length === 1)
    expect(await follow(since)).toMatchObject({ recovered: false, dropped: expect.any(Number), messages: [{ content: 'new' }] })
    expect((await follow(since)).dropped).toBeGreaterThan(0)
    expect(await follow(later)).toMatchObject({ recovered: true, dropped: 0, messages: [{ content: 'new' }] })
  })

  /** Expiry works in slices between other work. */
  async function settled(done: () => Promise<boolean>): Promise<void> {
    for (let look = 0; look < 50 && !(await done()); look++) await clock.advance(60_000)
  }
})
