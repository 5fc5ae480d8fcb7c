import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEDUP_KEPT_MS } from '#protocol/limits.ts'
import {
  addSession,
  appendStored,
  DAY,
  expireAll,
  newChannel,
  newMessage,
  type OpenedStore,
  restart,
  type StoreEngine,
  T0,
} from './engine.ts'

export function inboxContract(engine: StoreEngine): void {
  describe(`${engine.name}: inbox`, () => {
    let opened: OpenedStore
    let user: string
    beforeEach(async () => {
      opened = await engine.open()
      user = await addSession(opened.store)
    })
    afterEach(() => opened.close())
    const inbox = () => opened.store.inbox

    it('relay:CUR1 gives seqs from 1 without gaps and rising times, whatever the clock does', async () => {
      const times = [T0, T0, T0 - 5000, T0 + 1, T0 + 10]
      const stored = await Promise.all(times.map((now) => appendStored(opened.store, newMessage(user, { now }))))
      expect(stored.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
      expect(stored.map(({ timestamp }) => Date.parse(timestamp) - T0)).toEqual([0, 1, 2, 3, 10])
      const other = await addSession(opened.store)
      expect((await appendStored(opened.store, newMessage(other))).seq).toBe(1)
    })

    it('relay:CUR2 what append answers is what is read back', async () => {
      const message = newMessage(user, {
        content: 'a<b & c>d \u{1f600} Zürich\n\ttab',
        metadata: { channelDirection: 'inbound', raw: { list: [1, null, 'x'], text: 'ü' } },
        files: [
          { id: 'f1', filename: 'a.png', mimeType: 'image/png', kind: 'image', bytes: new Uint8Array([1, 2, 3]) },
          { id: 'f2', filename: 'm.html', mimeType: 'text/html', kind: 'file', role: 'html', sealedSource: 'sealed', size: 9 },
        ],
        target: 'anna',
      })
      const stored = await appendStored(opened.store, message)
      expect(stored).toEqual({
        id: message.id,
        seq: 1,
        userId: user,
        channelType: 'webhook',
        channelId: 'hook',
        from: 'webhook',
        content: message.content,
        timestamp: new Date(T0).toISOString(),
        attachments: [
          { id: 'f1', filename: 'a.png', mimeType: 'image/png', size: 3, kind: 'image' },
          { id: 'f2', filename: 'm.html', mimeType: 'text/html', size: 9, kind: 'file', role: 'html' },
        ],
        metadata: message.metadata,
      })
      expect(await inbox().readAfter(user, 0, 10)).toEqual([stored])
      expect(await inbox().byId(user, message.id)).toEqual(stored)
    })

    it('relay:CUR2 is invisible until committed, and every commit is told once and in order', async () => {
      const told: number[] = []
      const stop = inbox().onCommitted((messages) => told.push(...messages.map(({ seq }) => seq)))
      const toldBefore: number[] = []
      const pending = [1, 2, 3].map(() =>
        inbox()
          .append(newMessage(user))
          .then(() => toldBefore.push(told.length)),
      )
      expect(await inbox().readAfter(user, 0, 10)).toEqual([])
      await Promise.all(pending)
      expect(told).toEqual([1, 2, 3])
      expect(toldBefore[0]).toBeGreaterThan(0)
      await inbox().append(newMessage(user, { dedupKey: 'x' }))
      await inbox().append(newMessage(user, { dedupKey: 'x' }))
      stop()
      await inbox().append(newMessage(user))
      expect(told).toEqual([1, 2, 3, 4])
    })

    it('relay:CUR3 relay:CUR4 reads strictly after a seq or a time, ascending, at most the limit', async () => {
      for (let i = 1; i <= 50; i++) await inbox().append(newMessage(user, { now: T0 + i * 1000, content: `${i}` }))
      const seqs = (messages: { seq: number }[]) => messages.map(({ seq }) => seq)
      expect(seqs(await inbox().readAfter(user, 47, 10))).toEqual([48, 49, 50])
      expect(seqs(await inbox().readAfter(user, 0, 3))).toEqual([1, 2, 3])
      expect(await inbox().readAfter(user, 50, 3)).toEqual([])
      expect(await inbox().readAfter(user, 999, 3)).toEqual([])
      for (const [since, first] of [
        [0, 1],
        [T0 + 999, 1],
        [T0 + 1000, 2],
        [T0 + 24_500, 25],
        [T0 + 49_999, 50],
      ] as const) {
        expect((await inbox().readSince(user, since, 100))[0]?.seq).toBe(first)
        expect(await inbox().readSince(user, since, 100)).toHaveLength(51 - first)
      }
      expect(await inbox().readSince(user, T0 + 50_000, 100)).toEqual([])
      expect(await inbox().readAfter('nobody', 0, 10)).toEqual([])
    })

    it('relay:CUR5 a message stored after a poll has a greater time than the since of that poll, even if it arrived before', async () => {
      await inbox().handOut(user, T0 + 20)
      const late = await appendStored(opened.store, newMessage(user, { now: T0 + 5 }))
      expect(Date.parse(late.timestamp)).toBe(T0 + 21)
      expect(await inbox().readSince(user, T0 + 20, 10)).toEqual([late])
    })

    it('relay:CUR6 relay:CUR10 reading acknowledges nothing; the mark only rises and never above head', async () => {
      for (let i = 0; i < 5; i++) await inbox().append(newMessage(user))
      await inbox().readAfter(user, 0, 10)
      expect((await inbox().state(user)).acked).toBe(0)
      await inbox().ack(user, 3)
      await inbox().ack(user, 2)
      await inbox().ack(user, 6)
      expect((await inbox().state(user)).acked).toBe(3)
      await Promise.all([inbox().ack(user, 4), inbox().ack(user, 99), inbox().ack(user, 5), inbox().ack(user, 1)])
      expect((await inbox().state(user)).acked).toBe(5)
    })

    it('relay:CUR7 relay:CUR8 drops over age and over number, oldest first, and counts what a cursor misses', async () => {
      for (let i = 1; i <= 30; i++) await inbox().append(newMessage(user, { now: T0 + i * DAY }))
      await inbox().ack(user, 4)
      expect(await inbox().droppedAbove(user, 0)).toBe(0)
      const byAge = await expireAll(opened.store, { now: T0 + 31 * DAY, keptMs: 20 * DAY, keptMessages: 100 })
      expect(await inbox().state(user)).toMatchObject({ head: 30, oldest: 11, acked: 4 })
      expect(byAge.get(user)).toBe(6)
      expect(await inbox().droppedAbove(user, 0)).toBe(10)
      expect(await inbox().droppedAbove(user, 8)).toBe(2)
      expect(await inbox().droppedAbove(user, 10)).toBe(0)
      const byNumber = await expireAll(opened.store, { now: T0 + 31 * DAY, keptMs: 365 * DAY, keptMessages: 5 })
      expect((await inbox().readAfter(user, 0, 100)).map(({ seq }) => seq)).toEqual([26, 27, 28, 29, 30])
      expect(byNumber.get(user)).toBe(15)
      const again = await expireAll(opened.store, { now: T0 + 31 * DAY, keptMs: 365 * DAY, keptMessages: 5 })
      expect(again.size).toBe(0)
    })

    it('relay:CUR7 counts what is stored: deleted messages make room for older ones', async () => {
      const stored = []
      for (let i = 0; i < 10; i++) stored.push(await appendStored(opened.store, newMessage(user)))
      for (const message of stored.slice(4, 8)) await inbox().remove(user, message.id)
      await expireAll(opened.store, { now: T0, keptMs: DAY, keptMessages: 4 })
      expect((await inbox().readAfter(user, 0, 10)).map(({ seq }) => seq)).toEqual([3, 4, 9, 10])
      expect(await inbox().droppedAbove(user, 0)).toBe(6)
    })

    it('relay:CUR7 works through many sessions and many rows in slices', async () => {
      const users = await Promise.all(Array.from({ length: 30 }, () => addSession(opened.store)))
      await Promise.all(users.flatMap((userId) => Array.from({ length: 25 }, () => inbox().append(newMessage(userId)))))
      await Promise.all(Array.from({ length: 700 }, () => inbox().append(newMessage(user))))
      await expireAll(opened.store, { now: T0, keptMs: DAY, keptMessages: 10 })
      for (const userId of [...users, user]) expect(await inbox().readAfter(userId, 0, 1000)).toHaveLength(10)
    })

    it('relay:CUR1 seq and time go on when every message is gone', async () => {
      await inbox().append(newMessage(user, { now: T0 + 5000 }))
      await expireAll(opened.store, { now: T0 + 40 * DAY, keptMs: DAY, keptMessages: 10 })
      expect(await inbox().state(user)).toMatchObject({ head: 1, oldest: 2 })
      await restart(opened)
      const next = await appendStored(opened.store, newMessage(user, { now: T0 }))
      expect(next.seq).toBe(2)
      expect(Date.parse(next.timestamp)).toBe(T0 + 5001)
    })

    it('relay:STO6 relay:CUR8 a deleted message is gone with its files, counts as dropped, and only its owner can delete it', async () => {
      const files = [{ id: 'f', filename: 'a', mimeType: 'a/b', kind: 'file' as const, bytes: new Uint8Array([1]) }]
      const stored = [
        await appendStored(opened.store, newMessage(user)),
        await appendStored(opened.store, newMessage(user, { files })),
      ]
      await inbox().append(newMessage(user))
      const id = stored[1]?.id ?? ''
      const other = await addSession(opened.store)
      expect(await inbox().remove(other, id)).toBe(false)
      expect(await inbox().remove(user, id)).toBe(true)
      expect(await inbox().remove(user, id)).toBe(false)
      expect(await inbox().byId(user, id)).toBeUndefined()
      expect(await opened.store.attachments.read(id, 'f')).toBeUndefined()
      expect((await inbox().readAfter(user, 0, 10)).map(({ seq }) => seq)).toEqual([1, 3])
      expect(await inbox().droppedAbove(user, 0)).toBe(1)
      expect(await inbox().droppedAbove(user, 2)).toBe(0)
    })

    it('relay:CUR1 the newest message may be deleted and its seq is not given out again', async () => {
      const last = await appendStored(opened.store, newMessage(user))
      await inbox().remove(user, last.id)
      await restart(opened)
      expect((await appendStored(opened.store, newMessage(user))).seq).toBe(2)
    })

    it('relay:DUR2 a platform id is stored once per channel for 30 days, with the first answer', async () => {
      const first = await appendStored(opened.store, newMessage(user, { dedupKey: '77' }))
      expect(await inbox().append(newMessage(user, { dedupKey: '77', now: T0 + DEDUP_KEPT_MS - 1 }))).toEqual({
        kind: 'duplicate',
        messageId: first.id,
      })
      await appendStored(opened.store, newMessage(user, { dedupKey: '77', channelId: 'other' }))
      await appendStored(opened.store, newMessage(user, { dedupKey: '77', now: T0 + DEDUP_KEPT_MS }))
      expect((await inbox().state(user)).head).toBe(3)
    })

    it('relay:DUR2 ten thousand fold: five deliveries of each event, shuffled, are one message each', async () => {
      const events = Array.from({ length: 200 }, (_, i) => `event ${i}`)
      const deliveries = [0, 1, 2, 3, 4].flatMap((round) =>
        events.map((event, i) => ({ event, order: (i * 7919 + round * 104_729) % 1009 })),
      )
      deliveries.sort((a, b) => a.order - b.order)
      const answers = await Promise.all(
        deliveries.map(({ event }) => inbox().append(newMessage(user, { dedupKey: event, content: event }))),
      )
      expect(answers.filter(({ kind }) => kind === 'stored')).toHaveLength(200)
      const stored = await inbox().readAfter(user, 0, 500)
      expect(new Set(stored.map(({ content }) => content)).size).toBe(200)
    })

    it('relay:DUR3 of 100 equal idempotency keys at once one is stored and all get its answer; another body is a conflict', async () => {
      const idempotency = { key: 'k', bodyHash: 'h' }
      const answers = await Promise.all(Array.from({ length: 100 }, () => inbox().append(newMessage(user, { idempotency }))))
      const ids = answers.map((answer) =>
        answer.kind === 'stored' ? answer.message.id : answer.kind === 'duplicate' ? answer.messageId : '',
      )
      expect(answers.filter(({ kind }) => kind === 'stored')).toHaveLength(1)
      expect(new Set(ids).size).toBe(1)
      expect(await inbox().readAfter(user, 0, 10)).toHaveLength(1)
      expect(await inbox().append(newMessage(user, { idempotency: { key: 'k', bodyHash: 'other' } }))).toEqual({ kind: 'conflict' })
      expect((await inbox().append(newMessage(user, { idempotency, channelId: 'other' }))).kind).toBe('stored')
    })

    it('relay:DUR2 relay:DUR3 a platform id known under another idempotency key gives the first message to both keys', async () => {
      const first = await appendStored(opened.store, newMessage(user, { dedupKey: 'd' }))
      const repeat = { dedupKey: 'd', idempotency: { key: 'k', bodyHash: 'h' } }
      expect(await inbox().append(newMessage(user, repeat))).toEqual({ kind: 'duplicate', messageId: first.id })
      const sameKey = newMessage(user, { idempotency: { key: 'k', bodyHash: 'h' } })
      expect(await inbox().append(sameKey)).toEqual({ kind: 'duplicate', messageId: first.id })
    })

    it('relay:DUR1 relay:TG3 positions are committed with the message, also with one that is a duplicate', async () => {
      const at = (value: string) => ({ dedupKey: 'u1', positions: [{ key: 'offset', value }] })
      await inbox().append(newMessage(user, at('10')))
      expect(await opened.store.channels.position('hook', 'offset')).toBe('10')
      await inbox().append(newMessage(user, at('11')))
      expect(await opened.store.channels.position('hook', 'offset')).toBe('11')
    })

    it('relay:REP5 knows who wrote to a channel, who wrote last, and what a reply would answer', async () => {
      const channelId = 'chat'
      expect(await inbox().lastTarget(channelId)).toBeUndefined()
      const anna = await appendStored(opened.store, newMessage(user, { channelId, target: 'anna', metadata: { n: 1 } }))
      await inbox().append(newMessage(user, { channelId, target: 'bert', from: 'Bert', metadata: { n: 2 } }))
      await inbox().append(newMessage(user, { channelId: 'elsewhere', target: 'carl' }))
      expect(await inbox().lastTarget(channelId)).toBe('bert')
      const again = await appendStored(opened.store, newMessage(user, { channelId, target: 'anna', metadata: { n: 3 } }))
      expect(await inbox().lastTarget(channelId)).toBe('anna')
      expect(await inbox().knowsTarget(channelId, 'bert')).toBe(true)
      expect(await inbox().knowsTarget(channelId, 'carl')).toBe(false)
      expect(await inbox().origin(channelId, { messageId: anna.id })).toEqual({
        messageId: anna.id,
        target: 'anna',
        from: 'webhook',
        metadata: { n: 1 },
      })
      expect(await inbox().origin(channelId, { target: 'anna' })).toMatchObject({ messageId: again.id, metadata: { n: 3 } })
      expect(await inbox().origin('elsewhere', { messageId: anna.id })).toBeUndefined()
      expect(await inbox().origin(channelId, { target: 'nobody' })).toBeUndefined()
    })

    it('relay:CH10 whoever takes the id of a deleted channel meets neither its conversations nor its repeated ids', async () => {
      const { channels } = opened.store
      await channels.insert(newChannel(user, { id: 'chat' }))
      await inbox().append(
        newMessage(user, { channelId: 'chat', target: 'anna', dedupKey: 'd', positions: [{ key: 'p', value: '1' }] }),
      )
      expect(await channels.remove('chat')).toBe(true)
      expect(await inbox().readAfter(user, 0, 10)).toHaveLength(1)
      const other = await addSession(opened.store)
      await channels.insert(newChannel(other, { id: 'chat' }))
      expect(await inbox().knowsTarget('chat', 'anna')).toBe(false)
      expect(await inbox().lastTarget('chat')).toBeUndefined()
      expect(await channels.position('chat', 'p')).toBeUndefined()
      expect((await inbox().append(newMessage(other, { channelId: 'chat', dedupKey: 'd' }))).kind).toBe('stored')
    })

    it('relay:ADM6 relay:ADM7 lists the newest first, over all sessions and page by page for one', async () => {
      const other = await addSession(opened.store)
      for (let i = 1; i <= 6; i++) await inbox().append(newMessage(i % 2 ? user : other, { now: T0 + i, content: `${i}` }))
      const contents = (messages: { content: string }[]) => messages.map(({ content }) => content)
      expect(contents(await inbox().recent(4))).toEqual(['6', '5', '4', '3'])
      const page = await inbox().recent(2, user)
      expect(contents(page)).toEqual(['5', '3'])
      expect(contents(await inbox().recent(2, user, page.at(-1)?.seq))).toEqual(['1'])
    })

    it('relay:DUR1 a message for a session that is gone is refused and hurts nobody else', async () => {
      const [refused, stored] = await Promise.allSettled([inbox().append(newMessage('nobody')), inbox().append(newMessage(user))])
      expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'unknown_channel' } })
      expect(stored.status).toBe('fulfilled')
      await expect(inbox().state('nobody')).rejects.toMatchObject({ code: 'not_found' })
    })
  })
}
