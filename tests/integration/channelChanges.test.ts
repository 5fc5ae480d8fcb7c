import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestClient } from '../support/client.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { allMessages, createWebhook, NO_LIMITS } from '../support/webhook.ts'

describe('changing channels', () => {
  let relay: TestRelay
  let stranger: TestClient
  beforeAll(async () => {
    relay = await startRelay({ env: NO_LIMITS })
    stranger = await relay.client()
  })
  afterAll(() => relay.close())

  const list = async (owner: TestClient) => (await owner.get('/channels')).json.channels

  it('relay:CH8 a patch changes what it may, names what it ignored, and refuses wrong types whole', async () => {
    const own = await relay.client()
    const { id, path } = await createWebhook(own)
    const wanted = {
      name: 'N',
      prompt: 'P',
      agentId: 'A',
      direction: 'bidirectional',
      runInBackground: true,
      notifyOnComplete: true,
    }
    const patched = await own.patch(`/channels/${id}`, {
      ...wanted,
      jsonFormat: 'pretty',
      allowedUsers: [42, '7'],
      metadata: { mentionOnly: true, allowedSenders: ['a@b.c', 5], jsonFormat: 'compact', webhookSecret: 'hijacked', other: 1 },
      type: 'telegram',
      id: 'other',
      userId: stranger.userId,
      secrets: { webhook: 'x' },
      status: { state: 'ok' },
    })
    expect(patched.status).toBe(200)
    expect(patched.json).toMatchObject({ ok: true, channel: { id, type: 'webhook', ...wanted } })
    expect(patched.json.channel.metadata).toEqual({
      jsonFormat: 'pretty',
      allowedUsers: ['42', '7'],
      mentionOnly: true,
      allowedSenders: ['a@b.c', '5'],
    })
    expect(patched.json.ignored.sort()).toEqual([
      'id',
      'metadata.other',
      'metadata.webhookSecret',
      'secrets',
      'status',
      'type',
      'userId',
    ])
    expect(patched.json.channel.webhookUrl).toBe(relay.url + path)

    const before = await list(own)
    for (const wrong of [
      { name: 5 },
      { name: null },
      { enabled: 'yes' },
      { direction: 'outbound' },
      { jsonFormat: 'xml' },
      { allowedUsers: 'me' },
      { allowedUsers: [{}] },
      { allowedSenders: [true] },
      { metadata: [] },
      { metadata: { mentionOnly: 'no' } },
    ]) {
      expect(await own.patch(`/channels/${id}`, { prompt: 'changed', ...wrong })).toMatchObject({
        status: 400,
        json: { code: 'invalid_field' },
      })
      expect(await list(own)).toEqual(before)
    }
    expect(await own.patch(`/channels/${id}`, undefined, { raw: '[1]' })).toMatchObject({
      status: 400,
      json: { code: 'invalid_body' },
    })
    expect(await own.patch(`/channels/${id}`, undefined, { raw: '{' })).toMatchObject({
      status: 400,
      json: { code: 'invalid_json' },
    })
  })

  it('relay:CH8 patches of one channel that meet are all kept', async () => {
    const own = await relay.client()
    const { id } = await createWebhook(own)
    const patches = [
      { name: 'N' },
      { prompt: 'P' },
      { agentId: 'A' },
      { runInBackground: true },
      { notifyOnComplete: true },
      { allowedUsers: ['1'] },
    ]
    await Promise.all(patches.map((patch) => own.patch(`/channels/${id}`, patch)))
    expect((await list(own))[0]).toMatchObject({
      name: 'N',
      prompt: 'P',
      agentId: 'A',
      runInBackground: true,
      notifyOnComplete: true,
      metadata: { allowedUsers: ['1'] },
    })
  })

  it('relay:CH9 a disabled webhook refuses posts, over a restart, until it is enabled', async () => {
    const own = await startRelay({ env: NO_LIMITS })
    try {
      const owner = await own.client()
      const webhook = await createWebhook(owner)
      const off = await owner.patch(`/channels/${webhook.id}`, { enabled: false })
      expect(off.json.channel).toMatchObject({ enabled: false, status: { state: 'disabled' } })
      expect(await webhook.post('x')).toMatchObject({ status: 403, json: { code: 'channel_disabled' } })
      await own.restart()
      expect((await webhook.post('x')).status).toBe(403)
      expect((await owner.patch(`/channels/${webhook.id}`, { enabled: true })).json.channel.status.state).toBe('ok')
      expect((await webhook.post('x')).status).toBe(200)
    } finally {
      await own.close()
    }
  })

  it('relay:CH10 a deleted channel is gone, its messages stay', async () => {
    const own = await relay.client()
    const webhook = await createWebhook(own)
    await webhook.say('kept')
    expect((await own.del(`/channels/${webhook.id}`)).json).toEqual({ ok: true })
    expect(await webhook.post('x')).toMatchObject({ status: 404, json: { code: 'unknown_channel' } })
    expect((await own.del(`/channels/${webhook.id}`)).status).toBe(404)
    expect(await list(own)).toEqual([])
    expect(await allMessages(own)).toHaveLength(1)
  })

  it('relay:CH10 whoever takes the id of a deleted channel gets nothing of it', async () => {
    const own = await relay.client()
    const webhook = await createWebhook(own, { id: 'reused', metadata: { webhookSecret: 'old-secret' } })
    await webhook.say('private')
    await own.post('/reply', { channelId: 'reused', content: 'private answer' })
    await own.del('/channels/reused')
    const taken = await createWebhook(stranger, { id: 'reused' })
    expect((await webhook.post('x')).status).toBe(401)
    await taken.say('theirs')
    expect((await allMessages(own)).map(({ content }) => content)).toEqual(['private'])
    expect((await allMessages(stranger)).map(({ content }) => content)).toEqual(['theirs'])
    const responses = await stranger.get(`/responses/reused?token=${encodeURIComponent(taken.secret)}`)
    expect(responses.json.responses).toEqual([])
  })

  it('relay:STO6 deleting a session closes its webhooks', async () => {
    const own = await relay.client()
    const webhook = await createWebhook(own)
    await own.del('/session')
    expect((await webhook.post('x')).status).toBe(404)
  })

  it('relay:WS16 edits and deletes are told to v2 sockets of the session, with URLs as the socket knows the relay', async () => {
    const own = await relay.client()
    const { id, path } = await createWebhook(own)
    const socket = await own.openResumed()
    const other = await stranger.openResumed()
    await own.patch(`/channels/${id}`, { name: 'new' })
    expect(await socket.next()).toMatchObject({
      type: 'channel_update',
      channelId: id,
      channel: { name: 'new', webhookUrl: relay.url + path },
    })
    const rotated = (await own.post(`/channels/${id}/rotate-secret`, { which: 'url' })).json
    expect((await socket.next()).channel.webhookUrl).toBe(rotated.webhookUrl)
    await own.del(`/channels/${id}`)
    expect(await socket.next()).toEqual({ type: 'channel_update', channelId: id, channel: null })
    expect(other.unread()).toEqual([])
    await Promise.all([socket.close(), other.close()])
  })

  it('relay:CH6 status tells when the last message came, also after a restart', async () => {
    const own = await startRelay({ env: NO_LIMITS })
    try {
      const owner = await own.client()
      const webhook = await createWebhook(owner)
      await webhook.say('x')
      const { status } = (await list(owner))[0]
      expect(status).toEqual({ state: 'ok', lastInboundAt: expect.stringMatching(/Z$/) })
      await own.restart()
      expect((await list(owner))[0].status).toEqual(status)
    } finally {
      await own.close()
    }
  })
})
