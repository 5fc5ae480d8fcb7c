import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { trustOfferedKey } from '../../../lib/profiles/store.ts'
import type { RelayRequest } from '../../../lib/relay/http.ts'
import { fingerprintOf } from '../../../lib/relay/keys.ts'
import { type ClientWorld, createClientWorld, get, PROFILE } from './support/client.ts'
import { createFakeRelay, type Told } from './support/fakeRelay.ts'

const anything = z.unknown()
let world: ClientWorld
let { relay, timers, db, registrar, lost, register }: ClientWorld = {} as ClientWorld

async function assemble(...given: Parameters<typeof createClientWorld>): Promise<void> {
  world = await createClientWorld(...given)
  ;({ relay, timers, db, registrar, lost, register } = world)
}
beforeEach(() => assemble())

const send = (request: RelayRequest, schema: z.ZodMiniType = anything) => world.send(request, schema)

describe('pinning', () => {
  it('client:PIN1 the register answer is pinned only if its own key signed it', async () => {
    for (const told of [{ sign: false }, { forge: true }, { at: 6 * 60_000 }]) {
      relay.route({ 'POST /auth/register': () => ({ json: { userId: 'u', apiKey: 'k', serverPublicKey: relay.key }, ...told }) })
      await expect(register()).rejects.toMatchObject({ code: 'network' })
      expect(await db.get('pins', PROFILE)).toBeUndefined()
      expect(await db.get('sessions', PROFILE)).toBeUndefined()
    }
    relay.route({ 'POST /auth/register': () => ({ json: { userId: 'u', apiKey: 'k', serverPublicKey: relay.key } }) })
    await register()
    expect(await db.get('pins', PROFILE)).toMatchObject({ key: relay.key, origin: 'https://relay.test' })
  })

  it.each<[string, Told]>([
    ['an unsigned success', { json: { ok: true }, sign: false }],
    ['an unsigned error', { status: 502, json: { error: 'bad gateway', code: 'whatever' }, sign: false }],
    ['a success signed by somebody else', { json: { ok: true }, forge: true }],
    ['a refusal signed by somebody else', { status: 401, json: { error: 'no', code: 'invalid_token' }, forge: true }],
    ['an answer signed 6 minutes ago', { json: { ok: true }, at: -6 * 60_000 }],
  ])('client:PIN2, PIN3 %s is a network failure, discarded unread', async (_name, told) => {
    await register()
    relay.route({ 'POST /x': () => told })
    const failure = await send({ method: 'POST', target: '/x', body: {} })
    expect(failure).toMatchObject({ code: 'network' })
    expect(String(failure)).toContain(`answered HTTP ${told.status ?? 200}`)
    expect(String(failure)).not.toContain('bad gateway')
  })

  it('client:PIN2 an answer to another request does not pass for this one', async () => {
    await register()
    const old = await relay.fetch('https://relay.test/x', { method: 'GET', headers: { 'X-Nonce': 'f'.repeat(32) } })
    const replayed = { bytes: new Uint8Array(await old.arrayBuffer()), headers: Object.fromEntries(old.headers), sign: false }
    relay.route({ 'POST /x': () => ({ ...replayed, status: old.status }) })
    expect(await send({ method: 'POST', target: '/x', body: {} })).toMatchObject({ code: 'network' })
  })

  it('client:PIN4, REC6 another server key blocks: nothing is sent or accepted any more, over restarts', async () => {
    await register()
    await relay.wipe()
    expect(await send({ method: 'POST', target: '/x', body: {} })).toMatchObject({ code: 'blocked' })
    expect(await db.get('pins', PROFILE)).toMatchObject({ offered: relay.key })
    relay.log()
    for (const request of [get('/channels'), { method: 'POST', target: '/reply', body: {} } as const])
      expect(await send(request)).toMatchObject({ code: 'blocked' })
    await expect(registrar.ensure(PROFILE)).rejects.toMatchObject({ code: 'blocked' })
    await expect(registrar.reissue(PROFILE, 'key-1')).rejects.toMatchObject({ code: 'blocked' })
    expect(relay.log()).toEqual([])
  })

  it('client:PIN5 the pin is replaced only by the first 8 characters of the new fingerprint, typed', async () => {
    await register()
    const pinned = relay.key
    await relay.wipe()
    await send({ method: 'POST', target: '/x', body: {} })
    const old = (await fingerprintOf(pinned)).slice(0, 9)
    for (const typed of ['', 'trust', old]) {
      await expect(trustOfferedKey(db, PROFILE, typed, 1)).rejects.toMatchObject({ code: 'wrong_fingerprint' })
      expect(await db.get('pins', PROFILE)).toMatchObject({ key: pinned, offered: relay.key })
    }
    await trustOfferedKey(db, PROFILE, ` ${(await fingerprintOf(relay.key)).slice(0, 9).toUpperCase()} `, 1)
    expect(await db.get('pins', PROFILE)).toEqual({ profileId: PROFILE, origin: 'https://relay.test', key: relay.key, pinnedAt: 1 })
  })

  it('client:REC6, CRG3, REC1 after trusting, the next request registers anew and finds the session lost', async () => {
    await register()
    await db.put('cursors', { profileId: PROFILE, seq: 9, epoch: 'e', timestamp: '' })
    await relay.wipe()
    relay.route({ 'GET /channels': () => ({ json: [] }) })
    await send(get('/channels'))
    await trustOfferedKey(db, PROFILE, (await fingerprintOf(relay.key)).slice(0, 9), 1)
    expect(await send(get('/channels'))).toEqual([])
    expect(lost).toEqual([PROFILE])
    expect(await db.get('cursors', PROFILE)).toBeUndefined()
  })

  it('client:PIN6 the fingerprint is the SHA-256 of the thumbprint JSON in groups of four', async () => {
    const key = { kty: 'EC', crv: 'P-256', x: 'a'.repeat(43), y: 'b'.repeat(43) } as const
    const json = `{"crv":"P-256","kty":"EC","x":"${key.x}","y":"${key.y}"}`
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(json)))
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    expect(await fingerprintOf(key)).toBe((hex.match(/..../g) ?? []).join(' '))
  })

  it('client:PIN7 a profile that brings a pin along is blocked from the first contact with another key', async () => {
    const other = await createFakeRelay({ now: timers.now })
    await db.put('pins', { profileId: PROFILE, origin: 'https://relay.test', key: other.key, pinnedAt: 0 })
    await expect(register()).rejects.toMatchObject({ code: 'blocked' })
    expect(await db.get('sessions', PROFILE)).toBeUndefined()
  })
})
