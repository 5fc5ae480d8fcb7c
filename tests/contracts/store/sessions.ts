import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NONCE_KEPT_MS } from '#protocol/limits.ts'
import type { OpenedStore, StoreEngine } from './engine.ts'
import {
  addSession,
  appendStored,
  DAY,
  enqueueStored,
  expireAll,
  fresh,
  newChannel,
  newMessage,
  newReply,
  restart,
  T0,
} from './engine.ts'

const key = (letter: string) => ({ kty: 'EC' as const, crv: 'P-256' as const, x: letter.repeat(43), y: letter.repeat(43) })

export function sessionsContract(engine: StoreEngine): void {
  describe(`${engine.name}: sessions, tokens, nonces, channels, meta`, () => {
    let opened: OpenedStore
    beforeEach(async () => {
      opened = await engine.open()
    })
    afterEach(() => opened.close())
    const sessions = () => opened.store.sessions

    it('relay:REG3 relay:REG4 relay:CUR9 a key has one session, found by key, user and token, also after a restart', async () => {
      const wanted = {
        userId: fresh('user'),
        publicKey: key('A'),
        signedBefore: false,
        epoch: 'e1',
        tokenHash: 't1',
        sealedToken: 's1',
        now: T0,
      }
      const created = await sessions().create(wanted)
      const session = { userId: wanted.userId, publicKey: key('A'), signedBefore: false, epoch: 'e1', createdAt: T0 }
      expect(created).toEqual({ created: true, session })
      const again = await sessions().create({ ...wanted, userId: fresh('user'), epoch: 'e2', tokenHash: 't2' })
      expect(again).toEqual({ created: false, session })
      await restart(opened)
      if (engine.durable) expect(await sessions().byUserId(wanted.userId)).toEqual(session)
      expect(await sessions().byTokenHash('t1')).toEqual(session)
      expect(await sessions().byKey(key('A'))).toEqual(session)
      expect(await sessions().byTokenHash('t2')).toBeUndefined()
      expect(await sessions().byKey(key('B'))).toBeUndefined()
      expect(await sessions().byUserId('nobody')).toBeUndefined()
    })

    it('relay:REG3 100 registrations of one key at once make one session', async () => {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () =>
          sessions().create({
            userId: fresh('user'),
            publicKey: key('C'),
            signedBefore: true,
            epoch: 'e',
            tokenHash: fresh('t'),
            sealedToken: 's',
            now: T0,
          }),
        ),
      )
      expect(answers.filter(({ created }) => created)).toHaveLength(1)
      expect(new Set(answers.map(({ session }) => session.userId)).size).toBe(1)
      expect(await sessions().list()).toHaveLength(1)
    })

    it('relay:SES1 tokens are told newest first, as many as are wanted, and only those of the session', async () => {
      const mine = await addSession(opened.store)
      const other = await addSession(opened.store)
      const before = await sessions().tokens(mine, 9)
      expect(before).toHaveLength(1)
      await sessions().addToken(mine, 'second', 's', T0 + 1)
      await sessions().addToken(mine, 'third', 's', T0 + 2)
      await restart(opened)
      const all = [{ tokenHash: 'third', createdAt: T0 + 2 }, { tokenHash: 'second', createdAt: T0 + 1 }, ...before]
      if (engine.durable) expect(await sessions().tokens(mine, 9)).toEqual(all)
      expect(await sessions().tokens(mine, 2)).toEqual(all.slice(0, 2))
      expect(await sessions().countTokens(mine)).toBe(3)
      expect(await sessions().countTokens(other)).toBe(1)
      await sessions().revokeTokensExcept(mine, 'second')
      expect(await sessions().tokens(mine, 9)).toEqual(all.slice(1, 2))
      expect(await sessions().tokens('nobody', 9)).toEqual([])
      expect(await sessions().countTokens('nobody')).toBe(0)
    })

    it('relay:REG1 sessions without a key are never the same', async () => {
      const first = await addSession(opened.store)
      const second = await addSession(opened.store)
      expect((await sessions().list()).map(({ userId }) => userId)).toEqual([first, second])
      await sessions().markSigned(second)
      expect((await sessions().byUserId(first))?.signedBefore).toBe(false)
      expect((await sessions().byUserId(second))?.signedBefore).toBe(true)
    })

    it('relay:REG7 older tokens stay valid until they are ended, and the newest is known', async () => {
      const user = await addSession(opened.store, { tokenHash: 'h1', sealedToken: 's1' })
      const other = await addSession(opened.store, { tokenHash: 'other' })
      await sessions().addToken(user, 'h2', 's2', T0)
      await sessions().addToken(user, 'h3', 's3', T0)
      expect(await sessions().newestToken(user)).toEqual({ tokenHash: 'h3', sealedToken: 's3' })
      expect((await sessions().byTokenHash('h1'))?.userId).toBe(user)
      expect((await sessions().revokeTokensExcept(user, 'h2')).sort()).toEqual(['h1', 'h3'])
      expect(await sessions().newestToken(user)).toEqual({ tokenHash: 'h2', sealedToken: 's2' })
      expect(await sessions().byTokenHash('h1')).toBeUndefined()
      expect((await sessions().byTokenHash('other'))?.userId).toBe(other)
    })

    it('relay:SIG8 of 100 equal nonces at once exactly one passes; other sessions may use it; it is forgotten after its time', async () => {
      const user = await addSession(opened.store)
      const other = await addSession(opened.store)
      const { nonces } = opened.store
      const answers = await Promise.all(Array.from({ length: 100 }, () => nonces.remember(user, 'n', T0)))
      expect(answers.filter(Boolean)).toHaveLength(1)
      expect(await nonces.remember(other, 'n', T0)).toBe(true)
      await restart(opened)
      expect(await opened.store.nonces.remember(user, 'n', T0 + NONCE_KEPT_MS - 1)).toBe(false)
      expect(await opened.store.nonces.remember(user, 'n', T0 + NONCE_KEPT_MS)).toBe(true)
      await expireAll(opened.store, { now: T0 + 1, keptMs: DAY, keptMessages: 10 })
      expect(await opened.store.nonces.remember(user, 'n', T0 + NONCE_KEPT_MS + 1)).toBe(false)
    })

    it('relay:ADM8 relay:STO6 removing a session removes everything of it and nothing else', async () => {
      const [user, other] = [await addSession(opened.store, { tokenHash: 'gone' }), await addSession(opened.store)]
      for (const owner of [user, other]) {
        await opened.store.channels.insert(newChannel(owner, { id: `c-${owner}` }))
        await Promise.all(
          Array.from({ length: 1200 }, () => opened.store.inbox.append(newMessage(owner, { channelId: `c-${owner}` }))),
        )
      }
      const files = [{ id: 'f', filename: 'a', mimeType: 'a/b', kind: 'file' as const, bytes: new Uint8Array([1]) }]
      const message = await appendStored(opened.store, newMessage(user, { channelId: `c-${user}`, target: 'anna', files }))
      const reply = await enqueueStored(opened.store, newReply(user, { channelId: `c-${user}` }))
      expect(await sessions().remove(user)).toBe(true)
      expect(await sessions().remove(user)).toBe(false)
      expect(await sessions().byTokenHash('gone')).toBeUndefined()
      expect(await opened.store.inbox.readAfter(user, 0, 10)).toEqual([])
      expect(await opened.store.inbox.origin(`c-${user}`, { messageId: message.id })).toBeUndefined()
      expect(await opened.store.inbox.knowsTarget(`c-${user}`, 'anna')).toBe(false)
      expect(await opened.store.attachments.read(message.id, 'f')).toBeUndefined()
      expect(await opened.store.replies.byId(user, reply.responseId)).toBeUndefined()
      expect(await opened.store.replies.claimDue(T0, 10)).toEqual([])
      expect((await opened.store.channels.load()).map(({ id }) => id)).toEqual([`c-${other}`])
      expect((await opened.store.inbox.state(other)).head).toBe(1200)
      expect(await opened.store.inbox.readAfter(other, 0, 2000)).toHaveLength(1200)
      const next = await addSession(opened.store)
      expect((await opened.store.inbox.state(next)).head).toBe(0)
    })

    it('relay:CH4 a channel id is held by one channel; load gives them in creation order', async () => {
      const user = await addSession(opened.store)
      const first = newChannel(user, { name: 'first', secrets: { webhook: 'sealed' } })
      const second = newChannel(user)
      expect(await opened.store.channels.insert(first)).toBe(true)
      expect(await opened.store.channels.insert(second)).toBe(true)
      expect(await opened.store.channels.insert({ ...newChannel('other'), id: first.id })).toBe(false)
      await restart(opened)
      if (engine.durable) expect(await opened.store.channels.load()).toEqual([first, second])
      expect(await opened.store.channels.remove(first.id)).toBe(true)
      expect(await opened.store.channels.remove(first.id)).toBe(false)
      expect(await opened.store.channels.insert(first)).toBe(true)
      expect((await opened.store.channels.load()).map(({ id }) => id)).toEqual([second.id, first.id])
    })

    it('relay:CH8 a change needs the revision it was based on, so of concurrent ones exactly one is stored', async () => {
      const channel = newChannel(await addSession(opened.store))
      await opened.store.channels.insert(channel)
      const answers = await Promise.all(['a', 'b', 'c'].map((name) => opened.store.channels.put({ ...channel, name }, 1)))
      expect(answers).toEqual([true, false, false])
      expect(await opened.store.channels.load()).toEqual([{ ...channel, name: 'a', revision: 2 }])
      expect(await opened.store.channels.put({ ...channel, name: 'd' }, 2)).toBe(true)
      expect((await opened.store.channels.load())[0]?.revision).toBe(3)
      expect(await opened.store.channels.put({ ...channel, id: 'unknown' }, 1)).toBe(false)
    })

    it('relay:STO4 sessions, their tokens and channels do not expire, however long nothing happens', async () => {
      const user = await addSession(opened.store, { publicKey: key('C'), tokenHash: 'kept', sealedToken: 'sealed' })
      const channel = newChannel(user)
      await opened.store.channels.insert(channel)
      await opened.store.channels.setPosition(channel.id, 'offset', '7')
      await appendStored(opened.store, newMessage(user))
      await expireAll(opened.store, { now: T0 + 3650 * DAY, keptMs: 30 * DAY, keptMessages: 1 })
      expect(await opened.store.inbox.readAfter(user, 0, 10)).toEqual([])
      expect((await sessions().byTokenHash('kept'))?.userId).toBe(user)
      expect((await sessions().byKey(key('C')))?.userId).toBe(user)
      expect(await opened.store.channels.load()).toEqual([channel])
      expect(await opened.store.channels.position(channel.id, 'offset')).toBe('7')
      expect((await opened.store.inbox.state(user)).head).toBe(1)
    })

    it('relay:SRV3 relay:TG3 small values and positions are kept over a restart', async () => {
      expect(await opened.store.meta.get('k')).toBeUndefined()
      await opened.store.meta.set('k', '1')
      await opened.store.meta.set('k', '2')
      await opened.store.channels.setPosition('c', 'offset', '5')
      await restart(opened)
      expect(await opened.store.meta.get('k')).toBe('2')
      expect(await opened.store.channels.position('c', 'offset')).toBe('5')
      expect(await opened.store.channels.position('c', 'other')).toBeUndefined()
    })

    it('relay:DUR4 lists the positions of one channel whose key begins in a way', async () => {
      const { channels } = opened.store
      for (const [channel, key] of [
        ['c', 'last:2'],
        ['c', 'last:1'],
        ['c', 'LAST:3'],
        ['c', 'l%st:4'],
        ['other', 'last:5'],
      ] as const)
        await channels.setPosition(channel, key, `of ${key}`)
      expect(await channels.positions('c', 'last:')).toEqual([
        { key: 'last:1', value: 'of last:1' },
        { key: 'last:2', value: 'of last:2' },
      ])
      expect(await channels.positions('c', 'l%')).toEqual([{ key: 'l%st:4', value: 'of l%st:4' }])
      expect(await channels.positions('none', '')).toEqual([])
      await channels.setPosition('c', 'last:1', 'moved')
      expect((await channels.positions('c', 'last:'))[0]?.value).toBe('moved')
    })

    it('relay:HLT1 relay:HLT2 the probe really writes and reads, and operations are counted', async () => {
      const before = opened.store.maintenance.stats().ops
      await opened.store.maintenance.probe()
      await opened.store.maintenance.probe()
      expect(opened.store.maintenance.stats()).toMatchObject({ errors: 0 })
      expect(opened.store.maintenance.stats().ops).toBeGreaterThan(before)
    })
  })
}
