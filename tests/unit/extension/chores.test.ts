import { afterEach, beforeEach, expect, it } from 'vitest'
import { createChores } from '../../../lib/app/chores.ts'
import type { Database } from '../../../lib/database/open.ts'
import { SEEN_KEPT_MS } from '../../../lib/inbox/housekeeping.ts'
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
const HOUR_MS = 60 * 60_000

beforeEach(async () => {
  db = await databaseWithProfile('http://127.0.0.1')
  timers = createFakeTimers()
})
afterEach(() => chores.close())

function start(): void {
  const listeners = new Set<(change: Change) => void>()
  tell = (change) => {
    for (const listener of listeners) listener(change)
  }
  const listen = (listener: (change: Change) => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  chores = createChores({ db, timers, changes: { listen } })
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
  expect(timers.waiting()).toHaveLength(1)
})

it('client:CDD7, APR15 tidies at the start and once an hour, however often the document is made', async () => {
  const stale = { state: 'done' as const, finishedAt: timers.now() - SEEN_KEPT_MS - 1 }
  const lease = { profileId: 'default', messageId: 'm', conversationId: 'c', attempts: 1, ...stale }
  await db.put('leases', lease)
  start()
  await timers.advance(0)
  expect(await db.count('leases')).toBe(0)
  await db.put('leases', lease)
  chores.close()
  start()
  await timers.advance(HOUR_MS - 1)
  expect(await db.count('leases')).toBe(1)
  await timers.advance(HOUR_MS)
  expect(await db.count('leases')).toBe(0)
})
