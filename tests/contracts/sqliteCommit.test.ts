import { afterEach, describe, expect, it } from 'vitest'
import type { Store } from '../../server/store/port.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import { addSession, appendStored, enqueueStored, newMessage, newReply, T0 } from './store/engine.ts'

describe('sqlite: one transaction for everything of a turn', () => {
  let store: Store
  afterEach(() => store.close())

  /** A store whose commits can be counted and made to fail. */
  async function openCounted() {
    const seam = { commits: 0, fail: false }
    store = await openSqliteStore({
      path: ':memory:',
      beforeCommit() {
        seam.commits++
        if (seam.fail) throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
      },
    })
    const user = await addSession(store)
    seam.commits = 0
    return { seam, user }
  }

  it('relay:DUR1 commits what arrives in one turn together, at most 512 rows at a time', async () => {
    const { seam, user } = await openCounted()
    await Promise.all(Array.from({ length: 64 }, () => store.inbox.append(newMessage(user))))
    expect(seam.commits).toBe(1)
    const rest = Promise.all(Array.from({ length: 1025 }, () => store.inbox.append(newMessage(user))))
    expect(store.maintenance.queued()).toBe(1025)
    await rest
    expect(seam.commits).toBe(4)
    expect((await store.inbox.state(user)).head).toBe(64 + 1025)
  })

  it('relay:DUR1 relay:ERR2 a failed commit rejects the whole batch, leaves nothing, pushes nothing, and the next one goes on', async () => {
    const { seam, user } = await openCounted()
    await appendStored(store, newMessage(user))
    await store.inbox.ack(user, 1)
    const told: number[] = []
    store.inbox.onCommitted((messages) => told.push(...messages.map(({ seq }) => seq)))
    seam.fail = true
    const results = await Promise.allSettled([
      ...Array.from({ length: 20 }, (_, i) => store.inbox.append(newMessage(user, { dedupKey: `${i}`, target: 'anna' }))),
      store.replies.enqueue(newReply(user, { clientId: 'c' })),
      store.nonces.remember(user, 'nonce', T0),
      store.meta.set('k', 'v'),
    ])
    for (const result of results) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'storage_unavailable', status: 503, details: { retryAfter: 5 } },
      })
    }
    expect(told).toEqual([])
    expect(store.maintenance.stats()).toMatchObject({ errors: 1, lastError: 'database or disk is full' })
    expect(await store.inbox.state(user)).toMatchObject({ head: 1, acked: 1, lastTimestamp: T0 })
    expect(await store.inbox.readAfter(user, 0, 100)).toHaveLength(1)
    expect(await store.inbox.knowsTarget('hook', 'anna')).toBe(false)
    expect(await store.replies.claimDue(T0, 10)).toEqual([])
    expect(await store.meta.get('k')).toBeUndefined()
    seam.fail = false
    expect(await appendStored(store, newMessage(user, { dedupKey: '3' }))).toMatchObject({ seq: 2 })
    expect(await store.nonces.remember(user, 'nonce', T0)).toBe(true)
    expect(await enqueueStored(store, newReply(user, { clientId: 'c' }))).toMatchObject({ createdAt: T0 })
    expect(told).toEqual([2])
  })

  it('relay:REP6 a reply whose claim could not be stored is free again', async () => {
    const { seam, user } = await openCounted()
    await enqueueStored(store, newReply(user))
    seam.fail = true
    await expect(store.replies.claimDue(T0, 10)).rejects.toMatchObject({ code: 'storage_unavailable' })
    seam.fail = false
    expect(await store.replies.claimDue(T0, 10)).toMatchObject([{ state: 'queued' }])
  })

  it('relay:CUR10 an acknowledgement after a failed one is stored', async () => {
    const { seam, user } = await openCounted()
    await appendStored(store, newMessage(user))
    seam.fail = true
    await expect(store.inbox.ack(user, 1)).rejects.toMatchObject({ code: 'storage_unavailable' })
    seam.fail = false
    await store.inbox.ack(user, 1)
    expect((await store.inbox.state(user)).acked).toBe(1)
  })

  it('relay:DUR1 a row that cannot be written is rejected alone; its batch is stored without it and without a gap', async () => {
    const { user } = await openCounted()
    const broken = newMessage(user, { from: {} as string })
    const results = await Promise.allSettled(
      [newMessage(user), broken, newMessage(user)].map((message) => store.inbox.append(message)),
    )
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await store.inbox.readAfter(user, 0, 10)).map(({ seq }) => seq)).toEqual([1, 2])
  })

  it('relay:DUR1 closing waits for what is under way', async () => {
    const { user } = await openCounted()
    const pending = Array.from({ length: 1000 }, () => store.inbox.append(newMessage(user)))
    await store.close()
    const answers = await Promise.all(pending)
    expect(answers.every(({ kind }) => kind === 'stored')).toBe(true)
    store = await openSqliteStore({ path: ':memory:' })
  })
})
