import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../../lib/database/open.ts'
import { createOutbox } from '../../../lib/inbox/outbox.ts'
import { createWriting } from '../../../lib/inbox/writing.ts'
import { startNewIdentity } from '../../../lib/profiles/replaceIdentity.ts'
import { setRelayUrl } from '../../../lib/profiles/store.ts'
import { createKeyPair } from '../../../lib/relay/keys.ts'
import { allowOlder, wasPinned } from '../../../lib/relay/older.ts'
import { databaseWithProfile } from './support/database.ts'
import { addConversation } from './support/inbox.ts'
import { createTestLocks } from './support/locks.ts'
import { startRunner, stateOf, type TestRunner } from './support/runner.ts'
import { createFakeSockets } from './support/sockets.ts'
import { createFakeTimers, type FakeTimers, settle } from './support/timers.ts'

const PROFILE = 'default'
const URL_ = 'https://old.test'
let db: Database
let timers: FakeTimers
let asked: { what: string; headers: Record<string, string> }[]
let health: object
let runner: TestRunner
let sockets: ReturnType<typeof createFakeSockets>

beforeEach(async () => {
  db = await databaseWithProfile(URL_)
  timers = createFakeTimers()
  sockets = createFakeSockets()
  asked = []
  health = { status: 'ok', version: '0.3.1' }
})
afterEach(() => runner?.close())

/** An older relay that takes everything. */
async function answer(url: string, init: RequestInit): Promise<Response> {
  const what = `${init.method} ${new URL(url).pathname}`
  asked.push({ what, headers: { ...(init.headers as Record<string, string>) } })
  if (what === 'GET /health') return Response.json(health)
  if (what === 'POST /auth/register') return Response.json({ userId: 'u', apiKey: `k${asked.length}` })
  return Response.json({ messages: [], since: '' })
}

async function connecting(): Promise<void> {
  await allowOlder(db, PROFILE, URL_)
  runner = startRunner({ db, timers, fetch: answer, connect: sockets.connect })
  await settle(30)
}
const registrations = () => asked.filter(({ what }) => what === 'POST /auth/register').length

describe('the way to an older relay', () => {
  it('client:LEG1, CSG5 nothing is sent that an older relay lets no page send, and only requests that need it are signed', async () => {
    await connecting()
    const names = asked.map(({ what, headers }) => `${what}: ${Object.keys(headers).toSorted().join(' ')}`)
    expect(names).toEqual([
      'GET /health: ',
      'POST /auth/register: Content-Type',
      'GET /messages: Authorization X-Nonce X-Signature X-Timestamp',
    ])
    expect(sockets.last().url).toMatch(/^wss:\/\/old\.test\/ws\?token=k\d$/)
    expect(sockets.last().protocols).toEqual([])
    sockets.last().accept('')
    await settle(20)
    expect(await stateOf(db)).toBe('connected')
    expect(await db.get('connections', PROFILE)).toMatchObject({ older: true })
    await timers.advance(20_000)
    expect(sockets.last().sent.map(({ type }) => type)).toEqual(['ping'])
  })

  it('client:CRG3 two handshakes that fail before they open: one registration, and the new token in the address', async () => {
    await connecting()
    const first = sockets.last().url
    sockets.last().end(1006)
    await timers.advance(2_000)
    expect([sockets.all.length, registrations()]).toEqual([2, 1])
    sockets.last().end(1006)
    await timers.advance(4_000)
    await settle(20)
    expect([sockets.all.length, registrations()]).toEqual([3, 2])
    expect(sockets.last().url).not.toBe(first)
  })

  it('client:SOC4, SOC11, LEG3 a silent line is left, frames that make no sense are counted', async () => {
    await connecting()
    sockets.last().accept('')
    await settle(20)
    sockets.last().say('not json')
    sockets.last().say({ nonsense: true })
    sockets.last().say({ type: 'message', message: { id: 'm', timestamp: 'yesterday' } })
    await settle(20)
    expect(await db.get('connections', PROFILE)).toMatchObject({ malformedFrames: 2, state: 'connected' })
    expect(await db.count('quarantine')).toBe(1)
    await timers.advance(31_000)
    expect(sockets.all[0]?.closedWith).toBe(1000)
  })

  it('client:LEG1 without the user’s word a relay like this is refused, whatever else it says', async () => {
    runner = startRunner({ db, timers, fetch: answer, connect: sockets.connect })
    await settle(30)
    expect(registrations()).toBe(0)
    expect(sockets.all).toEqual([])
    expect(await stateOf(db)).toBe('reconnecting')
  })
})

describe('a profile that ever pinned a key', () => {
  const pin = async (origin: string) => {
    const { publicKey } = await createKeyPair()
    await db.put('pins', { profileId: PROFILE, origin, key: publicKey, pinnedAt: 1 })
  }

  it('client:LEG2 never agrees to an older relay, at its address, at another, or with another identity', async () => {
    expect(await wasPinned(db, PROFILE)).toBe(false)
    await pin(URL_)
    expect(await allowOlder(db, PROFILE, URL_)).toBe(false)
    await setRelayUrl(db, PROFILE, 'https://other.test')
    expect(await db.get('pins', PROFILE)).toBeUndefined()
    expect(await allowOlder(db, PROFILE, 'https://other.test')).toBe(false)
    await startNewIdentity({ db, locks: createTestLocks(), now: timers.now }, PROFILE, await createKeyPair(), [])
    expect(await allowOlder(db, PROFILE, 'https://other.test')).toBe(false)
    expect(await db.get('profiles', PROFILE)).not.toHaveProperty('older')
  })

  it('client:LEG2 does not go on with one it had agreed to before it was pinned', async () => {
    await allowOlder(db, PROFILE, URL_)
    await pin('https://elsewhere.test')
    runner = startRunner({ db, timers, fetch: answer, connect: sockets.connect })
    await settle(30)
    expect(registrations()).toBe(0)
  })
})

describe('replies', () => {
  async function start() {
    await addConversation(db, 'a', 'telegram')
    const sent: string[] = []
    const outbox = createOutbox({
      db,
      profileId: PROFILE,
      timers,
      roads: {
        overSocket: ({ content }) => sent.push(`socket ${content}`) > 0,
        mayRepeat: () => false,
        overHttp: async ({ content }) => {
          sent.push(`http ${content}`)
          return { responseId: '', state: 'sent' }
        },
        status: () => Promise.reject(new Error('not there')),
      },
      onChanged: () => undefined,
    })
    const writing = createWriting({ db, now: timers.now })
    const write = async (content: string) =>
      (await writing.write({ profileId: PROFILE, conversationId: 'a', content, attachments: [] })).clientId
    const reply = (clientId: string) => db.get('replies', clientId)
    return { outbox, sent, write, reply }
  }

  it('client:LEG3 one is under way at a time, and an answer without a name means it', async () => {
    const { outbox, sent, write, reply } = await start()
    const one = await write('one')
    await timers.advance(1)
    const two = await write('two')
    outbox.flush()
    await settle()
    expect(sent).toEqual(['socket one'])
    outbox.settleOldest({ kind: 'taken', responseId: 'r', state: 'sent' })
    await settle()
    expect(sent).toEqual(['socket one', 'socket two'])
    outbox.settleOldest({ kind: 'refused', code: 'invalid_field', reason: 'No.' })
    await settle()
    expect([await reply(one), await reply(two)]).toMatchObject([{ state: 'sent' }, { state: 'failed', reason: 'No.' }])
    outbox.close()
  })

  it('client:LEG3 taken in silence, it is not sent a second time', async () => {
    const { outbox, sent, write, reply } = await start()
    const one = await write('one')
    outbox.flush()
    await timers.advance(60_000)
    expect(sent).toEqual(['socket one'])
    expect(await reply(one)).toMatchObject({ state: 'failed', reason: expect.stringContaining('may have been delivered') })
    outbox.close()
  })
})
