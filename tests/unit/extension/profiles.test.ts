import { beforeEach, describe, expect, it } from 'vitest'
import { changeSettings, readKeepMessages, readSettings } from '../../../lib/app/settings.ts'
import type { Database } from '../../../lib/database/open.ts'
import { createProfile, type NewProfile } from '../../../lib/profiles/create.ts'
import { freeName, profileName } from '../../../lib/profiles/names.ts'
import { listProfiles, profileToShow } from '../../../lib/profiles/queries.ts'
import { removeProfile } from '../../../lib/profiles/remove.ts'
import { ensureDefaultProfile } from '../../../lib/profiles/setup.ts'
import { renameProfile } from '../../../lib/profiles/store.ts'
import { createKeyPair } from '../../../lib/relay/keys.ts'
import { addProfile, databaseWithProfile, freshDatabase } from './support/database.ts'
import { createTestLocks } from './support/locks.ts'
import { settle } from './support/timers.ts'

let db: Database
let world: { db: Database; locks: ReturnType<typeof createTestLocks>; now: () => number }
let clock = 0

beforeEach(async () => {
  db = await databaseWithProfile('https://home.test')
  world = { db, locks: createTestLocks(), now: () => ++clock }
})

async function create(name: string, more: Partial<NewProfile> = {}): Promise<string> {
  const identity = { ...(await createKeyPair()), createdAt: 1 }
  return createProfile(world, { name, relayUrl: 'https://home.test', identity, ...more })
}
const names = async () => (await listProfiles(db)).map(({ name }) => name)

describe('names', () => {
  it.each([
    ['work', 'work'],
    ['Work Laptop!', 'work-laptop'],
    ['--a  b__c.d--', 'a-b__c.d'],
    ['büro', 'b-ro'],
    ['日本', 'default'],
    ['', 'default'],
    ['  ', 'default'],
    ['Default', 'default'],
    ['../etc/passwd', '..-etc-passwd'],
    ['<b>x</b>', 'b-x-b'],
    ['a'.repeat(100), 'a'.repeat(40)],
    [`${'a'.repeat(39)}--b`, 'a'.repeat(39)],
  ])('client:PRF1 %j becomes %j', (words, name) => {
    expect(profileName(words)).toBe(name)
    expect(profileName(name)).toBe(name)
  })

  it('client:IDN7 a taken name gets a suffix', () => {
    expect(freeName('home', [])).toBe('home')
    expect(freeName('home', ['home', 'home-2'])).toBe('home-3')
  })
})

describe('a new profile', () => {
  it('client:PRF2, IDN1 has a key of its own that cannot leave, and an id nothing was ever kept under', async () => {
    const id = await create('Work')
    expect(await db.get('profiles', id)).toMatchObject({ name: 'work', relayUrl: 'https://home.test', stopped: false })
    const keys = await db.getAll('identities')
    expect(new Set(keys.map(({ publicKey }) => publicKey.x)).size).toBe(2)
    expect((await db.get('identities', id))?.privateKey.extractable).toBe(false)
    await removeProfile(world, id)
    expect(await create('Work')).not.toBe(id)
  })

  it('client:PRF1 a name that is taken, however it is written, is refused; so is one with a bad address', async () => {
    await create('work')
    await expect(create(' WORK ')).rejects.toMatchObject({ code: 'name_taken' })
    await expect(create('')).rejects.toMatchObject({ code: 'name_taken' })
    await expect(create('other', { relayUrl: 'http://relay.test' })).rejects.toMatchObject({ code: 'relay_address' })
    expect(await names()).toEqual(['default', 'work'])
    expect(await db.count('identities')).toBe(2)
  })

  it('client:PRF3 there are at most 10, also when two are made at once', async () => {
    for (let n = 2; n <= 9; n++) await create(`p${n}`)
    const both = await Promise.allSettled([create('tenth'), create('eleventh')])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'too_many_profiles' } })
    expect(await db.count('profiles')).toBe(10)
  })

  it('client:IDN7 a key that another profile has is refused, and nothing is left of the attempt', async () => {
    const identity = await db.get('identities', 'default')
    if (!identity) throw new Error('no key')
    await expect(create('twin', { identity })).rejects.toMatchObject({ code: 'key_present' })
    expect(await names()).toEqual(['default'])
  })

  it('client:PRF1 another name: normalised, refused if taken, its own one again allowed', async () => {
    const id = await create('work')
    await renameProfile(db, id, 'Day Job')
    expect(await names()).toEqual(['default', 'day-job'])
    await expect(renameProfile(db, id, 'default')).rejects.toMatchObject({ code: 'name_taken' })
    await renameProfile(db, id, 'day job')
    expect(await names()).toEqual(['default', 'day-job'])
  })

  it('client:PRF2 settings of its own: what is muted in one is not in the other; how pages look is shared', async () => {
    const id = await create('work')
    await changeSettings(db, 'default', {
      mutedChannels: ['c'],
      imagesFrom: ['a@b.test'],
      profileNotifications: false,
      theme: 'dark',
    })
    expect(await readSettings(db, id)).toMatchObject({
      ...{ mutedChannels: [], observedChannels: [], imagesFrom: [], profileNotifications: true, theme: 'dark' },
    })
    await changeSettings(db, id, { mutedChannels: ['d'], keepMessages: 7 })
    expect((await readSettings(db, 'default')).mutedChannels).toEqual(['c'])
    expect(await readKeepMessages(db)).toBe(7)
  })
})

describe('the profile to show', () => {
  it('client:PRF3 is the one asked for, else the first one', async () => {
    const id = await create('work')
    expect(await profileToShow(db, id)).toBe(id)
    expect(await profileToShow(db, 'gone')).toBe('default')
    expect(await profileToShow(db, undefined)).toBe('default')
    await removeProfile(world, 'default')
    expect(await profileToShow(db, 'default')).toBe(id)
    expect(await profileToShow(await freshDatabase(), id)).toBe('default')
  })
})

describe('a profile that is deleted', () => {
  /** A row in every store, whatever its keys are called. */
  async function fill(profileId: string): Promise<void> {
    const transaction = db.transaction([...db.objectStoreNames], 'readwrite')
    for (const name of db.objectStoreNames) {
      const row = {
        ...{ profileId, conversationId: 'c', messageId: 'm', channelId: 'c', attachmentId: 'f', name: 'n' },
        ...{ clientId: `r-${profileId}`, state: 'sent', createdAt: 1, at: 1, seq: 1, read: 0, unread: 1, lastAt: 1, cachedAt: 1 },
        ...{ no: 1, version: 1 },
        ...{ key: `settings:${profileId}`, id: name === 'profiles' ? profileId : 'i' },
      }
      await transaction.objectStore(name).put(row as never)
    }
    await transaction.done
  }
  const all = async () => {
    const rows = await Promise.all([...db.objectStoreNames].map((name) => db.getAll(name)))
    return rows.flat().map((row) => JSON.stringify(row))
  }

  it('client:PRF5, PRF4 leaves nothing behind in any store, and nothing of another is touched', async () => {
    db = await freshDatabase()
    world = { ...world, db }
    await fill('going')
    await fill('going-on')
    const others = (await all()).filter((row) => row.includes('going-on'))
    expect(others).toHaveLength(db.objectStoreNames.length)
    await removeProfile(world, 'going')
    expect(await all()).toEqual(others)
  })

  it('client:PRF5, ARC4 waits for its socket, its register and its recovery to end', async () => {
    const id = await create('work')
    for (const name of ['socket', 'register', 'recovery']) {
      const end = Promise.withResolvers<void>()
      const held = world.locks.hold(`${name}:${id}`, () => end.promise)
      const removing = removeProfile(world, id)
      await settle()
      expect(await db.count('profiles'), name).toBe(2)
      end.resolve()
      await Promise.all([held, removing])
      expect(await db.count('profiles')).toBe(1)
      await addProfile(db, 'https://home.test', id)
    }
  })

  it('client:CRG1 the first one may go; only when none is left a fresh one is made', async () => {
    const id = await create('work')
    await removeProfile(world, 'default')
    await ensureDefaultProfile(world)
    expect(await names()).toEqual(['work'])
    const before = await db.get('identities', id)
    await removeProfile(world, id)
    await Promise.all([ensureDefaultProfile(world), ensureDefaultProfile(world)])
    expect(await names()).toEqual(['default'])
    expect((await db.getAll('identities')).map(({ publicKey }) => publicKey.x)).not.toContain(before?.publicKey.x)
  })
})
