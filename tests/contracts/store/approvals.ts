import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { APPROVALS_KEPT_MS } from '#protocol/limits.ts'
import type { NewApproval, Verdict } from '../../../server/store/approvalPort.ts'
import { addSession, DAY, expireAll, fresh, type OpenedStore, restart, type StoreEngine, T0 } from './engine.ts'

const ALLOW: Verdict = { state: 'allowed', decidedBy: 'popup' }
const DENY: Verdict = { state: 'denied', decidedBy: 'telegram', reason: 'too risky' }
const LATE = { state: 'denied', decidedBy: 'timeout' } as const

function newApproval(userId: string, given: Partial<NewApproval> = {}): NewApproval {
  return {
    id: fresh('a'),
    userId,
    action: 'files.delete',
    args: { path: '/tmp/ö', deep: [1, null, { b: 2, a: 1 }] },
    argsHash: 'hash',
    kind: 'write',
    createdAt: T0,
    expiresAt: T0 + 60_000,
    ...given,
  }
}

export function approvalsContract(engine: StoreEngine): void {
  describe(`${engine.name}: approvals`, () => {
    let opened: OpenedStore
    let user: string
    beforeEach(async () => {
      opened = await engine.open()
      user = await addSession(opened.store)
    })
    afterEach(() => opened.close())
    const approvals = () => opened.store.approvals

    async function added(given: Partial<NewApproval> = {}): Promise<NewApproval> {
      const approval = newApproval(user, given)
      expect(await approvals().add(approval, 50)).toBe('added')
      return approval
    }
    const decide = (id: string, verdict: Verdict, given: { userId?: string; argsHash?: string } = {}, now = T0 + 1) =>
      approvals().decide({ userId: user, id, argsHash: 'hash', verdict, ...given }, now)
    const use = (id: string, given: { userId?: string; argsHash?: string } = {}, now = T0 + 2) =>
      approvals().use({ userId: user, id, argsHash: 'hash', ...given }, now)

    it('relay:APV1 what is asked comes back as it was given, pending, also after a restart', async () => {
      const full = await added({ channelId: 'hook', conversation: 'anna', agentId: 'coder', kind: 'read' })
      const bare = await added({ args: null })
      await restart(opened)
      if (!engine.durable) return
      expect(await approvals().byId(user, full.id)).toEqual({ ...full, state: 'pending' })
      expect(await approvals().pending()).toEqual([
        { ...full, state: 'pending' },
        { ...bare, state: 'pending' },
      ])
    })

    it('relay:APV1 an id is taken once per session, and only so many wait at once', async () => {
      const first = await added()
      expect(await approvals().add({ ...first, action: 'other' }, 50)).toBe('taken')
      expect(await approvals().byId(user, first.id)).toMatchObject({ action: 'files.delete' })
      const other = await addSession(opened.store)
      expect(await approvals().add({ ...first, userId: other }, 1)).toBe('added')
      expect(await approvals().add(newApproval(user), 1)).toBe('full')
      await decide(first.id, ALLOW)
      expect(await approvals().add(newApproval(user), 1)).toBe('added')
      expect(await approvals().add(newApproval(user, { createdAt: T0 + 60_000, expiresAt: T0 + 90_000 }), 1)).toBe('added')
      await expect(approvals().add(newApproval('nobody'), 1)).rejects.toMatchObject({ code: 'invalid_token' })
    })

    it('relay:APV4 one that is decided from the start was never pending', async () => {
      const approval = newApproval(user)
      expect(await approvals().add(approval, 0, DENY)).toBe('added')
      expect(await approvals().byId(user, approval.id)).toEqual({ ...approval, ...DENY, decidedAt: T0 })
      expect(await approvals().pending()).toEqual([])
    })

    it('relay:APV3 the first decision wins; another hash, a late one and a stranger change nothing', async () => {
      const { id } = await added()
      expect(await decide(id, ALLOW, { argsHash: 'other' })).toMatchObject({ outcome: 'mismatch', approval: { state: 'pending' } })
      expect(await decide(id, ALLOW, {}, T0 + 60_000)).toMatchObject({ outcome: 'expired', approval: { state: 'pending' } })
      expect(await decide(id, ALLOW, { userId: await addSession(opened.store) })).toBeUndefined()
      expect(await decide('nothing', ALLOW)).toBeUndefined()
      const [first, second] = await Promise.all([decide(id, DENY), decide(id, ALLOW)])
      expect(first).toMatchObject({ outcome: 'decided', approval: { ...DENY, decidedAt: T0 + 1 } })
      expect(second).toMatchObject({ outcome: 'already', approval: DENY })
      await restart(opened)
      if (engine.durable) expect(await approvals().byId(user, id)).toMatchObject(DENY)
    })

    it('relay:APV4 an allowed one is used once, by its hash and in time', async () => {
      const { id } = await added()
      expect((await use(id))?.outcome).toBe('pending')
      await decide(id, ALLOW)
      expect((await use(id, { argsHash: 'other' }))?.outcome).toBe('mismatch')
      expect((await use(id, {}, T0 + 60_000))?.outcome).toBe('expired')
      expect(await use(id, { userId: await addSession(opened.store) })).toBeUndefined()
      const uses = await Promise.all(Array.from({ length: 20 }, () => use(id)))
      expect(uses.map((used) => used?.outcome).sort()).toEqual([...Array(19).fill('already'), 'used'])
      await restart(opened)
      if (!engine.durable) return
      expect((await use(id))?.outcome).toBe('already')
      expect(await approvals().byId(user, id)).toMatchObject({ state: 'used', decidedBy: 'popup', usedAt: T0 + 2 })
    })

    it('relay:APV4 a denied one is never used', async () => {
      const { id } = await added()
      await decide(id, DENY)
      expect((await use(id))?.outcome).toBe('denied')
      expect(await approvals().byId(user, id)).toMatchObject({ state: 'denied' })
    })

    it('relay:APV4 what nobody decided in time is denied, once, of every session', async () => {
      const early = await added({ expiresAt: T0 + 10 })
      const decided = await added({ expiresAt: T0 + 10 })
      await decide(decided.id, ALLOW)
      const other = await addSession(opened.store)
      const others = newApproval(other, { expiresAt: T0 + 20 })
      await approvals().add(others, 50)
      const later = await added({ expiresAt: T0 + 30 })
      expect(await approvals().denyOverdue(LATE, T0 + 9)).toEqual([])
      const denied = await approvals().denyOverdue(LATE, T0 + 20)
      expect(denied.map(({ id }) => id)).toEqual([early.id, others.id])
      expect(denied[0]).toEqual({ ...early, ...LATE, decidedAt: T0 + 20 })
      expect(await approvals().denyOverdue(LATE, T0 + 20)).toEqual([])
      expect((await approvals().pending()).map(({ id }) => id)).toEqual([later.id])
    })

    it('relay:APV2 lists newest first, page by page, of one session', async () => {
      const ids: string[] = []
      for (let n = 0; n < 5; n++) ids.unshift((await added({ createdAt: T0 + n })).id)
      await approvals().add(newApproval(await addSession(opened.store)), 50)
      const list = async (page: { since?: number; before?: string; limit?: number }) =>
        (await approvals().list(user, { since: 0, limit: 10, ...page })).map(({ id }) => id)
      expect(await list({})).toEqual(ids)
      expect(await list({ since: T0 + 2 })).toEqual(ids.slice(0, 2))
      expect(await list({ limit: 2 })).toEqual(ids.slice(0, 2))
      expect(await list({ limit: 2, before: ids[1] ?? '' })).toEqual(ids.slice(2, 4))
      expect(await list({ before: 'nothing' })).toEqual([])
    })

    it('relay:APV2 expiry removes what is older than the list, a removed session takes its own with it', async () => {
      await added()
      const newer = await added({ createdAt: T0 + DAY })
      await expireAll(opened.store, { now: T0 + APPROVALS_KEPT_MS + 1, keptMs: 365 * DAY, keptMessages: 10 })
      expect((await approvals().list(user, { since: 0, limit: 10 })).map(({ id }) => id)).toEqual([newer.id])
      await opened.store.sessions.remove(user)
      expect(await approvals().byId(user, newer.id)).toBeUndefined()
      expect(await approvals().pending()).toEqual([])
    })
  })
}
