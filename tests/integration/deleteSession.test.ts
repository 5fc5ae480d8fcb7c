import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { send } from '../support/http.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'

describe('DELETE /session', () => {
  let relay: TestRelay
  beforeAll(async () => {
    relay = await startRelay()
  })
  afterAll(() => relay.close())

  async function userWithMessage() {
    const client = await relay.client()
    const { channel, webhookUrl } = (await client.post('/channels', { type: 'webhook', name: 'mine' })).json
    const { pathname, search } = new URL(webhookUrl)
    const post = () => send(relay.url, pathname + search, { method: 'POST', body: 'a private text' })
    expect((await post()).status).toBe(200)
    expect((await client.post('/reply', { channelId: channel.id, content: 'an answer' })).status).toBe(200)
    return { client, channelId: channel.id as string, post }
  }

  it('relay:STO6 removes the session with its apiKeys, channels, messages and replies, for good', async () => {
    const mine = await userWithMessage()
    const other = await userWithMessage()
    expect((await mine.client.del('/session')).json).toEqual({ ok: true })
    for (const path of ['/messages', '/channels', '/replies/x']) {
      const answer = await mine.client.get(path)
      expect([answer.status, answer.json.code], path).toEqual([401, 'invalid_token'])
    }
    const gone = await mine.post()
    expect([gone.status, gone.json.code]).toEqual([404, 'unknown_channel'])
    const { store } = relay.relay
    expect(await store.sessions.byUserId(mine.client.userId)).toBeUndefined()
    expect(await store.inbox.recent(100, mine.client.userId)).toEqual([])
    expect((await store.channels.load()).map(({ id }) => id)).toEqual([other.channelId])

    const again = await relay.client({ identity: mine.client.identity })
    expect(again.userId).not.toBe(mine.client.userId)
    expect((await again.get('/messages')).json.messages).toEqual([])
    expect((await again.get('/channels')).json.channels).toEqual([])

    expect((await other.post()).status).toBe(200)
    expect((await other.client.get('/messages')).json.messages).toHaveLength(2)
    await relay.restart()
    expect((await mine.client.get('/messages')).json.code).toBe('invalid_token')
    expect((await mine.post()).status).toBe(404)
  })

  it('relay:STO6 needs a signature of a keyed session', async () => {
    const { client, post } = await userWithMessage()
    const refused = await client.del('/session', { sign: false })
    expect([refused.status, refused.json.code]).toEqual([401, 'signature_required'])
    expect((await post()).status).toBe(200)
    expect((await client.get('/messages')).json.messages).toHaveLength(2)
  })

  it('relay:STO6 works for a bearer-only session', async () => {
    const client = await relay.client({ keyed: false })
    expect((await client.del('/session')).json).toEqual({ ok: true })
    expect((await client.get('/channels')).json.code).toBe('invalid_token')
  })

  it('relay:STO6 channels created while the session is being deleted do not outlive it', async () => {
    const client = await relay.client()
    const creating = Array.from({ length: 20 }, (_, index) => client.post('/channels', { id: `late-${index}`, type: 'webhook' }))
    const [deleted, ...created] = await Promise.all([client.del('/session'), ...creating])
    expect(deleted?.status).toBe(200)
    for (const { status } of created) expect([201, 401]).toContain(status)
    expect((await relay.relay.store.channels.load()).filter(({ userId }) => userId === client.userId)).toEqual([])
    for (let index = 0; index < 20; index++) {
      expect((await send(relay.url, `/webhook/late-${index}?token=x`, { method: 'POST' })).status).toBe(404)
    }
  })
})
