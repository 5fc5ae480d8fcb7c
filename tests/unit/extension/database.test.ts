import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../lib/database/open.ts'
import { UPGRADES, type Upgrade } from '../../../lib/database/upgrades.ts'
import { DEFAULT_RELAY_URL } from '../../../lib/profiles/model.ts'
import { ensureDefaultProfile } from '../../../lib/profiles/setup.ts'
import { setRelayUrl, setStopped } from '../../../lib/profiles/store.ts'
import { createKeyPair, signText, verifyText } from '../../../lib/relay/keys.ts'
import { readConnection } from '../../../lib/relay/queries.ts'
import { databaseWithProfile, freshDatabase } from './support/database.ts'
import { createTestLocks } from './support/locks.ts'

const draft = { profileId: 'p', conversationId: 'c', text: 'half a thought', updatedAt: 1 }

const NEXT = UPGRADES.length + 1

async function current(name: string): Promise<void> {
  const db = await openDatabase(name)
  await db.put('drafts', draft)
  db.close()
}

describe('the database', () => {
  const failing: [string, Upgrade][] = [
    [
      'a step that throws',
      () => {
        throw new Error('broken step')
      },
    ],
    [
      'a step that fails after having changed something',
      async (_db, transaction) => {
        await transaction.objectStore('drafts').clear()
        throw new Error('broken step')
      },
    ],
  ]
  it.each(failing)('client:CDD14 %s keeps the old data and says what to do', async (name, step) => {
    await current(name)
    await expect(openDatabase(name, [...UPGRADES, step])).rejects.toMatchObject({
      code: 'database_upgrade',
      message: expect.stringContaining('Update again'),
    })
    const db = await openDatabase(name)
    expect(await db.getAll('drafts')).toEqual([draft])
    db.close()
  })

  it('client:CDD14 an upgrade that works keeps the data too', async () => {
    await current('works')
    const db = await openDatabase('works', [
      ...UPGRADES,
      async (_db, transaction) => void (await transaction.objectStore('drafts').count()),
    ])
    expect([db.version, await db.getAll('drafts')]).toEqual([NEXT, [draft]])
    db.close()
  })

  it('client:CDD14 a database newer than the extension is left alone', async () => {
    await current('newer')
    ;(await openDatabase('newer', [...UPGRADES, () => undefined])).close()
    await expect(openDatabase('newer')).rejects.toMatchObject({ code: 'database_upgrade' })
  })

  it('client:CDD14 an open page does not hold up the upgrade of a newer version', async () => {
    const old = await openDatabase('held')
    const db = await openDatabase('held', [...UPGRADES, () => undefined])
    expect(db.version).toBe(NEXT)
    await expect(old.getAll('drafts')).rejects.toBeDefined()
    db.close()
  })

  it('client:ARC7 a connection row that does not fit counts as none', async () => {
    const db = await freshDatabase()
    await db.put('connections', { profileId: 'p', state: 'dreaming', since: 1 } as never)
    expect(await readConnection(db, 'p')).toBeUndefined()
  })
})

describe('identity and profile', () => {
  it('client:IDN1 the key signs, is kept as a key, and cannot be exported', async () => {
    const { publicKey, privateKey } = await createKeyPair()
    expect(Object.keys(publicKey).sort()).toEqual(['crv', 'kty', 'x', 'y'])
    expect(privateKey.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('jwk', privateKey)).rejects.toThrow()
    const db = await freshDatabase()
    await db.put('identities', { profileId: 'p', publicKey, privateKey, createdAt: 1 })
    const kept = await db.get('identities', 'p')
    const signature = await signText(kept?.privateKey ?? privateKey, 'text')
    expect(await verifyText(publicKey, 'text', signature)).toBe(true)
    expect(await verifyText(publicKey, 'other', signature)).toBe(false)
    expect(await verifyText(publicKey, 'text', 'not base64!')).toBe(false)
  })

  it('client:CRG1, IDN1, ARC4 the first start makes one profile with one key, asked as often as it may be', async () => {
    const db = await freshDatabase()
    const parts = { db, locks: createTestLocks(), now: () => 1 }
    await Promise.all([ensureDefaultProfile(parts), ensureDefaultProfile(parts)])
    const key = (await db.getAll('identities'))[0]?.publicKey
    await ensureDefaultProfile(parts)
    expect((await db.getAll('identities')).map(({ publicKey }) => publicKey)).toEqual([key])
    expect(await db.get('profiles', 'default')).toMatchObject({ relayUrl: DEFAULT_RELAY_URL, stopped: false })
  })

  it('client:IDN3 a profile that lost its key gets no new one silently', async () => {
    const db = await freshDatabase()
    const parts = { db, locks: createTestLocks(), now: () => 1 }
    await ensureDefaultProfile(parts)
    await db.delete('identities', 'default')
    await ensureDefaultProfile(parts)
    expect(await db.count('identities')).toBe(0)
  })

  it('client:URL5 another address keeps key and channels and resets token, cursor and pin; the same one changes nothing', async () => {
    const db = await databaseWithProfile('https://a.test')
    const key = (await db.get('identities', 'default'))?.publicKey
    const rows = async () => [
      await db.count('sessions'),
      await db.count('cursors'),
      await db.count('pins'),
      await db.count('identities'),
    ]
    await db.put('sessions', { profileId: 'default', userId: 'u', apiKey: 'k', origin: 'https://a.test', clockOffsetMs: 0 })
    await db.put('cursors', { profileId: 'default', seq: 1, epoch: 'e', timestamp: '' })
    if (key) await db.put('pins', { profileId: 'default', origin: 'https://a.test', key, pinnedAt: 1 })
    await setRelayUrl(db, 'default', 'https://a.test/')
    expect(await rows()).toEqual([1, 1, 1, 1])
    await expect(setRelayUrl(db, 'default', 'a.test')).rejects.toMatchObject({ code: 'relay_address' })
    expect(await rows()).toEqual([1, 1, 1, 1])
    await setRelayUrl(db, 'default', ' https://b.test/ ')
    expect(await rows()).toEqual([0, 0, 0, 1])
    expect((await db.get('profiles', 'default'))?.relayUrl).toBe('https://b.test')
  })

  it('client:SOC9 a stop is remembered', async () => {
    const db = await databaseWithProfile('https://a.test')
    await setStopped(db, 'default', true)
    expect((await db.get('profiles', 'default'))?.stopped).toBe(true)
  })
})
