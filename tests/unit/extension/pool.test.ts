import { beforeEach, describe, expect, it } from 'vitest'
import { createPool } from '../../../lib/app/pool.ts'
import type { Database } from '../../../lib/database/open.ts'
import { addProfile, databaseWithProfile } from './support/database.ts'
import { createTestLocks } from './support/locks.ts'
import { stateOf } from './support/runner.ts'
import { createFakeSockets } from './support/sockets.ts'
import { createFakeTimers, type FakeTimers } from './support/timers.ts'

const URL_ = 'https://relay.test'
let db: Database
let timers: FakeTimers

beforeEach(async () => {
  timers = createFakeTimers()
  db = await databaseWithProfile(URL_)
})

describe('several profiles', () => {
  function pool() {
    const started: string[] = []
    const made = createPool({
      ...({} as Parameters<typeof createPool>[0]),
      db,
      timers,
      random: () => 0,
      locks: createTestLocks(),
      changes: { tell: () => undefined, listen: () => () => undefined, close: () => undefined },
      connect: createFakeSockets().connect,
      worker: {
        arrived: async () => undefined,
        connectionChanged: async () => undefined,
        approvalsChanged: async () => undefined,
        removed: async () => undefined,
        sessionLost: async () => undefined,
      },
      client: { ask: () => new Promise(() => undefined), send: () => new Promise(() => undefined) },
      registrar: {
        identify: async () => undefined,
        ensure: async (profileId) => {
          started.push(profileId)
          await new Promise(() => undefined)
        },
        reissue: () => new Promise(() => undefined),
      },
    })
    return { started, made }
  }

  it('client:SOC14, PRF3 those that are not stopped connect, spread over 3 s', async () => {
    for (const id of ['b', 'c', 'd']) await addProfile(db, URL_, id)
    const profile = await db.get('profiles', 'd')
    if (profile) await db.put('profiles', { ...profile, stopped: true })
    const { started, made } = pool()
    await made.sync()
    await timers.advance(0)
    expect(started).toEqual(['b'])
    await timers.advance(1_000)
    expect(started).toEqual(['b', 'c'])
    await timers.advance(2_000)
    expect(started).toEqual(['b', 'c', 'default'])
    expect(await stateOf(db, 'd')).toBe('stopped')
    await made.close()
  })

  it('client:SOC9, URL5, ARC4 follows stop, start and another address; asked twice it starts one', async () => {
    const { started, made } = pool()
    await Promise.all([made.sync(), made.sync()])
    await timers.advance(0)
    expect(started).toEqual(['default'])
    const profile = await db.get('profiles', 'default')
    if (!profile) throw new Error('no profile')
    await db.put('profiles', { ...profile, relayUrl: 'https://other.test' })
    await made.sync()
    await timers.advance(0)
    expect(started).toEqual(['default', 'default'])
    await db.put('profiles', { ...profile, stopped: true })
    await made.sync()
    expect(await made.runner('default')).toBeUndefined()
    expect(await stateOf(db)).toBe('stopped')
    await made.close()
  })

  it('client:SOC8 tells pages of a relay on this computer, which being offline does not part us from', async () => {
    const profile = await db.get('profiles', 'default')
    if (!profile) throw new Error('no profile')
    await db.put('profiles', { ...profile, id: 'b', relayUrl: 'http://[::1]:8787/relay' })
    const { made } = pool()
    await made.sync()
    await timers.advance(3_000)
    const local = async (id: string) => (await db.get('connections', id))?.local
    expect([await local('b'), await local('default')]).toEqual([true, undefined])
    await made.close()
  })
})
