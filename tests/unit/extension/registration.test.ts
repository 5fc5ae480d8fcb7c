import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import type { RelayRequest } from '../../../lib/relay/http.ts'
import { type ClientWorld, createClientWorld, get, PROFILE } from './support/client.ts'

const anything = z.unknown()
let world: ClientWorld
let { relay, timers, db, client, lost, register }: ClientWorld = {} as ClientWorld

async function assemble(...given: Parameters<typeof createClientWorld>): Promise<void> {
  world = await createClientWorld(...given)
  ;({ relay, timers, db, client, lost, register } = world)
}
beforeEach(() => assemble())

const send = (request: RelayRequest, schema: z.ZodMiniType = anything) => world.send(request, schema)

describe('registration', () => {
  it('client:CRG1, IDN2 asks health, registers signed, keeps what it got; only the public key leaves', async () => {
    await register()
    expect(relay.asked.map(({ method, target }) => `${method} ${target}`)).toEqual(['GET /health', 'POST /auth/register'])
    const body = JSON.parse(relay.asked[1]?.body ?? '')
    expect(Object.keys(body)).toEqual(['publicKey'])
    expect(body.publicKey.d).toBeUndefined()
    expect(await db.get('sessions', PROFILE)).toEqual({
      profileId: PROFILE,
      userId: 'user-1',
      apiKey: 'key-1',
      origin: 'https://relay.test',
      clockOffsetMs: 0,
    })
  })

  it('client:CRG2 a failing register leaves nothing half-stored and says what could not be done', async () => {
    relay.route({ 'POST /auth/register': () => ({ status: 500, json: { error: 'Disk full.', code: 'internal' } }) })
    await expect(register()).rejects.toThrow(
      "Couldn't reach the relay to set up your connection: Relay request failed (POST /auth/register): Disk full.",
    )
    expect([await db.count('sessions'), await db.count('pins'), await db.count('identities')]).toEqual([0, 0, 1])
  })

  it('client:CRG2, CRG6 the same key registers every time', async () => {
    await register()
    await db.delete('sessions', PROFILE)
    await register()
    const keys = relay.asked.filter(({ target }) => target === '/auth/register').map(({ body }) => body)
    expect(new Set(keys).size).toBe(1)
  })

  it('client:ARC4 asked from several places at once, it registers once', async () => {
    await Promise.all([register(), register(), client.ask(PROFILE, get('/nothing'), anything).catch(() => undefined)])
    expect(relay.log().filter((line) => line === 'POST /auth/register')).toHaveLength(1)
  })

  it('client:CRG3, CRG5 a token that is refused is renewed by one register, the same user goes on with the cursor', async () => {
    await register()
    await db.put('cursors', { profileId: PROFILE, seq: 9, epoch: 'e', timestamp: '' })
    relay.revoke()
    relay.route({ 'GET /channels': () => ({ json: [] }) })
    relay.log()
    expect(await send(get('/channels'))).toEqual([])
    expect(relay.log()).toEqual(['GET /channels', 'POST /auth/register', 'GET /channels'])
    expect(await db.get('cursors', PROFILE)).toMatchObject({ seq: 9 })
    expect(lost).toEqual([])
  })

  it('client:CRG3 several requests refused at once share one register', async () => {
    await register()
    relay.revoke()
    relay.route({ 'GET /channels': () => ({ json: [] }) })
    relay.log()
    await Promise.all([1, 2, 3].map(() => client.ask(PROFILE, get('/channels'), anything)))
    expect(relay.log().filter((line) => line === 'POST /auth/register')).toHaveLength(1)
  })

  it('client:CRG4 a second re-issue within a minute waits; after it, it is made', async () => {
    await register()
    relay.revoke()
    relay.route({ 'GET /channels': () => ({ json: [] }) })
    await client.ask(PROFILE, get('/channels'), anything)
    relay.revoke()
    relay.log()
    await expect(client.ask(PROFILE, get('/channels'), anything)).rejects.toMatchObject({ code: 'reissue_later', retryAfter: 60 })
    expect(relay.log()).toEqual(['GET /channels'])
    await timers.advance(60_000)
    expect(await client.ask(PROFILE, get('/channels'), anything)).toEqual([])
  })

  it('client:CRG5, REC1 another user means the session is lost: cursor anew, channels remembered for rebuilding', async () => {
    await register()
    const config = {
      id: 'hook',
      type: 'webhook' as const,
      agentId: '',
      direction: 'inbound' as const,
      enabled: true,
      createdAt: '',
      status: { state: 'ok' as const },
      metadata: {},
    }
    await db.put('channels', { profileId: PROFILE, id: 'hook', config, seenAt: 0, order: 0 })
    await db.put('cursors', { profileId: PROFILE, seq: 9, epoch: 'e', timestamp: '' })
    relay.revoke(true)
    relay.route({ 'GET /channels': () => ({ json: [] }) })
    await send(get('/channels'))
    expect(lost).toEqual([PROFILE])
    expect(await db.get('cursors', PROFILE)).toBeUndefined()
    expect((await db.get('settings', 'recovery:default'))?.value).toMatchObject({ channels: [{ id: 'hook' }], done: [] })
  })

  it('client:IDN3 a profile without its key is told apart from a new one; no key is made silently', async () => {
    await db.delete('identities', PROFILE)
    await expect(register()).rejects.toMatchObject({ code: 'identity_lost' })
    expect(await db.count('identities')).toBe(0)
    expect(relay.asked).toEqual([])
  })

  it('client:URL1, URL4 a stored address that is not one is said so before anything is sent', async () => {
    await db.put('profiles', { id: PROFILE, name: PROFILE, relayUrl: 'http://example.com', createdAt: 0, stopped: false })
    expect(await send(get('/channels'))).toMatchObject({ code: 'relay_address' })
    expect(relay.asked).toEqual([])
  })
})
