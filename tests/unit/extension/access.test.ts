import { beforeEach, describe, expect, it } from 'vitest'
import { forgetSession } from '../../../lib/profiles/leaveRelay.ts'
import { readAccess, renewToken } from '../../../lib/relay/access.ts'
import { type ClientWorld, createClientWorld, PROFILE } from './support/client.ts'
import { addProfile } from './support/database.ts'
import { createTestLocks } from './support/locks.ts'

describe('access to the session', () => {
  let world: ClientWorld
  beforeEach(async () => {
    world = await createClientWorld()
    await world.register()
  })
  const session = () => world.db.get('sessions', PROFILE)
  const answer = (over: object = {}) => ({ userId: 'user-1', apiKey: 'fresh', serverPublicKey: world.relay.key, ...over })

  it('client:ACC2, ACC3 asks for a token by the signed register, and to end the others only when that is wanted', async () => {
    const before = await session()
    const bodies: unknown[] = []
    world.relay.route({
      'POST /auth/register': (request) => {
        bodies.push(JSON.parse(request.body))
        return { json: answer({ userId: before?.userId }) }
      },
    })
    await renewToken(world, PROFILE, false)
    expect(await session()).toEqual({ ...before, apiKey: 'fresh' })
    await renewToken(world, PROFILE, true)
    const identity = await world.db.get('identities', PROFILE)
    expect(bodies).toEqual([
      { publicKey: identity?.publicKey, rotate: true },
      { publicKey: identity?.publicKey, rotate: true, revokeOthers: true },
    ])
  })

  it('client:ACC2 a token for somebody else is not kept, and a refusal changes nothing', async () => {
    const before = await session()
    world.relay.route({ 'POST /auth/register': () => ({ json: answer({ userId: 'somebody-else' }) }) })
    await renewToken(world, PROFILE, false)
    expect(await session()).toEqual(before)
    world.relay.route({
      'POST /auth/register': () => ({ status: 429, json: { error: 'Too many.', code: 'rate_limited', retryAfter: 9 } }),
    })
    await expect(renewToken(world, PROFILE, true)).rejects.toMatchObject({ code: 'rate_limited' })
    expect(await session()).toEqual(before)
  })

  it('client:ACC3 a pasted token is neither renewed nor made the only one: nothing is sent', async () => {
    const before = await session()
    if (before) await world.db.put('sessions', { ...before, bearer: true })
    world.relay.log()
    await expect(renewToken(world, PROFILE, true)).rejects.toMatchObject({ code: 'unsigned' })
    expect(world.relay.log()).toEqual([])
  })

  it('client:ACC1 an answer of another shape is refused, an older relay is known by its 404', async () => {
    world.relay.route({ 'GET /session': () => ({ json: { userId: 'u' } }) })
    await expect(readAccess(world.client, PROFILE)).rejects.toMatchObject({ code: 'bad_answer' })
    world.relay.route({ 'GET /session': () => ({ status: 404, json: { error: 'No such path.', code: 'not_found' } }) })
    await expect(readAccess(world.client, PROFILE)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('client:ACC4, PRF4 forgetting takes session, place, channels and secrets of this profile alone; key, pin and messages stay', async () => {
    const { db } = world
    await addProfile(db, 'https://relay.test', 'other')
    const rows = (profileId: string) => ({
      cursors: { profileId, seq: 4, epoch: 'e', timestamp: '' },
      channels: { profileId, id: 'c' },
      steps: { profileId, channelId: 'c' },
      vault: { profileId, name: 'c' },
      automations: { profileId, channelId: 'c' },
      settings: { key: `recovery:${profileId}`, value: {} },
      messages: { profileId, id: 'm' },
    })
    for (const profileId of [PROFILE, 'other'])
      for (const [store, row] of Object.entries(rows(profileId))) await db.put(store as 'channels', row as never)
    const stores = ['cursors', 'channels', 'steps', 'vault', 'automations', 'settings'] as const
    const pin = await db.get('pins', PROFILE)
    await forgetSession({ db, locks: createTestLocks() }, PROFILE)
    for (const store of stores)
      expect(
        (await db.getAll(store)).map((row) => JSON.stringify(row)).filter((row) => row.includes(PROFILE)),
        store,
      ).toEqual([])
    for (const store of stores) expect(await db.count(store), store).toBe(1)
    expect(await session()).toBeUndefined()
    expect(await db.get('pins', PROFILE)).toEqual(pin)
    expect(await db.get('identities', PROFILE)).toBeDefined()
    expect(await db.count('messages')).toBe(2)
  })
})
