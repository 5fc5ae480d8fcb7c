import { afterEach, describe, expect, it } from 'vitest'
import { ask, DELETE, DELETE_HASH, decision, NO_APPROVAL_LIMITS, required, withWindow } from '../support/approvals.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { type RelayOptions, startRelay, type TestRelay } from '../support/relay.ts'
import { createWebhook } from '../support/webhook.ts'

const DAY = 24 * 60 * 60_000

describe('asking for approval', () => {
  const open: TestRelay[] = []
  const start = async (options: RelayOptions = {}) => {
    const relay = await startRelay({ env: NO_APPROVAL_LIMITS, ...options })
    open.push(relay)
    return relay
  }
  afterEach(async () => {
    for (const relay of open.splice(0)) await relay.close()
  })

  it('relay:APV1 answers 202 with id, hash and end, and every v2 window of the session is asked, nobody else', async () => {
    const clock = createFakeClock()
    const relay = await start({ clock })
    const { client, window } = await withWindow(await relay.client())
    const second = await client.openResumed()
    const legacy = await client.openSocket('legacy')
    const stranger = await withWindow(await relay.client())
    const { id: channelId } = await createWebhook(client)
    const asked = await client.post('/approvals', { ...DELETE, kind: 'write', channelId, conversation: 'anna', agentId: 'coder' })
    expect(asked.status).toBe(202)
    const { id } = asked.json
    expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{8}$/)
    expect(asked.json).toEqual({ id, argsHash: DELETE_HASH, expiresAt: new Date(clock.now() + 300_000).toISOString() })
    for (const socket of [window, second]) {
      const frame = await socket.nextOf('approval_required')
      expect(required(frame)).toEqual({
        id,
        ...DELETE,
        argsHash: DELETE_HASH,
        kind: 'write',
        channelId,
        conversation: 'anna',
        agentId: 'coder',
        createdAt: new Date(clock.now()).toISOString(),
        expiresAt: asked.json.expiresAt,
        state: 'pending',
      })
    }
    expect((await client.get(`/approvals/${id}`)).json).toEqual({ state: 'pending' })
    expect([...stranger.window.unread(), ...legacy.unread()]).toEqual([])
    expect((await stranger.client.get(`/approvals/${id}`)).json.code).toBe('not_found')
    expect((await stranger.client.post(`/approvals/${id}/use`, DELETE)).json.code).toBe('not_found')
    expect((await stranger.client.get('/approvals')).json.approvals).toEqual([])
  })

  it('relay:APV1 a window that connects later is asked after resumed, oldest first, and nothing twice', async () => {
    const relay = await start()
    const { client, window } = await withWindow(await relay.client())
    const first = await ask(client)
    const greeting = await client.openSocket('v2')
    await greeting.next()
    const second = await ask(client, { args: [1] })
    greeting.send({ type: 'resume', cursor: 0, epoch: null })
    expect((await greeting.next()).type).toBe('resumed')
    expect(required(await greeting.next()).id).toBe(first)
    expect(required(await greeting.next()).id).toBe(second)
    greeting.send({ type: 'ping' })
    expect(await greeting.next()).toEqual({ type: 'pong' })
    window.send(decision(first, 'deny'))
    await window.nextOf('approval_update')
    const later = await client.openResumed()
    expect(required(await later.next()).id).toBe(second)
    later.send({ type: 'ping' })
    expect(await later.next()).toEqual({ type: 'pong' })
  })

  it('relay:APV1 a missing or wrong member is refused by name, and nobody is asked', async () => {
    const relay = await start()
    const { client, window } = await withWindow(await relay.client())
    const good = { ...DELETE, kind: 'write' }
    const cases: [Record<string, unknown>, number, string][] = [
      [{ ...good, action: undefined }, 400, 'missing_field'],
      [{ ...good, args: undefined }, 400, 'missing_field'],
      [{ ...good, kind: undefined }, 400, 'missing_field'],
      [{ ...good, kind: 'delete' }, 400, 'invalid_field'],
      [{ ...good, action: '' }, 400, 'invalid_field'],
      [{ ...good, action: 'a\nb' }, 400, 'invalid_field'],
      [{ ...good, action: 'rm \u202etxt.exe' }, 400, 'invalid_field'],
      [{ ...good, action: 'x'.repeat(201) }, 400, 'invalid_field'],
      [{ ...good, timeoutMs: 999 }, 400, 'invalid_field'],
      [{ ...good, timeoutMs: DAY + 1 }, 400, 'invalid_field'],
      [{ ...good, timeoutMs: 1000.5 }, 400, 'invalid_field'],
      [{ ...good, conversation: 7 }, 400, 'invalid_field'],
      [{ ...good, channelId: 'nothing' }, 404, 'channel_not_found'],
      [{ ...good, args: 'x'.repeat(65_536) }, 413, 'content_too_large'],
      [{ ...good, args: 'x'.repeat(600_000) }, 413, 'body_too_large'],
    ]
    for (const [body, status, code] of cases) {
      const refused = await client.post('/approvals', body)
      expect([refused.status, refused.json.code]).toEqual([status, code])
    }
    const foreign = await createWebhook(await relay.client())
    expect((await client.post('/approvals', { ...good, channelId: foreign.id })).status).toBe(404)
    expect((await client.post('/approvals', undefined, { raw: '[1]' })).json.code).toBe('invalid_body')
    expect((await client.post('/approvals', good, { sign: false })).json.code).toBe('signature_required')
    expect((await client.get('/approvals')).json.approvals).toEqual([])
    expect(window.unread()).toEqual([])
    expect((await client.post('/approvals', { ...good, args: null })).status).toBe(202)
  })

  it('relay:APV4 without a v2 client the answer is a denial at once', async () => {
    const relay = await start()
    const client = await relay.client()
    await client.openSocket('legacy')
    const id = await ask(client)
    const denied = { state: 'denied', decidedBy: 'relay', reason: expect.stringMatching(/No client is connected/) }
    expect((await client.get(`/approvals/${id}?waitMs=30000`)).json).toEqual(denied)
    expect((await client.post(`/approvals/${id}/use`, DELETE)).json.code).toBe('approval_denied')
    const window = await client.openResumed()
    window.send({ type: 'ping' })
    expect(await window.next()).toEqual({ type: 'pong' })
    await window.close()
    expect((await client.get('/approvals')).json.approvals).toMatchObject([{ id, ...denied }])
  })

  it('relay:APV2 lists the last 30 days, newest first, page by page', async () => {
    const clock = createFakeClock()
    const relay = await start({ clock })
    const client = await relay.client()
    const ids: string[] = []
    for (let n = 0; n < 5; n++) {
      ids.unshift(await ask(client))
      await clock.advance(10 * DAY)
    }
    const list = async (query = '') => {
      const { approvals, hasMore } = (await client.get(`/approvals${query}`)).json
      return { ids: approvals.map(({ id }: { id: string }) => id), hasMore }
    }
    expect(await list()).toEqual({ ids: ids.slice(0, 2), hasMore: false })
    for (let n = 0; n < 3; n++) ids.unshift(await ask(client))
    expect(await list('?limit=2')).toEqual({ ids: ids.slice(0, 2), hasMore: true })
    expect(await list(`?limit=3&before=${ids[1]}`)).toEqual({ ids: ids.slice(2, 5), hasMore: false })
    expect(await list('?before=nothing')).toEqual({ ids: [], hasMore: false })
  })

  it('relay:APV1 relay:RL1 only so many wait at once, and only so many are asked in a minute', async () => {
    const relay = await start()
    const { client, window } = await withWindow(await relay.client())
    const ids: string[] = []
    for (let n = 0; n < 50; n++) ids.push(await ask(client))
    const refused = await client.post('/approvals', { ...DELETE, kind: 'write' })
    expect([refused.status, refused.json.code]).toEqual([409, 'too_many_approvals'])
    window.send(decision(ids[0] ?? '', 'deny'))
    await window.nextOf('approval_update')
    await ask(client)
    const limited = await start({ env: {} })
    const other = await limited.client()
    const statuses: number[] = []
    for (let n = 0; n < 61; n++) statuses.push((await other.post('/approvals', { ...DELETE, kind: 'read' })).status)
    expect(statuses.indexOf(429)).toBe(60)
    expect((await other.get('/approvals')).status).toBe(200)
  })

  it('relay:STO6 a deleted session takes its approvals with it', async () => {
    const relay = await start()
    const { client, window } = await withWindow(await relay.client())
    const id = await ask(client)
    expect(await relay.relay.store.approvals.byId(client.userId, id)).toBeDefined()
    await client.del('/session')
    await window.closed
    expect(await relay.relay.store.approvals.byId(client.userId, id)).toBeUndefined()
    expect(await relay.relay.store.approvals.pending()).toEqual([])
  })
})
