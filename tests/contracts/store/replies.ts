import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEDUP_KEPT_MS } from '#protocol/limits.ts'
import {
  addSession,
  DAY,
  enqueueStored,
  expireAll,
  newChannel,
  newReply,
  type OpenedStore,
  restart,
  type StoreEngine,
  T0,
} from './engine.ts'

export function repliesContract(engine: StoreEngine): void {
  describe(`${engine.name}: replies`, () => {
    let opened: OpenedStore
    let user: string
    beforeEach(async () => {
      opened = await engine.open()
      user = await addSession(opened.store)
    })
    afterEach(() => opened.close())
    const replies = () => opened.store.replies
    const contents = (found: { content: string }[]) => found.map(({ content }) => content)

    it('relay:REP6 a stored reply is read back as it was given, by its owner alone', async () => {
      const wanted = newReply(user, {
        content: 'a<b',
        metadata: { replyTo: 'm', n: 1 },
        clientId: 'c1',
        files: [{ id: 'f', filename: 'x.png', mimeType: 'image/png', kind: 'image', bytes: new Uint8Array([9, 8]) }],
      })
      const stored = await enqueueStored(opened.store, wanted)
      expect(stored).toEqual({
        responseId: wanted.responseId,
        userId: user,
        channelId: 'chat',
        channelType: 'telegram',
        content: 'a<b',
        metadata: { replyTo: 'm', n: 1 },
        attachments: [{ id: 'f', filename: 'x.png', mimeType: 'image/png', size: 2, kind: 'image' }],
        target: 'anna',
        clientId: 'c1',
        state: 'queued',
        attempts: 0,
        partsSent: 0,
        createdAt: T0,
        updatedAt: T0,
        dueAt: T0,
      })
      expect(await replies().byId(user, wanted.responseId)).toEqual(stored)
      expect(await replies().byId(await addSession(opened.store), wanted.responseId)).toBeUndefined()
      const file = await opened.store.attachments.read(wanted.responseId, 'f')
      expect(file).toMatchObject({ state: 'stored', userId: user, channelId: 'chat' })
    })

    it('relay:HIS1 a session reads its own replies in the order they were accepted, page by page, through a restart', async () => {
      const other = await addSession(opened.store)
      for (let n = 0; n < 7; n++) {
        await enqueueStored(opened.store, newReply(user, { content: `${n}`, channelId: `chat${n % 2}`, now: T0 - n }))
        await enqueueStored(opened.store, newReply(other, { content: 'foreign' }))
      }
      const read = async (after: number, limit: number) => {
        const { entries, hasMore } = await replies().history(user, after, limit)
        return { said: contents(entries.map(({ reply }) => reply)), last: entries.at(-1)?.place ?? after, hasMore }
      }
      const first = await read(0, 3)
      expect(first).toMatchObject({ said: ['0', '1', '2'], hasMore: true })
      const second = await read(first.last, 4)
      expect(second).toMatchObject({ said: ['3', '4', '5', '6'], hasMore: false })
      if (engine.durable) await restart(opened)
      await enqueueStored(opened.store, newReply(user, { content: '7' }))
      expect(await read(second.last, 100)).toMatchObject({ said: ['7'], hasMore: false })
      expect(await read(second.last + 100, 100)).toMatchObject({ said: [], hasMore: false })
      expect((await replies().history('nobody', 0, 10)).entries).toEqual([])
    })

    it('relay:REP9 gives out the oldest of each conversation only, and each once until it is settled or released', async () => {
      for (const [target, content] of [
        ['anna', 'a1'],
        ['anna', 'a2'],
        ['bert', 'b1'],
        [undefined, 'n1'],
        [undefined, 'n2'],
      ] as const) {
        const reply = newReply(user, { content })
        delete reply.target
        await enqueueStored(opened.store, target === undefined ? reply : { ...reply, target })
      }
      await enqueueStored(opened.store, newReply(user, { content: 'other channel', channelId: 'chat2' }))
      const first = await replies().claimDue(T0, 10)
      expect(contents(first).sort()).toEqual(['a1', 'b1', 'n1', 'other channel'])
      expect(await replies().claimDue(T0, 10)).toEqual([])
      expect(await replies().nextDue()).toBeUndefined()
      const a1 = first.find(({ content }) => content === 'a1')?.responseId ?? ''
      const settled = await replies().settle(a1, { state: 'sent', platformMessageId: 'p1' }, T0 + 5)
      expect(settled).toMatchObject({ state: 'sent', platformMessageId: 'p1', attempts: 1, updatedAt: T0 + 5 })
      expect(contents(await replies().claimDue(T0 + 5, 10))).toEqual(['a2'])
    })

    it('relay:REP9 concurrent claims never give the same reply twice, and a limit leaves the rest', async () => {
      for (let i = 0; i < 20; i++) await enqueueStored(opened.store, newReply(user, { target: `t${i}`, content: `${i}` }))
      const claims = await Promise.all([replies().claimDue(T0, 7), replies().claimDue(T0, 7), replies().claimDue(T0, 7)])
      expect(claims.map(({ length }) => length)).toEqual([7, 7, 6])
      expect(new Set(claims.flat().map(({ responseId }) => responseId)).size).toBe(20)
    })

    it('relay:REP8 relay:REP9 a released reply waits for its time and holds its conversation meanwhile', async () => {
      await enqueueStored(opened.store, newReply(user, { content: 'a1' }))
      await enqueueStored(opened.store, newReply(user, { content: 'a2' }))
      const [claimed] = await replies().claimDue(T0, 1)
      const id = claimed?.responseId ?? ''
      await replies().partSent(id, 1, 'p0', T0 + 1)
      const released = await replies().release(id, { attempts: 1, dueAt: T0 + 1000, reason: 'no answer' }, T0 + 2)
      expect(released).toMatchObject({ state: 'queued', attempts: 1, partsSent: 1, reason: 'no answer', dueAt: T0 + 1000 })
      expect(await replies().claimDue(T0 + 999, 10)).toEqual([])
      expect(await replies().nextDue()).toBe(T0 + 1000)
      expect(await replies().claimDue(T0 + 1000, 10)).toMatchObject([{ content: 'a1', partsSent: 1, platformMessageId: 'p0' }])
    })

    if (engine.durable) {
      it('relay:REP6 relay:REP9 after a restart everything queued is free again, with the parts it has sent', async () => {
        const { responseId } = await enqueueStored(opened.store, newReply(user))
        await replies().claimDue(T0, 1)
        await replies().partSent(responseId, 2, 'p', T0)
        await restart(opened)
        expect(await replies().claimDue(T0, 1)).toMatchObject([{ responseId, partsSent: 2, uncertain: true }])
      })

      it('relay:REP9 only what was under way when the relay ended is uncertain after a restart, and stays so', async () => {
        const [first, second, third] = [
          await enqueueStored(opened.store, newReply(user, { target: 'a' })),
          await enqueueStored(opened.store, newReply(user, { target: 'b' })),
          await enqueueStored(opened.store, newReply(user, { target: 'c' })),
        ]
        expect((await replies().claimDue(T0, 2)).map(({ uncertain }) => uncertain)).toEqual([undefined, undefined])
        await replies().release(second.responseId, { attempts: 1, dueAt: T0, reason: '' }, T0)
        await restart(opened)
        const claimed = await replies().claimDue(T0, 10)
        const uncertain = new Map(claimed.map((reply) => [reply.responseId, reply.uncertain]))
        expect(uncertain.get(first.responseId)).toBe(true)
        expect(uncertain.get(second.responseId)).toBeUndefined()
        expect(uncertain.get(third.responseId)).toBeUndefined()
        await replies().release(first.responseId, { attempts: 1, dueAt: T0, reason: '' }, T0)
        expect(await replies().claimDue(T0, 10)).toMatchObject([{ responseId: first.responseId, uncertain: true }])
      })
    }

    it('relay:REP9 a lost answer makes a reply uncertain, and a success may say so', async () => {
      const { responseId } = await enqueueStored(opened.store, newReply(user))
      await replies().claimDue(T0, 1)
      await replies().release(responseId, { attempts: 1, dueAt: T0, reason: 'lost', uncertain: true }, T0)
      expect(await replies().claimDue(T0, 1)).toMatchObject([{ uncertain: true }])
      const sent = await replies().settle(responseId, { state: 'sent', platformMessageId: 'p', reason: 'maybe twice' }, T0)
      expect(sent).toMatchObject({ state: 'sent', reason: 'maybe twice', attempts: 2 })
    })

    it('relay:REP7 a settled reply stays as it is; a late success beats a failure', async () => {
      const { responseId } = await enqueueStored(opened.store, newReply(user))
      await replies().settle(responseId, { state: 'failed', reason: 'blocked' }, T0)
      expect(await replies().settle(responseId, { state: 'failed', reason: 'again' }, T0)).toBeUndefined()
      expect(await replies().release(responseId, { attempts: 9, dueAt: T0, reason: '' }, T0)).toBeUndefined()
      expect(await replies().byId(user, responseId)).toMatchObject({ state: 'failed', reason: 'blocked' })
      const sent = await replies().settle(responseId, { state: 'sent', platformMessageId: 'p' }, T0)
      expect(sent).toMatchObject({ state: 'sent', platformMessageId: 'p' })
      expect(sent).not.toHaveProperty('reason')
      expect(await replies().settle(responseId, { state: 'failed', reason: 'late' }, T0)).toBeUndefined()
      expect(await replies().settle('unknown', { state: 'sent' }, T0)).toBeUndefined()
    })

    it('relay:TKO2, TKO3 what an agent writes from the commit of a take-over on is refused; what it had queued fails, of that conversation only', async () => {
      const channel = newChannel(user, { id: 'chat' })
      await opened.store.channels.insert(channel)
      const queued = await enqueueStored(opened.store, newReply(user, { target: 'anna' }))
      const others = await enqueueStored(opened.store, newReply(user, { target: 'bert' }))
      const own = await enqueueStored(opened.store, newReply(user, { target: 'anna', by: 'human' }))
      // All in one commit, in this order.
      const [before, , failed, after, human, bert] = await Promise.all([
        replies().enqueue(newReply(user, { target: 'anna', clientId: 'early' })),
        opened.store.channels.put({ ...channel, takenOver: ['anna'] }, channel.revision),
        replies().failAgents('chat', 'anna', 'taken', T0),
        replies().enqueue(newReply(user, { target: 'anna', clientId: 'late', idempotency: { key: 'k', bodyHash: 'h' } })),
        replies().enqueue(newReply(user, { target: 'anna', by: 'human' })),
        replies().enqueue(newReply(user, { target: 'bert' })),
      ])
      expect([before.kind, after.kind, human.kind, bert.kind]).toEqual(['stored', 'taken_over', 'stored', 'stored'])
      expect(failed.map(({ responseId, state, reason }) => [responseId, state, reason])).toEqual(
        [queued.responseId, 'reply' in before && before.reply.responseId].map((id) => [id, 'failed', 'taken']),
      )
      for (const { responseId } of [own, others]) expect(await replies().byId(user, responseId)).toMatchObject({ state: 'queued' })
      await restart(opened)
      // A repeat keeps its answer, a refused one is not remembered.
      expect((await replies().enqueue(newReply(user, { target: 'anna', clientId: 'early' }))).kind).toBe('duplicate')
      await opened.store.channels.put({ ...channel, takenOver: [] }, channel.revision + 1)
      const again = newReply(user, { target: 'anna', clientId: 'late', idempotency: { key: 'k', bodyHash: 'h' } })
      expect((await replies().enqueue(again)).kind).toBe('stored')
    })

    it('relay:REP11 100 equal client ids at once are one reply with one id', async () => {
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, i) => replies().enqueue(newReply(user, { clientId: 'c', content: `${i}` }))),
      )
      expect(answers.filter(({ kind }) => kind === 'stored')).toHaveLength(1)
      const ids = answers.map((answer) => ('reply' in answer ? answer.reply.responseId : ''))
      expect(new Set(ids).size).toBe(1)
      expect(await replies().claimDue(T0, 500)).toHaveLength(1)
      const other = await addSession(opened.store)
      expect((await replies().enqueue(newReply(other, { clientId: 'c' }))).kind).toBe('stored')
    })

    it('relay:DUR3 an idempotency key answers with the first reply, and refuses another body', async () => {
      const idempotency = { key: 'k', bodyHash: 'h' }
      const answers = await Promise.all(Array.from({ length: 100 }, () => replies().enqueue(newReply(user, { idempotency }))))
      expect(answers.filter(({ kind }) => kind === 'stored')).toHaveLength(1)
      expect(answers.filter(({ kind }) => kind === 'duplicate')).toHaveLength(99)
      expect((await replies().enqueue(newReply(user, { idempotency: { key: 'k', bodyHash: 'other' } }))).kind).toBe('conflict')
      expect(
        (await replies().enqueue(newReply(user, { idempotency: { key: 'k', bodyHash: 'other' }, clientId: 'new' }))).kind,
      ).toBe('conflict')
      expect((await replies().enqueue(newReply(user, { clientId: 'new' }))).kind).toBe('stored')
    })

    it('relay:REP11 relay:DUR3 a repeat is known beforehand, without storing or taking anything', async () => {
      const idempotency = { key: 'k', bodyHash: 'h' }
      expect(await replies().repeated(user, { clientId: 'c', idempotency }, T0)).toBeUndefined()
      const reply = await enqueueStored(opened.store, newReply(user, { clientId: 'c', idempotency }))
      expect(await replies().repeated(user, { clientId: 'c' }, T0)).toEqual({ kind: 'duplicate', reply })
      expect(await replies().repeated(user, { idempotency }, T0 + DEDUP_KEPT_MS - 1)).toEqual({ kind: 'duplicate', reply })
      expect(await replies().repeated(user, { idempotency }, T0 + DEDUP_KEPT_MS)).toBeUndefined()
      expect(await replies().repeated(user, { clientId: 'c', idempotency: { key: 'k', bodyHash: 'x' } }, T0)).toEqual({
        kind: 'conflict',
      })
      expect(await replies().repeated(await addSession(opened.store), { clientId: 'c' }, T0)).toBeUndefined()
    })

    it('relay:CH10 deleting a channel fails what it has queued, and lets other channels be', async () => {
      await enqueueStored(opened.store, newReply(user, { content: '1' }))
      await enqueueStored(opened.store, newReply(user, { content: '2', target: 'bert' }))
      await enqueueStored(opened.store, newReply(user, { content: '3', channelId: 'chat2' }))
      const failed = await replies().failChannel('chat', 'The channel was deleted.', T0 + 1)
      expect(failed).toMatchObject([
        { content: '1', state: 'failed', reason: 'The channel was deleted.' },
        { content: '2', state: 'failed' },
      ])
      expect(contents(await replies().claimDue(T0 + 1, 10))).toEqual(['3'])
    })

    it('relay:CH12 relay:CUR3 lists responses of one channel strictly after a time or a position', async () => {
      for (let i = 1; i <= 5; i++) {
        await enqueueStored(opened.store, newReply(user, { content: `${i}`, now: T0 }))
        await enqueueStored(opened.store, newReply(user, { content: 'x', channelId: 'chat2' }))
      }
      const all = await replies().listResponses('chat', { since: 0 }, 10)
      expect(contents(all.replies)).toEqual(['1', '2', '3', '4', '5'])
      expect(all.replies.map(({ createdAt }) => createdAt - T0)).toEqual([0, 1, 2, 3, 4])
      expect(all.hasMore).toBe(false)
      expect(contents((await replies().listResponses('chat', { since: T0 + 2 }, 10)).replies)).toEqual(['4', '5'])
      expect(contents((await replies().listResponses('chat', { after: 4 }, 10)).replies)).toEqual(['5'])
      const page = await replies().listResponses('chat', { since: 0 }, 2)
      expect({ contents: contents(page.replies), hasMore: page.hasMore }).toEqual({ contents: ['1', '2'], hasMore: true })
      expect(await replies().listResponses('unknown', { since: 0 }, 2)).toEqual({ replies: [], hasMore: false })
    })

    it('relay:CUR5 a response stored after a poll has a greater time than the since of that poll', async () => {
      await enqueueStored(opened.store, newReply(user))
      await replies().handOut('chat', T0 + 20)
      expect((await enqueueStored(opened.store, newReply(user, { now: T0 + 3 }))).createdAt).toBe(T0 + 21)
    })

    it('relay:CUR5 also the very first response of a channel', async () => {
      await replies().handOut('fresh', T0 + 20)
      expect((await enqueueStored(opened.store, newReply(user, { channelId: 'fresh' }))).createdAt).toBe(T0 + 21)
    })

    it('relay:CH12 the responses of a deleted channel are not shown to whoever takes its id', async () => {
      await opened.store.channels.insert(newChannel(user, { id: 'chat' }))
      await enqueueStored(opened.store, newReply(user, { content: 'private' }))
      await opened.store.channels.remove('chat')
      const other = await addSession(opened.store)
      await opened.store.channels.insert(newChannel(other, { id: 'chat' }))
      await enqueueStored(opened.store, newReply(other, { content: 'new' }))
      expect(contents((await replies().listResponses('chat', { since: 0 }, 10)).replies)).toEqual(['new'])
    })

    it('relay:STO4 relay:REP11 expiry takes settled replies; a repeated client id still gets the first id', async () => {
      const settled = await enqueueStored(opened.store, newReply(user, { clientId: 'c', state: 'sent' }))
      const queued = await enqueueStored(opened.store, newReply(user, { target: 'bert' }))
      await expireAll(opened.store, { now: T0 + 8 * DAY, keptMs: 7 * DAY, keptMessages: 10 })
      expect(await replies().byId(user, settled.responseId)).toBeUndefined()
      expect(await replies().byId(user, queued.responseId)).toBeDefined()
      const repeat = await replies().enqueue(newReply(user, { clientId: 'c', now: T0 + 8 * DAY }))
      expect(repeat).toMatchObject({ kind: 'duplicate', reply: { responseId: settled.responseId } })
    })

    it('relay:STO4 relay:CH12 responses, their states and their files follow the age limit', async () => {
      const files = [{ id: 'f', filename: 'x.png', mimeType: 'image/png', kind: 'image' as const, bytes: new Uint8Array([1]) }]
      const settled = { clientId: 'old', state: 'sent' as const, content: 'old', files }
      const old = await enqueueStored(opened.store, newReply(user, settled))
      await enqueueStored(opened.store, newReply(user, { ...settled, clientId: 'new', content: 'new', now: T0 + 2 * DAY }))
      const limits = { keptMs: 30 * DAY, keptMessages: 10 }
      await expireAll(opened.store, { now: T0 + 30 * DAY, ...limits })
      expect(contents((await replies().listResponses('chat', { since: 0 }, 10)).replies)).toEqual(['old', 'new'])
      await expireAll(opened.store, { now: T0 + 31 * DAY, ...limits })
      expect(contents((await replies().listResponses('chat', { since: 0 }, 10)).replies)).toEqual(['new'])
      expect(await replies().byId(user, old.responseId)).toBeUndefined()
      expect((await opened.store.attachments.read(old.responseId, 'f'))?.state).not.toBe('stored')
    })

    it('relay:REP6 a reply of a session that is gone is refused', async () => {
      await expect(replies().enqueue(newReply('nobody'))).rejects.toMatchObject({ code: 'not_found' })
    })
  })
}
