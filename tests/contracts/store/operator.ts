import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OpenedStore, StoreEngine } from './engine.ts'
import { addSession, appendStored, DAY, enqueueStored, expireAll, newMessage, newReply, restart, T0 } from './engine.ts'

const key = { kty: 'EC' as const, crv: 'P-256' as const, x: 'A'.repeat(43), y: 'B'.repeat(43) }

export function operatorContract(engine: StoreEngine): void {
  describe(`${engine.name}: what the operator asks`, () => {
    let opened: OpenedStore
    beforeEach(async () => {
      opened = await engine.open()
    })
    afterEach(() => opened.close())
    const operator = () => opened.store.operator

    async function fill(user: string, messages: number): Promise<string[]> {
      const ids: string[] = []
      for (let n = 1; n <= messages; n++) ids.push((await appendStored(opened.store, newMessage(user, { now: T0 + n * 1000 }))).id)
      return ids
    }

    it('relay:ADM6 tells of each session what is stored and what nobody has acknowledged', async () => {
      const empty = await addSession(opened.store, { publicKey: key })
      const full = await addSession(opened.store, { now: T0 + 5 })
      await fill(full, 10)
      await opened.store.inbox.ack(full, 4)
      await restart(opened)
      const shown = { userId: full, createdAt: T0 + 5, keyed: false, stored: 10, unacked: 6, lastMessageAt: T0 + 10_000 }
      expect(await operator().session(full)).toEqual(shown)
      expect(await operator().sessions(10)).toEqual({
        sessions: [shown, { userId: empty, createdAt: T0, keyed: true, stored: 0, unacked: 0 }],
      })
      expect(await operator().session('nobody')).toBeUndefined()
    })

    it('relay:ADM6 messages that were deleted or expired do not count', async () => {
      const user = await addSession(opened.store)
      const ids = await fill(user, 12)
      await opened.store.inbox.ack(user, 2)
      for (const n of [1, 7, 11]) await opened.store.inbox.remove(user, ids[n] ?? '')
      expect(await operator().session(user)).toMatchObject({ stored: 9, unacked: 8 })
      await expireAll(opened.store, { now: T0 + 12_001, keptMs: 8_001, keptMessages: 1000 })
      expect(await opened.store.inbox.readAfter(user, 0, 100)).toHaveLength(7)
      expect(await operator().session(user)).toMatchObject({ stored: 7, unacked: 7 })
      await opened.store.inbox.ack(user, 9)
      expect(await operator().session(user)).toMatchObject({ stored: 7, unacked: 2, lastMessageAt: T0 + 11_000 })
      await expireAll(opened.store, { now: T0 + DAY, keptMs: 1, keptMessages: 1000 })
      expect(await operator().session(user)).toEqual({ userId: user, createdAt: T0, keyed: false, stored: 0, unacked: 0 })
    })

    it('relay:ADM6 pages through the sessions, newest first, without skips', async () => {
      const users: string[] = []
      for (let n = 0; n < 7; n++) users.push(await addSession(opened.store))
      const seen: string[] = []
      let before: number | undefined
      do {
        const page = await operator().sessions(3, before)
        seen.push(...page.sessions.map(({ userId }) => userId))
        before = page.before
      } while (before !== undefined)
      expect(seen).toEqual(users.toReversed())
      await opened.store.sessions.remove(users[3] ?? '')
      expect((await operator().sessions(10)).sessions.map(({ userId }) => userId)).toEqual(
        users.filter((_, n) => n !== 3).toReversed(),
      )
    })

    it('relay:ADM6 tells which replies wait, in the order they fall due, and which failed, newest first', async () => {
      const [user, gone] = [await addSession(opened.store), await addSession(opened.store)]
      const { replies } = opened.store
      const wait = async (target: string, dueAt: number) => {
        const { responseId } = await enqueueStored(opened.store, newReply(user, { target }))
        await replies.claimDue(T0, 10)
        await replies.release(responseId, { attempts: 1, dueAt, reason: 'busy' }, T0)
        return responseId
      }
      const fail = async (owner: string, reason: string, now: number) => {
        const { responseId } = await enqueueStored(opened.store, newReply(owner, { target: reason }))
        await replies.claimDue(T0, 10)
        await replies.settle(responseId, { state: 'failed', reason }, now)
        return responseId
      }
      const later = await wait('a', T0 + 9_000)
      const sooner = await wait('b', T0 + 5_000)
      const older = await fail(user, 'blocked', T0 + 1)
      const newer = await fail(user, 'deleted', T0 + 2)
      await enqueueStored(opened.store, newReply(user, { state: 'sent' }))
      await fail(gone, 'of nobody', T0 + 3)
      await opened.store.sessions.remove(gone)
      const found = await operator().replies(10)
      expect({ ...found, waiting: found.waiting.map(({ responseId }) => responseId), failures: undefined }).toEqual({
        queued: 2,
        failed: 2,
        waiting: [sooner, later],
        failures: undefined,
      })
      expect(found.failures.map(({ responseId, reason, userId }) => [responseId, reason, userId])).toEqual([
        [newer, 'deleted', user],
        [older, 'blocked', user],
      ])
      const one = await operator().replies(1)
      expect([one.queued, one.waiting.length, one.failed, one.failures.length]).toEqual([2, 1, 2, 1])
    })
  })
}
