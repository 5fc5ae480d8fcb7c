import { afterEach, describe, expect, it } from 'vitest'
import { ask, DELETE, DELETE_HASH, decision, NO_APPROVAL_LIMITS, withWindow } from '../support/approvals.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { type RelayOptions, startRelay, type TestRelay } from '../support/relay.ts'

describe('deciding and using', () => {
  const open: TestRelay[] = []
  const start = async (options: RelayOptions = {}) => {
    const relay = await startRelay({ env: NO_APPROVAL_LIMITS, ...options })
    open.push(relay)
    return relay
  }
  afterEach(async () => {
    for (const relay of open.splice(0)) await relay.close()
  })

  it('relay:APV2, APV3 a decision ends the waiting, and every window is told', async () => {
    const relay = await start()
    const { client, window } = await withWindow(await relay.client())
    const other = await client.openResumed()
    for (const [what, state] of [
      ['allow', 'allowed'],
      ['deny', 'denied'],
    ] as const) {
      const id = await ask(client)
      const waiting = client.get(`/approvals/${id}?waitMs=30000`)
      await other.nextOf('approval_required')
      other.send(decision(id, what, { decidedBy: 'popup', reason: 'as agreed' }))
      const outcome = { state, decidedBy: 'popup', reason: 'as agreed' }
      expect((await waiting).json).toEqual(outcome)
      for (const socket of [window, other])
        expect(await socket.nextOf('approval_update')).toEqual({ type: 'approval_update', id, ...outcome })
    }
  })

  it('relay:APV2 waiting ends after waitMs, which is at most 30 s; nonsense is refused', async () => {
    const clock = createFakeClock()
    const relay = await start({ clock })
    const { client } = await withWindow(await relay.client())
    const id = await ask(client)
    const before = clock.waiting()
    let answered = false
    const waiting = client.get(`/approvals/${id}?waitMs=600000`).then((answer) => {
      answered = true
      return answer.json
    })
    while (clock.waiting() === before) await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(29_999)
    expect(answered).toBe(false)
    await clock.advance(1)
    expect(await waiting).toEqual({ state: 'pending' })
    expect(clock.waiting()).toBe(before)
    for (const wrong of ['x', '-1', '1.5', ''])
      expect((await client.get(`/approvals/${id}?waitMs=${wrong}`)).json.code).toBe('invalid_field')
    expect((await client.get('/approvals/nothing?waitMs=30000')).json.code).toBe('not_found')
    expect(clock.waiting()).toBe(before)
  })

  it('relay:APV3 of two clients that decide at once the first wins and the second is told so', async () => {
    const relay = await start()
    const { client, window } = await withWindow(await relay.client())
    const other = await client.openResumed()
    for (let round = 0; round < 20; round++) {
      const id = await ask(client)
      await Promise.all([window.nextOf('approval_required'), other.nextOf('approval_required')])
      window.send(decision(id, 'allow', { decidedBy: 'one' }))
      other.send(decision(id, 'deny', { decidedBy: 'two' }))
      // Both are told what holds; whoever came second also that the own decision does not count.
      const updates = await Promise.all([window.nextOf('approval_update'), other.nextOf('approval_update')])
      expect(updates[1]).toEqual(updates[0])
      const { state, decidedBy } = (await client.get(`/approvals/${id}`)).json
      expect(updates[0]).toMatchObject({ id, state, decidedBy })
      expect(['allowed one', 'denied two']).toContain(`${state} ${decidedBy}`)
      expect(await (state === 'allowed' ? other : window).next()).toMatchObject({ type: 'error', code: 'approval_decided', id })
      expect([...window.unread(), ...other.unread()]).toEqual([])
    }
  })

  it('relay:APV3 a wrong hash, an unknown id, a stranger and a broken frame decide nothing', async () => {
    const relay = await start()
    const { client, window } = await withWindow(await relay.client())
    const stranger = await withWindow(await relay.client())
    const id = await ask(client)
    await window.next()
    const refused = async (frame: Record<string, unknown>, socket = window) => {
      socket.send(frame)
      const answer = await socket.next()
      expect(answer).toMatchObject({ type: 'error', error: expect.any(String) })
      expect(answer.id).toBe(typeof frame.id === 'string' ? frame.id : undefined)
      return answer.code
    }
    expect(await refused(decision(id, 'allow', { argsHash: DELETE_HASH.replace(/^./, 'z') }))).toBe('approval_mismatch')
    expect(await refused(decision(id, 'allow', { argsHash: '' }))).toBe('approval_mismatch')
    expect(await refused(decision('nothing', 'allow'))).toBe('not_found')
    expect(await refused(decision(id, 'allow'), stranger.window)).toBe('not_found')
    for (const broken of [
      { decision: 'maybe' },
      { argsHash: 1 },
      { id: 7 },
      { decidedBy: 'relay' },
      { decidedBy: 'timeout' },
      { reason: 'a\nb' },
    ])
      expect(await refused({ ...decision(id, 'allow'), ...broken })).toBe('invalid_field')
    expect((await client.get(`/approvals/${id}`)).json).toEqual({ state: 'pending' })
    const legacy = await client.openSocket('legacy')
    legacy.send(decision(id, 'allow'))
    legacy.send({ type: 'ping' })
    expect(await legacy.next()).toEqual({ type: 'pong' })
    expect((await client.get(`/approvals/${id}`)).json).toEqual({ state: 'pending' })
  })

  it('relay:APV3 the same decision said again is answered with what holds, another one is refused', async () => {
    const relay = await start()
    const { client, window } = await withWindow(await relay.client())
    const id = await ask(client)
    await window.next()
    window.send(decision(id, 'allow'))
    expect(await window.next()).toEqual({ type: 'approval_update', id, state: 'allowed', decidedBy: 'client' })
    window.send(decision(id, 'allow'))
    expect(await window.next()).toEqual({ type: 'approval_update', id, state: 'allowed', decidedBy: 'client' })
    window.send(decision(id, 'allow', { decidedBy: 'other' }))
    expect(await window.next()).toMatchObject({ type: 'approval_update', id, state: 'allowed', decidedBy: 'client' })
    window.send(decision(id, 'deny'))
    expect(await window.next()).toMatchObject({ type: 'error', code: 'approval_decided', id })
    await client.post(`/approvals/${id}/use`, DELETE)
    expect(await window.next()).toMatchObject({ type: 'approval_update', id, state: 'used' })
    window.send(decision(id, 'allow'))
    expect(await window.next()).toMatchObject({ type: 'approval_update', id, state: 'used' })
  })

  it('relay:APV3 relay:RL1 decisions are limited, and the refusal says for how long', async () => {
    const relay = await start({ env: { CHAOS_RATE_LIMITS: '{"approvalWatch":{"limit":2,"windowSec":60}}' } })
    const { window } = await withWindow(await relay.client())
    const answer = async () => {
      window.send(decision('nothing', 'allow'))
      return window.next()
    }
    expect([(await answer()).code, (await answer()).code]).toEqual(['not_found', 'not_found'])
    expect(await answer()).toMatchObject({ type: 'error', code: 'rate_limited', id: 'nothing', retryAfter: 60 })
  })

  it('relay:APV4 an allowed action runs once: of many uses at once exactly one passes', async () => {
    const relay = await start()
    const { client, window } = await withWindow(await relay.client())
    const id = await ask(client)
    const use = (body: unknown = DELETE) => client.post(`/approvals/${id}/use`, body)
    expect((await use()).json.code).toBe('approval_pending')
    window.send(decision(id, 'allow'))
    await window.nextOf('approval_update')
    for (const other of [
      { ...DELETE, action: 'files.delete2' },
      { ...DELETE, args: { ...DELETE.args, recursive: false } },
      { ...DELETE, args: { ...DELETE.args, extra: null } },
    ]) {
      const refused = await use(other)
      expect([refused.status, refused.json.code]).toEqual([409, 'approval_mismatch'])
    }
    // Members in another order are the same arguments.
    const same = { action: DELETE.action, args: { path: DELETE.args.path, recursive: true } }
    const uses = await Promise.all(Array.from({ length: 10 }, () => use(same)))
    expect(uses.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)])
    expect(uses.find(({ status }) => status === 200)?.json).toEqual({ state: 'used', decidedBy: 'client' })
    expect(uses.find(({ status }) => status === 409)?.json.code).toBe('approval_used')
    expect((await client.get(`/approvals/${id}`)).json.state).toBe('used')
  })

  it('relay:APV4 a refused one never runs', async () => {
    const relay = await start()
    const { client, window } = await withWindow(await relay.client())
    const id = await ask(client)
    window.send(decision(id, 'deny', { reason: 'not today' }))
    await window.nextOf('approval_update')
    const refused = await client.post(`/approvals/${id}/use`, DELETE)
    expect([refused.status, refused.json.code]).toEqual([403, 'approval_denied'])
    expect(refused.json.error).toContain('not today')
  })

  it('relay:APV4 no decision in time is a denial, told to all, and a late yes comes too late', async () => {
    const clock = createFakeClock()
    const relay = await start({ clock })
    const { client, window } = await withWindow(await relay.client())
    const id = await ask(client, { timeoutMs: 5_000 })
    const waiting = client.get(`/approvals/${id}?waitMs=30000`)
    await window.nextOf('approval_required')
    await clock.advance(4_999)
    expect((await client.get(`/approvals/${id}`)).json).toEqual({ state: 'pending' })
    await clock.advance(1)
    const denied = { state: 'denied', decidedBy: 'timeout', reason: 'Nobody decided in time.' }
    expect((await waiting).json).toEqual(denied)
    expect(await window.nextOf('approval_update')).toEqual({ type: 'approval_update', id, ...denied })
    window.send(decision(id, 'allow'))
    expect(await window.next()).toMatchObject({ type: 'error', code: 'approval_expired', id })
    const used = await client.post(`/approvals/${id}/use`, DELETE)
    expect([used.status, used.json.code]).toEqual([410, 'approval_expired'])
    expect((await relay.relay.store.approvals.byId(client.userId, id))?.state).toBe('denied')
  })

  it('relay:APV2, APV4 an allowed one that nobody used in time is expired', async () => {
    const clock = createFakeClock()
    const relay = await start({ clock })
    const { client, window } = await withWindow(await relay.client())
    const id = await ask(client, { timeoutMs: 5_000 })
    window.send(decision(id, 'allow'))
    await window.nextOf('approval_update')
    await clock.advance(5_000)
    expect((await client.get(`/approvals/${id}`)).json).toEqual({ state: 'expired', decidedBy: 'client' })
    const used = await client.post(`/approvals/${id}/use`, DELETE)
    expect([used.status, used.json.code]).toEqual([410, 'approval_expired'])
    expect((await client.get('/approvals')).json.approvals).toMatchObject([{ id, state: 'expired' }])
  })
})
