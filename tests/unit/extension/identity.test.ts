import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { createRecovery } from '../../../lib/channels/recovery.ts'
import { createVault } from '../../../lib/channels/vault.ts'
import type { Database } from '../../../lib/database/open.ts'
import { Failure } from '../../../lib/messaging/failure.ts'
import { type Backup, openBackup } from '../../../lib/profiles/backup.ts'
import { createProfile } from '../../../lib/profiles/create.ts'
import { exportIdentity } from '../../../lib/profiles/exportIdentity.ts'
import { foundInBackup, refuseKnownKey } from '../../../lib/profiles/found.ts'
import { makeKey } from '../../../lib/profiles/newKey.ts'
import { moveToNewIdentity } from '../../../lib/profiles/rekey.ts'
import { bringInto } from '../../../lib/profiles/replaceIdentity.ts'
import type { ChannelConfig } from '../../../lib/protocol/channel.ts'
import { sameKey } from '../../../lib/relay/keys.ts'
import { type ClientWorld, createClientWorld, get, PROFILE, sentences } from './support/client.ts'
import { addProfile, databaseWithProfile } from './support/database.ts'
import { createTestLocks } from './support/locks.ts'

const PASSPHRASE = 'correct horse battery'
const codeOf = (error: unknown) => (error instanceof Failure ? error.code : error)
const webhook: ChannelConfig = {
  id: 'ci',
  type: 'webhook',
  name: 'ci',
  agentId: '',
  direction: 'inbound',
  enabled: true,
  createdAt: '2026-01-01T00:00:00.000Z',
  status: { state: 'ok' },
  webhookUrl: 'https://relay.test/webhook/ci?token=secret',
  metadata: {},
}

let world: ClientWorld
let line: string[]
let locks: ReturnType<typeof createTestLocks>

beforeEach(async () => {
  world = await createClientWorld()
  await world.register()
  await world.db.put('channels', { profileId: PROFILE, id: 'ci', config: webhook, seenAt: 0, order: 0 })
  world.relay.log()
  line = []
  locks = createTestLocks()
})

const connection = {
  disconnect: async () => void line.push('disconnect'),
  connect: async () => void line.push('connect'),
  pollNow: async () => void line.push('poll'),
}
const identity = () => world.db.get('identities', PROFILE)
const move = async (exportable: boolean) =>
  moveToNewIdentity(
    { ...world, now: () => 42, locks, line: connection },
    PROFILE,
    await makeKey({ backup: exportable ? 'file' : 'none' }),
  )
/** What the page does with a file once the user said yes. */
const importInto = async (db: Database, profileId: string, backup: Backup) =>
  bringInto({ db, locks, now: () => 1 }, profileId, await foundInBackup(backup))
const everything = async () => {
  const { db } = world
  const stores = ['profiles', 'sessions', 'pins', 'cursors', 'channels', 'settings', 'steps'] as const
  const rows = await Promise.all(stores.map((store) => db.getAll(store)))
  return JSON.stringify([rows, (await identity())?.publicKey])
}

describe('a new identity', () => {
  it('client:IDN4 can be exported only if that was chosen when it was made, and is marked for ever', async () => {
    expect(await exportIdentity(world.db, PROFILE, PASSPHRASE).catch(codeOf)).toBe('not_exportable')
    world.relay.route({ 'DELETE /channels/ci': () => ({ json: { ok: true } }) })
    await move(false)
    expect(await identity()).not.toHaveProperty('exportable')
    expect((await identity())?.privateKey.extractable).toBe(false)
    expect(await exportIdentity(world.db, PROFILE, PASSPHRASE).catch(codeOf)).toBe('not_exportable')
    await world.db.delete('sessions', PROFILE)
    await move(true)
    expect(await identity()).toMatchObject({ exportable: true, createdAt: 42 })
    world.relay.revoke(true)
    await world.register()
    expect((await identity())?.exportable).toBe(true)
  })

  it('client:IDN6 takes the channels off the old session, fetches what came, and leaves them to be rebuilt under a new userId', async () => {
    const before = await identity()
    const { userId: was } = (await world.db.get('sessions', PROFILE)) ?? { userId: '' }
    world.relay.route({
      'DELETE /channels/ci': async () => {
        // The old session's socket tells that the channel is gone.
        await world.db.delete('channels', [PROFILE, 'ci'])
        return { json: { ok: true } }
      },
      'POST /channels': ({ body }) => ({ json: { channel: { ...webhook, ...JSON.parse(body), metadata: {} } } }),
    })
    await move(true)
    expect(line).toEqual(['poll', 'poll', 'disconnect', 'connect'])
    expect(world.relay.log()).toEqual(['DELETE /channels/ci'])
    expect(await world.db.get('channels', [PROFILE, 'ci'])).toMatchObject({ config: { webhookUrl: webhook.webhookUrl } })
    expect(before && sameKey(before.publicKey, (await identity())?.publicKey ?? before.publicKey)).toBe(false)
    expect(await world.db.get('sessions', PROFILE)).toBeUndefined()
    expect((await world.db.get('pins', PROFILE))?.key).toEqual(world.relay.key)

    world.relay.revoke(true)
    const recovery = createRecovery({ ...world, vault: createVault(world), locks, now: () => 42, onMoved: async () => undefined })
    expect(await recovery.run(PROFILE)).toBe(true)
    expect((await world.db.get('sessions', PROFILE))?.userId).not.toBe(was)
    expect(world.relay.asked.at(-1)).toMatchObject({ method: 'POST', target: '/channels' })
    expect(JSON.parse(world.relay.asked.at(-1)?.body ?? '{}')).toMatchObject({ id: 'ci', metadata: { webhookSecret: 'secret' } })
    expect(await recovery.run(PROFILE)).toBe(false)
  })

  it('client:IDN6 a relay that cannot be reached changes nothing', async () => {
    const before = await everything()
    const offline = { ...connection, pollNow: () => Promise.reject(new Failure('network', 'gone')) }
    const moving = moveToNewIdentity({ ...world, now: () => 42, locks, line: offline }, PROFILE, await makeKey({ backup: 'file' }))
    expect(await moving.catch(codeOf)).toBe('network')
    expect(await everything()).toBe(before)
    expect(world.relay.log()).toEqual([])
  })

  it('client:IDN6 one that refuses halfway leaves the key, and what was taken off to be rebuilt', async () => {
    world.relay.route({ 'DELETE /channels/ci': () => ({ status: 500, json: { error: 'broken', code: 'internal' } }) })
    const before = (await identity())?.publicKey
    expect(await move(true).catch(codeOf)).toBe('internal')
    expect((await identity())?.publicKey).toEqual(before)
    const recovery = createRecovery({ ...world, vault: createVault(world), locks, now: () => 42, onMoved: async () => undefined })
    expect([...(await recovery.waiting(PROFILE))]).toEqual(['ci'])
  })

  it('client:IDN3 with the key gone nothing is made by itself; asked for, a new one is, and the messages stay', async () => {
    await world.db.delete('identities', PROFILE)
    expect(sentences(await world.send(get('/channels'), z.unknown()))).toContain(
      'identity_lost: The signing key of this profile is gone.',
    )
    expect(await identity()).toBeUndefined()
    await world.db.put('seen', { profileId: PROFILE, messageId: 'm', at: 1 })
    await move(false)
    expect(line).toEqual(['disconnect', 'connect'])
    expect(world.relay.log()).toEqual([])
    expect((await identity())?.privateKey.extractable).toBe(false)
    expect(await world.db.count('seen')).toBe(1)
  })
})

describe('a backup', () => {
  let text: string
  let backup: Backup
  beforeEach(async () => {
    world.relay.route({ 'DELETE /channels/ci': () => ({ json: { ok: true } }) })
    await move(true)
    await world.register()
    text = await exportIdentity(world.db, PROFILE, PASSPHRASE)
    backup = await openBackup(text, PASSPHRASE)
  })

  it('client:IDN5 holds key, address, name, pin and channels, and neither apiKey nor messages', async () => {
    const { apiKey } = (await world.db.get('sessions', PROFILE)) ?? { apiKey: 'none' }
    expect(backup).toMatchObject({
      name: 'default',
      relayUrl: 'https://relay.test',
      pin: { key: world.relay.key },
      channels: [webhook],
    })
    expect(JSON.stringify(backup)).not.toContain(apiKey)
    expect(Object.keys(backup).sort()).toEqual(['channels', 'createdAt', 'name', 'pin', 'privateKey', 'relayUrl'])
  })

  it('client:IDN5 nothing of it stays in the database', async () => {
    expect(await everything()).not.toContain(backup.privateKey.d)
  })

  it('client:IDN7 in another browser it is the same identity, on the same relay, and may be exported again', async () => {
    const db = await databaseWithProfile('https://elsewhere.test')
    await db.put('channels', { profileId: PROFILE, id: 'other', config: { ...webhook, id: 'other' }, seenAt: 0, order: 0 })
    await importInto(db, PROFILE, backup)
    const imported = await db.get('identities', PROFILE)
    expect(imported).toMatchObject({ exportable: true, createdAt: 42 })
    expect(imported && sameKey(imported.publicKey, backup.privateKey)).toBe(true)
    expect(await db.get('profiles', PROFILE)).toMatchObject({ name: 'default', relayUrl: 'https://relay.test' })
    expect((await db.getAll('channels')).map(({ id }) => id)).toEqual(['ci'])
    expect((await openBackup(await exportIdentity(db, PROFILE, PASSPHRASE), PASSPHRASE)).privateKey).toEqual(backup.privateKey)
  })

  it('client:IDN7 a key that is present already is refused, whichever profile has it, and nothing changes', async () => {
    const before = await everything()
    expect(await refuseKnownKey(world.db, backup.privateKey).catch(codeOf)).toBe('key_present')
    expect(await importInto(world.db, PROFILE, backup).catch(codeOf)).toBe('key_present')
    await addProfile(world.db, 'https://relay.test', 'second')
    expect(await importInto(world.db, 'second', backup).catch(codeOf)).toBe('key_present')
    await world.db.delete('identities', 'second')
    await world.db.delete('profiles', 'second')
    expect(await everything()).toBe(before)
  })

  it('client:IDN7 a key that does not fit itself, or an address that cannot be used, changes nothing', async () => {
    const other = await openBackup(text, PASSPHRASE)
    await world.db.delete('identities', PROFILE)
    const before = await everything()
    const tried = (more: Partial<Backup>) => importInto(world.db, PROFILE, { ...other, ...more }).catch(codeOf)
    const { d, x } = other.privateKey
    expect(await tried({ privateKey: { ...other.privateKey, d: x } })).toBe('backup_damaged')
    expect(await tried({ privateKey: { ...other.privateKey, x: d } })).toBe('backup_damaged')
    expect(await tried({ relayUrl: 'http://relay.test' })).toBe('relay_address')
    expect(await everything()).toBe(before)
  })

  it('client:IDN7 a taken name gets a suffix', async () => {
    const db = await databaseWithProfile('https://relay.test')
    await addProfile(db, 'https://relay.test', 'second')
    await importInto(db, 'second', backup)
    expect((await db.get('profiles', 'second'))?.name).toBe('default-2')
  })

  it('client:IDN7, PIN7 it may get a profile of its own, with a free name, its pin and its channels; nothing of the others changes', async () => {
    const db = await databaseWithProfile('https://elsewhere.test')
    const others = await db.getAll('identities')
    const { key, createdAt, ...rest } = await foundInBackup(backup)
    const world = { db, locks, now: () => 1 }
    const id = await createProfile(world, { name: 'default', suffix: true, ...rest, identity: { ...key, createdAt } })
    expect(await db.get('profiles', id)).toMatchObject({ name: 'default-2', relayUrl: 'https://relay.test' })
    expect(await db.get('pins', id)).toMatchObject({ key: backup.pin?.key, origin: 'https://relay.test' })
    expect((await db.getAll('channels')).map(({ id: channel, profileId }) => [profileId, channel])).toEqual([[id, 'ci']])
    expect((await openBackup(await exportIdentity(db, id, PASSPHRASE), PASSPHRASE)).privateKey).toEqual(backup.privateKey)
    expect((await db.getAll('identities')).filter(({ profileId }) => profileId !== id)).toEqual(others)
  })

  it('client:PIN7 its pin comes along: a relay with another key is blocked from the first contact', async () => {
    await world.db.delete('identities', PROFILE)
    await world.db.delete('pins', PROFILE)
    await importInto(world.db, PROFILE, backup)
    await world.relay.wipe()
    expect(await world.register().catch(codeOf)).toBe('blocked')
    expect(await world.db.get('sessions', PROFILE)).toBeUndefined()
    expect(await world.db.get('pins', PROFILE)).toMatchObject({ key: backup.pin?.key, offered: world.relay.key })
  })
})
