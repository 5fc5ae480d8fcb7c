import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createChores } from '../../../lib/app/chores.ts'
import { changeSettings } from '../../../lib/app/settings.ts'
import type { Database } from '../../../lib/database/open.ts'
import { SEEN_KEPT_MS } from '../../../lib/inbox/housekeeping.ts'
import { changeMark } from '../../../lib/inbox/marking.ts'
import type { Change } from '../../../lib/messaging/changes.ts'
import { databaseWithProfile } from './support/database.ts'
import { receive } from './support/inbox.ts'
import { message } from './support/modelRelay.ts'
import { blockSizes } from './support/search.ts'
import { createFakeTimers, type FakeTimers } from './support/timers.ts'

let db: Database
let timers: FakeTimers
let chores: ReturnType<typeof createChores>
let tell: (change: Change) => void
let changed: Change[]
/** What the worker was told; `refuse`: it does not answer. */
let told: { messages: { id: string }[]; bulk: boolean; quiet?: boolean | undefined }[]
let refuse: boolean
const HOUR_MS = 60 * 60_000

beforeEach(async () => {
  db = await databaseWithProfile('http://127.0.0.1')
  timers = createFakeTimers()
  changed = []
  told = []
  refuse = false
})
afterEach(() => chores.close())

function start(): void {
  const listeners = new Set<(change: Change) => void>()
  tell = (change) => {
    changed.push(change)
    for (const listener of listeners) listener(change)
  }
  const listen = (listener: (change: Change) => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const worker = {
    async arrived(input: (typeof told)[number]): Promise<void> {
      told.push(input)
      if (refuse) throw new Error('no receiver')
    },
  }
  chores = createChores({ db, worker, timers, changes: { listen, tell } })
}

const numbers = (count: number, from = 1) => Array.from({ length: count }, (_one, place) => message(place + from))

it('client:SRC5 what waits when the browser starts is taken in, and what comes or goes after each change', async () => {
  await receive(db, numbers(300))
  start()
  await timers.advance(1_000)
  expect(await blockSizes(db)).toEqual([300])
  await receive(db, numbers(200, 301))
  await timers.advance(HOUR_MS / 2)
  expect(await blockSizes(db)).toEqual([300])
  for (let times = 0; times < 20; times++) tell({ topic: 'messages', profileId: 'default' })
  await timers.advance(1_000)
  expect(await blockSizes(db)).toEqual([500])
  expect(timers.waiting()).toHaveLength(2)
})

it('client:CDD7, APR15 tidies at the start and once an hour, however often the document is made', async () => {
  const stale = { state: 'done' as const, finishedAt: timers.now() - SEEN_KEPT_MS - 1 }
  const lease = { profileId: 'default', messageId: 'm', conversationId: 'c', attempts: 1, ...stale }
  await db.put('leases', lease)
  start()
  await timers.advance(0)
  expect(await db.count('leases')).toBe(0)
  await db.put('leases', lease)
  await chores.close()
  start()
  await timers.advance(HOUR_MS - 1)
  expect(await db.count('leases')).toBe(1)
  await timers.advance(HOUR_MS)
  expect(await db.count('leases')).toBe(0)
})

describe('a snooze', () => {
  const snooze = (ms: number) =>
    changeMark(db, { profileId: 'default', conversationId: 'c:a' }, { snoozedUntil: timers.now() + ms }, timers.now())
  const come = (seq: number) => receive(db, [message(seq, { metadata: { chatId: 'a' } })])
  const shown = () => told.map(({ messages, bulk, quiet }) => [messages.map(({ id }) => id), bulk, quiet ?? false])

  it('client:SNZ2 ends within a minute of its time, is told once, and pages hear of it', async () => {
    await come(1)
    await snooze(10 * 60_000)
    start()
    await timers.advance(9 * 60_000)
    expect(told).toEqual([])
    await timers.advance(2 * 60_000)
    expect(shown()).toEqual([[['m1'], false, false]])
    expect(changed).toContainEqual({ topic: 'messages', profileId: 'default', conversationId: 'c:a' })
    await timers.advance(5 * 60_000)
    expect(told).toHaveLength(1)
  })

  it('client:SNZ2 that ended while the browser was closed is told when it runs again; a worker that does not answer stops nothing', async () => {
    await come(1)
    await snooze(1_000)
    await timers.advance(3 * HOUR_MS)
    refuse = true
    start()
    await timers.advance(0)
    expect((await db.get('messages', ['default', 'm1']))?.read).toBe(0)
    expect(shown()).toEqual([[['m1'], false, false]])
    refuse = false
    await come(2)
    await snooze(1_000)
    await timers.advance(2 * 60_000)
    expect(shown()).toHaveLength(2)
  })

  it('client:SNZ2, DND2 that ends while nobody is to be disturbed counts at once and waits for the summary', async () => {
    await come(1)
    await snooze(60_000)
    const quiet = { on: false, from: 0, to: 0, days: [], until: timers.now() + 10 * 60_000 }
    await changeSettings(db, 'default', { quiet })
    start()
    await timers.advance(3 * 60_000)
    expect(shown()).toEqual([[['m1'], false, true]])
    await timers.advance(10 * 60_000)
    expect(shown().slice(1)).toEqual([[['m1'], true, false]])
  })
})
