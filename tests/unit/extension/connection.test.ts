import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../../lib/database/open.ts'
import { databaseWithProfile } from './support/database.ts'
import { createFakeRelay, type FakeRelay } from './support/fakeRelay.ts'
import { createModelRelay, type ModelRelay } from './support/modelRelay.ts'
import { startRunner, stateOf, type TestRunner } from './support/runner.ts'
import { createFakeSockets } from './support/sockets.ts'
import { createFakeTimers, type FakeTimers, settle, until } from './support/timers.ts'

const URL_ = 'https://relay.test/chaos'
let db: Database
let timers: FakeTimers
let relay: FakeRelay
let list: ModelRelay
let sockets: ReturnType<typeof createFakeSockets>
let runner: TestRunner
let tickets: number

beforeEach(async () => {
  timers = createFakeTimers()
  relay = await createFakeRelay({ now: timers.now, prefix: '/chaos' })
  list = createModelRelay()
  sockets = createFakeSockets()
  tickets = 0
  db = await databaseWithProfile(URL_)
  relay.route({
    'POST /ws/ticket': () => ({ json: { ticket: `t${++tickets}`, expiresInSeconds: 30 } }),
    'GET /messages': ({ target }) => {
      const query = new URLSearchParams(target.split('?')[1])
      return { json: list.page(Number(query.get('after')), query.get('epoch') ?? undefined, Number(query.get('limit'))) }
    },
  })
})
afterEach(() => runner?.close())

async function opening(): Promise<void> {
  runner = startRunner({ db, timers, fetch: relay.fetch, connect: sockets.connect })
  await settle(30)
}

type Greeting = Parameters<FakeRelay['hello']>[1]
async function greet(more: Greeting = {}): Promise<void> {
  const socket = sockets.last()
  socket.accept()
  socket.say(await relay.hello(`t${tickets}`, { epoch: list.epoch, head: list.head, ...more }))
  await settle(20)
}

async function connect(): Promise<void> {
  await opening()
  await greet()
  for (const one of list.after(Number(sockets.last().sent[0]?.cursor)))
    sockets.last().say({ type: 'message', seq: one.seq, message: one })
  sockets.last().say({ type: 'resumed', epoch: list.epoch, recovered: true, dropped: 0, head: list.head })
  await settle(20)
}
const push = () => {
  const one = list.append()
  sockets.last().say({ type: 'message', seq: one.seq, message: one })
}
const acks = () => sockets.last().sent.flatMap((frame) => (frame.type === 'ack' ? [frame.seq] : []))

describe('opening', () => {
  it('client:SOC1 the ticket goes as a subprotocol, never in the address, and once', async () => {
    await opening()
    const { url, protocols } = sockets.last()
    expect([url, protocols]).toEqual(['wss://relay.test/chaos/ws', ['chaos.v2', 'ticket.t1']])
    sockets.last().end(1006)
    await timers.advance(2_000)
    expect(sockets.last().protocols).toEqual(['chaos.v2', 'ticket.t2'])
  })

  it('client:SOC2, SOC3 resume follows a verified hello, and connected follows resumed', async () => {
    await opening()
    expect(sockets.last().sent).toEqual([])
    await greet()
    expect(sockets.last().sent).toEqual([{ type: 'resume', cursor: 0, epoch: 'e1' }])
    expect(await stateOf(db)).toBe('catching_up')
    sockets.last().say({ type: 'resumed', epoch: 'e1', recovered: true, dropped: 0, head: 0 })
    await settle(20)
    expect(await stateOf(db)).toBe('connected')
  })

  it.each<[string, Greeting]>([
    ['signed by somebody else', { forge: true }],
    ['for another user', { user: 'somebody' }],
    ['6 minutes old', { at: -6 * 60_000 }],
  ])('client:SOC2, PIN2 a hello %s gets no resume', async (_name, more) => {
    await opening()
    await greet(more)
    expect(sockets.all[0]?.sent).toEqual([])
    expect(sockets.all[0]?.closedWith).toBe(1000)
    expect(await stateOf(db)).toBe('reconnecting')
  })

  it('client:SOC2 a hello that was signed for another ticket gets no resume', async () => {
    await opening()
    sockets.last().accept()
    sockets.last().say(await relay.hello('t0'))
    await settle(20)
    expect(sockets.all[0]?.sent).toEqual([])
  })

  it('client:PIN4 a hello signed by the key of another relay blocks when a register shows that key', async () => {
    await opening()
    const ticket = `t${tickets}`
    await relay.wipe()
    sockets.last().accept()
    sockets.last().say(await relay.hello(ticket))
    await settle(30)
    expect(await stateOf(db)).toBe('blocked')
    expect(sockets.last().closedWith).toBe(1000)
  })

  it('client:SOC2 nothing is stored from a socket that has not greeted', async () => {
    await opening()
    sockets.last().accept()
    push()
    await settle()
    expect(await db.count('messages')).toBe(0)
  })
})

describe('frames', () => {
  beforeEach(connect)

  it('client:SOC11 unknown frames are ignored, malformed ones counted, and the connection stays', async () => {
    sockets.last().say({ type: 'surprise', much: 1 })
    sockets.last().say('{"type":')
    sockets.last().say('[]')
    sockets.last().say({ type: 'message' })
    sockets.last().say(new ArrayBuffer(4))
    push()
    await settle(20)
    expect(await db.get('connections', 'default')).toMatchObject({ state: 'connected', malformedFrames: 4 })
    expect(await db.count('messages')).toBe(1)
  })

  it('client:SOC4 pings after 20 s; silence for 10 s more closes and reconnects', async () => {
    await timers.advance(20_000)
    expect(sockets.last().sent.at(-1)).toEqual({ type: 'ping' })
    sockets.last().say({ type: 'pong' })
    await timers.advance(20_000)
    expect(sockets.last().closedWith).toBeUndefined()
    await timers.advance(10_000)
    expect(sockets.all[0]?.closedWith).toBe(1000)
  })

  it('client:SOC10 a message that was never pushed is found by the poll after 120 s, or at once by "Poll now"', async () => {
    list.append()
    const alive = async (seconds: number) => {
      for (let second = 0; second < seconds; second += 20) {
        await timers.advance(20_000)
        sockets.last().say({ type: 'pong' })
        await settle(20)
      }
    }
    await alive(100)
    expect(await db.count('messages')).toBe(0)
    await alive(20)
    expect(await db.count('messages')).toBe(1)
    list.append()
    list.append()
    expect(await runner.pollNow()).toBe(2)
    expect(await runner.pollNow()).toBe(0)
  })

  it('client:CDD13 a hole in what is pushed is filled by a poll', async () => {
    list.append()
    push()
    await settle(30)
    expect((await db.getAllFromIndex('messages', 'time')).map(({ seq }) => seq)).toEqual([1, 2])
    expect(await db.get('cursors', 'default')).toMatchObject({ seq: 2 })
  })

  it('client:CDD1, CDD8 acks follow the commit, at most one per 250 ms', async () => {
    push()
    expect(acks()).toEqual([])
    await settle(20)
    expect(acks()).toEqual([1])
    for (let count = 0; count < 5; count++) {
      push()
      await settle(4)
    }
    await settle()
    expect(acks()).toEqual([1])
    await timers.advance(250)
    expect(acks()).toEqual([1, 6])
  })

  it('client:CDD2 a batch that cannot be stored is not acknowledged, and the connection starts over from the cursor', async () => {
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...given: Parameters<typeof put>) {
      if (this.name === 'messages') throw new DOMException('broken', 'UnknownError')
      return put.apply(this, given)
    }
    push()
    await settle(20)
    IDBObjectStore.prototype.put = put
    expect(acks()).toEqual([])
    expect(sockets.all[0]?.closedWith).toBe(1000)
    await timers.advance(2_000)
    await until(async () => (await db.count('messages')) === 1, 'the message to be stored')
  })

  /** Every transaction that writes a message ends as on a full disk. Resolves to the undoing. */
  function fillDisk(): () => void {
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...given: Parameters<typeof put>) {
      const { transaction } = this
      if (this.name === 'messages') {
        Object.defineProperty(transaction, 'error', { value: new DOMException('full', 'QuotaExceededError') })
        queueMicrotask(() => transaction.abort())
      }
      return put.apply(this, given)
    }
    return () => {
      IDBObjectStore.prototype.put = put
    }
  }

  it.each(['push', 'poll'])(
    'client:CDD10 a full disk met by a %s stops the acks, says so, and is over when there is room',
    async (way) => {
      const undo = fillDisk()
      if (way === 'push') push()
      else {
        list.append()
        sockets.last().end(1012)
        await timers.advance(1_000)
      }
      await settle(20)
      undo()
      expect(await db.get('connections', 'default')).toMatchObject({
        state: 'reconnecting',
        storageFull: true,
        reason: expect.stringContaining('Storage full'),
      })
      expect(await db.get('cursors', 'default')).toMatchObject({ seq: 0 })
      await timers.advance(59_000)
      expect(await db.count('messages')).toBe(0)
      await timers.advance(2_000)
      await settle(20)
      expect(await db.count('messages')).toBe(1)
      expect((await db.get('connections', 'default'))?.storageFull).toBeUndefined()
    },
  )
})
