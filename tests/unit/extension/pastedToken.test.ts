import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { Failure } from '../../../lib/messaging/failure.ts'
import { moveToNewIdentity } from '../../../lib/profiles/rekey.ts'
import { startBearerSession } from '../../../lib/profiles/replaceIdentity.ts'
import { serverFrames } from '../../../lib/protocol/socket.ts'
import { checkToken } from '../../../lib/relay/bearer.ts'
import { checkHello } from '../../../lib/relay/hello.ts'
import { initialState, next } from '../../../lib/relay/socketMachine.ts'
import { type ClientWorld, createClientWorld, get, PROFILE, sentences } from './support/client.ts'
import { createTestLocks } from './support/locks.ts'

const TOKEN = 'pasted-token-1'
const codeOf = (error: unknown) => (error instanceof Failure ? error.code : error)
let world: ClientWorld
const locks = createTestLocks()
const line = { disconnect: async () => {}, connect: async () => {}, pollNow: async () => {} }

beforeEach(async () => {
  world = await createClientWorld()
  await world.register()
  world.relay.takeBearer(TOKEN)
  world.relay.route({ 'GET /channels': () => ({ json: { channels: [] } }) })
  world.relay.log()
})
const check = (text: string) =>
  checkToken({ db: world.db, network: { fetch: world.relay.fetch, timers: world.timers } }, PROFILE, text)
const use = async () => startBearerSession({ db: world.db, locks, now: () => 1 }, await check(TOKEN))
const session = () => world.db.get('sessions', PROFILE)

describe('a pasted token', () => {
  it('client:CRG7 is tried on the relay, unsigned, before anything is replaced', async () => {
    const before = await session()
    expect(await check(`  "${TOKEN}"\n`)).toMatchObject({ apiKey: TOKEN, bearer: true })
    expect(await session()).toEqual(before)
    const [asked] = world.relay.asked
    expect(asked).toMatchObject({ method: 'GET', target: '/channels' })
    expect(asked?.headers).toMatchObject({ 'X-Want-Signature': '1' })
    for (const header of ['X-Signature', 'X-Signature-Version', 'X-Timestamp']) expect(asked?.headers).not.toHaveProperty(header)
  })

  it('client:CRG7 what the relay refuses, or somebody else answers for it, changes nothing', async () => {
    const before = await session()
    expect(await check('two words').catch(codeOf)).toBe('token_format')
    expect(await check('').catch(codeOf)).toBe('token_format')
    const answers = {
      invalid_token: 'token_refused',
      signature_required: 'token_signed',
    }
    for (const [code, expected] of Object.entries(answers)) {
      world.relay.route({ 'GET /channels': () => ({ status: 401, json: { error: 'no', code } }) })
      expect(await check(TOKEN).catch(codeOf)).toBe(expected)
    }
    for (const told of [{ sign: false }, { forge: true }, { at: -600_000 }]) {
      world.relay.route({ 'GET /channels': () => ({ json: { channels: [] }, ...told }) })
      expect(await check(TOKEN).catch(codeOf)).toBe('network')
    }
    world.relay.route({ 'GET /channels': () => ({ json: 'hello' }) })
    expect(await check(TOKEN).catch(codeOf)).toBe('bad_answer')
    await world.db.delete('pins', PROFILE)
    expect(await check(TOKEN).catch(codeOf)).toBe('not_pinned')
    expect(await session()).toEqual(before)
  })

  it('client:CRG7 its requests go unsigned, with a nonce, and the answers are still held against the pin', async () => {
    await use()
    world.relay.route({ 'POST /typing': () => ({ json: { ok: true } }) })
    expect(await world.send({ method: 'POST', target: '/typing', body: {} }, z.unknown())).toEqual({ ok: true })
    const headers = world.relay.asked.at(-1)?.headers ?? {}
    expect(Object.keys(headers).sort()).toEqual(['Authorization', 'Content-Type', 'X-Nonce', 'X-Want-Signature'])
    world.relay.log()
    for (const told of [{ sign: false }, { forge: true }]) {
      world.relay.route({ 'GET /x': () => ({ json: 1, ...told }) })
      expect(sentences(await world.send({ ...get('/x'), retry: false }, z.unknown()))).toContain(
        'Something between you and the relay',
      )
    }
    expect(world.relay.log()).toEqual(['GET /x', 'GET /x', 'POST /auth/register'])
    expect(await session()).toMatchObject({ apiKey: TOKEN, bearer: true })
  })

  it('client:CRG7, PIN4 a relay with another key blocks this profile too, and the token stays', async () => {
    await use()
    await world.relay.wipe()
    const refused = await world.send({ ...get('/x'), retry: false }, z.unknown())
    expect(codeOf(refused)).toBe('blocked')
    expect((await world.db.get('pins', PROFILE))?.offered).toEqual(world.relay.key)
    expect(await session()).toMatchObject({ apiKey: TOKEN, bearer: true })
    world.relay.log()
    expect(codeOf(await world.send(get('/x'), z.unknown()))).toBe('blocked')
    expect(world.relay.log()).toEqual([])
  })

  it('client:CRG7 one that is refused later ends in sign-in refused; nobody else is registered in its place', async () => {
    await use()
    world.relay.takeBearer(undefined)
    world.relay.route({ 'GET /channels': () => ({ status: 401, json: { error: 'no', code: 'invalid_token' } }) })
    const token = { ...(await session()) }
    world.relay.log()
    expect(await world.registrar.reissue(PROFILE, TOKEN).catch(codeOf)).toBe('token_refused')
    expect(world.relay.log()).toEqual([])
    expect(await session()).toEqual(token)
    const step = next(
      { ...initialState, phase: { name: 'ticketing' } },
      { type: 'failed', run: initialState.run, trouble: { code: 'token_refused', reason: 'why' } },
      { now: 0, random: () => 0 },
    )
    expect(step.state.phase).toEqual({ name: 'auth_error', reason: 'why' })
  })

  it('client:CRG7 files are refused with the reason', async () => {
    await use()
    const target = '/messages/m/attachments/a'
    world.relay.route({ [`GET ${target}`]: () => ({ status: 403, json: { error: 'no', code: 'signature_required' } }) })
    expect(sentences(await world.send(get(target), z.unknown()))).toBe(
      'signature_required: A pasted token has no signing key, which this needs.',
    )
  })

  it('client:CRG7 whose it is is told by the relay’s signed greeting, once', async () => {
    await use()
    const greet = async (user: string) => {
      const frame = serverFrames.hello.parse(await world.relay.hello('ticket', { user }))
      if (frame.type !== 'hello') throw new Error('not a greeting')
      const parts = { db: world.db, registrar: world.registrar, now: world.timers.now }
      return checkHello(parts, PROFILE, frame, 'ticket').catch(codeOf)
    }
    expect(await greet('bearer-user')).toBeUndefined()
    expect((await session())?.userId).toBe('bearer-user')
    expect(await greet('somebody-else')).toBe('not_our_user')
  })

  it('client:CRG7 the way back leads to this browser’s own key and session', async () => {
    const own = await session()
    const key = (await world.db.get('identities', PROFILE))?.publicKey
    await use()
    await moveToNewIdentity({ ...world, now: () => 1, locks, line }, PROFILE, undefined)
    expect(await session()).toBeUndefined()
    await world.register()
    expect(await session()).toMatchObject({ userId: own?.userId, apiKey: own?.apiKey })
    expect(await session()).not.toHaveProperty('bearer')
    expect((await world.db.get('identities', PROFILE))?.publicKey).toEqual(key)
  })
})
