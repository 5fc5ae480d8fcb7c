import { beforeEach, describe, expect, it } from 'vitest'
import { examine } from '../../../lib/diagnostics/doctor.ts'
import { breakOf, hopsOf } from '../../../lib/diagnostics/hops.ts'
import type { DoctorHost } from '../../../lib/diagnostics/host.ts'
import { checkNames, type Finding } from '../../../lib/diagnostics/model.ts'
import { writeReport } from '../../../lib/diagnostics/report.ts'
import { Failure } from '../../../lib/messaging/failure.ts'
import { type ClientWorld, createClientWorld, PROFILE } from './support/client.ts'

let world: ClientWorld
let host: DoctorHost

/** A channel as the relay lists it. */
const channel = (id: string, state: string, more: object = {}) => ({
  ...{ id, type: 'telegram', name: `canary-${id}`, agentId: 'a', direction: 'bidirectional', enabled: true, createdAt: 'now' },
  ...{ status: { state, detail: 'canary-detail' }, metadata: {}, ...more },
})

beforeEach(async () => {
  world = await createClientWorld()
  await world.register()
  world.relay.route({
    'GET /health': () => ({
      json: {
        ...{
          status: 'ok',
          version: '1.2.3',
          websockets: 0,
          uptime: 7200,
          serverTime: new Date(world.timers.now() + world.clock.ahead).toISOString(),
        },
        features: ['sig2', 'ws2', 'ticket', 'attachments', 'device-link', 'server-sig'],
      },
    }),
    'GET /channels': () => ({ json: { channels: [] } }),
  })
  host = {
    profileId: PROFILE,
    network: { fetch: world.relay.fetch, timers: world.timers },
    openDatabase: async () => proxied(),
    askWorker: async () => undefined,
    documentRuns: async () => true,
    roundTrip: async () => 4,
    isAnswered: async () => false,
    localRefused: async () => false,
    space: async () => ({ usage: 10, quota: 100 }),
    notifications: async () => ({ setting: 'on', profile: true, allowed: true }),
  }
})

/** All findings, while time passes. */
async function look(): Promise<Finding[]> {
  const found: Finding[] = []
  let ended = false
  const looking = examine(host, (finding) => found.push(finding)).finally(() => {
    ended = true
  })
  while (!ended) await world.timers.advance(1_000)
  await looking
  return found
}
/** The world's database goes on after the doctor closed it. */
function proxied() {
  return new Proxy(world.db, {
    get: (db, name) =>
      name === 'close'
        ? () => undefined
        : typeof Reflect.get(db, name) === 'function'
          ? Reflect.get(db, name).bind(db)
          : Reflect.get(db, name),
  })
}
const of = (found: Finding[], check: Finding['check']) => found.find((finding) => finding.check === check)
const issues = (found: Finding[]) => found.filter(({ outcome }) => outcome === 'fail' || outcome === 'warn')

describe('what the doctor finds', () => {
  it('client:DOC1 nothing, where nothing is wrong', async () => {
    const found = await look()
    expect(issues(found)).toEqual([])
    expect(found.map(({ check }) => check).toSorted()).toEqual([...checkNames].toSorted())
    expect(found.every(({ outcome }) => outcome === 'ok')).toBe(true)
  })

  it.each([
    [0, 'ok', 'clock.right'],
    [59_000, 'ok', 'clock.right'],
    [-61_000, 'warn', 'clock.ahead'],
    [61_000, 'warn', 'clock.behind'],
    [299_000, 'warn', 'clock.behind'],
    [301_000, 'fail', 'clock.behind'],
    [-86_400_000, 'fail', 'clock.ahead'],
  ] as const)('client:DOC1, CSG3 a relay %i ms ahead: %s', async (ahead, outcome, code) => {
    world.clock.ahead = ahead
    const found = await look()
    expect(of(found, 'clock')).toMatchObject({ outcome, code })
    // The token is asked with the clock as it was seen: a wrong one is one issue, not two.
    expect(of(found, 'token')).toMatchObject({ outcome: 'ok' })
  })

  it.each([
    ['refuses the connection', () => Promise.reject(new TypeError('refused')), false, 'reach.silent'],
    ['answers without letting it be read', () => Promise.reject(new TypeError('refused')), true, 'reach.stranger'],
    ['answers unsigned', () => Promise.resolve(new Response('{"status":"ok"}')), false, 'reach.stranger'],
    ['answers with a page', () => Promise.resolve(new Response('<h1>It works', { status: 404 })), false, 'reach.stranger'],
  ] as const)('client:DOC1, PIN3 somebody who %s', async (_, fetch, answered, code) => {
    host = { ...host, network: { ...host.network, fetch }, isAnswered: async () => answered }
    const found = await look()
    expect(issues(found)).toMatchObject([{ check: 'reach', outcome: 'fail', code }])
    expect(found.filter(({ outcome }) => outcome === 'skip').map(({ check }) => check)).toEqual([
      ...['pin', 'clock', 'features', 'token', 'socket', 'channels'],
    ])
    expect(breakOf(found)?.hop).toBe('network')
  })

  it('client:DOC1, HTE1 a relay that takes the connection and says nothing', async () => {
    host = {
      ...host,
      network: {
        ...host.network,
        fetch: (_, { signal }) => new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
      },
    }
    expect(issues(await look())).toMatchObject([{ check: 'reach', code: 'reach.silent' }])
  })

  it('client:ARC6 a browser that lets nobody reach the local network says so', async () => {
    host = { ...host, network: { ...host.network, fetch: () => Promise.reject(new TypeError()) }, localRefused: async () => true }
    expect(issues(await look())).toMatchObject([{ check: 'reach', code: 'reach.browserBlocks', fix: 'allowLocal' }])
  })

  it('client:PIN2, PIN4 another key: nothing the relay says is believed, and both the keys are to be compared', async () => {
    await world.relay.wipe()
    const found = await look()
    expect(issues(found)).toMatchObject([{ check: 'pin', code: 'pin.other', fix: 'compareKeys' }])
    expect(of(found, 'clock')).toMatchObject({ outcome: 'skip', needs: 'pin' })
    expect(of(found, 'reach')?.words?.version).toBeUndefined()
    // Looking changes nothing: only the connection blocks.
    expect(await world.db.get('pins', PROFILE)).not.toHaveProperty('offered')
  })

  it('client:CRG3 a token that is worth nothing is named and not exchanged behind the back', async () => {
    world.relay.revoke()
    const before = await world.db.get('sessions', PROFILE)
    expect(issues(await look())).toMatchObject([{ check: 'token', code: 'token.refused', fix: 'registerAgain' }])
    expect(await world.db.get('sessions', PROFILE)).toEqual(before)
  })

  it('client:DOC1 a relay that is too old, and one that lacks something of little weight', async () => {
    const health = (features: string[]) => () => ({
      json: {
        status: 'ok',
        version: '0.1.0',
        websockets: 0,
        uptime: 1,
        serverTime: new Date(world.timers.now()).toISOString(),
        features,
      },
    })
    world.relay.route({ 'GET /health': health(['sig2']) })
    expect(of(await look(), 'features')).toMatchObject({ outcome: 'fail', code: 'features.old' })
    world.relay.route({ 'GET /health': health(['sig2', 'ws2', 'ticket', 'attachments', 'server-sig']) })
    expect(of(await look(), 'features')).toMatchObject({ outcome: 'warn', code: 'features.some', words: { names: 'device-link' } })
  })

  it('client:DOC1, STA2 channels by their states, and those the relay has forgotten', async () => {
    const channels = [
      channel('a', 'ok'),
      channel('b', 'auth_failed'),
      channel('c', 'waiting_pairing'),
      channel('d', 'auth_failed', { enabled: false }),
      { nonsense: true },
    ]
    world.relay.route({ 'GET /channels': () => ({ json: { channels } }) })
    const found = of(await look(), 'channels')
    expect(found).toMatchObject({ outcome: 'fail', code: 'channels.broken', figures: { channels: 4, needing: 2, failing: 1 } })
    expect(found?.channels?.map(({ outcome }) => outcome)).toEqual(['ok', 'fail', 'warn', 'ok'])
    world.relay.route({ 'GET /channels': () => ({ json: { channels: [] } }) })
    await world.db.put('channels', { profileId: PROFILE, id: 'a', config: channel('a', 'ok') as never, seenAt: 1, order: 0 })
    expect(of(await look(), 'channels')).toMatchObject({ outcome: 'warn', code: 'channels.forgotten' })
  })

  it('client:IDN3 a key that is gone, and one that cannot sign any more', async () => {
    const identity = await world.db.get('identities', PROFILE)
    if (!identity) throw new Error('no key')
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
    await world.db.put('identities', { ...identity, privateKey: pair.privateKey })
    expect(of(await look(), 'key')).toMatchObject({ outcome: 'fail', code: 'key.broken', fix: 'chooseIdentity' })
    await world.db.delete('identities', PROFILE)
    expect(of(await look(), 'key')).toMatchObject({ outcome: 'fail', code: 'key.lost' })
  })

  it('client:CRG7 a pasted token is working and worth a warning', async () => {
    const session = await world.db.get('sessions', PROFILE)
    if (!session) throw new Error('no session')
    world.relay.takeBearer(session.apiKey)
    await world.db.put('sessions', { ...session, bearer: true })
    expect(issues(await look())).toMatchObject([{ check: 'key', outcome: 'warn', code: 'key.token' }])
  })

  it.each([
    [{ state: 'reconnecting', reason: 'The relay fell silent.' }, 'socket.waiting', 'retry'],
    [{ state: 'reconnecting', reason: 'WebSocket blocked', polling: true }, 'socket.polling', 'retry'],
    [{ state: 'blocked', reason: 'Another key.' }, 'socket.blocked', 'compareKeys'],
    [{ state: 'identity_lost', reason: 'The key is gone.' }, 'socket.waiting', 'chooseIdentity'],
  ] as const)('client:SOC3, SOC13 a connection that is %o', async (state, code, fix) => {
    await world.db.put('connections', { profileId: PROFILE, since: 1, ...state })
    host.roundTrip = () => Promise.reject(new Failure('not_connected', 'none'))
    expect(of(await look(), 'socket')).toMatchObject({ outcome: 'fail', code, fix })
  })

  it('client:SOC11, ARC7 malformed frames and records that were set aside are told', async () => {
    await world.db.put('connections', { profileId: PROFILE, since: 1, state: 'connected', malformedFrames: 3 })
    await world.db.add('quarantine', { profileId: PROFILE, at: 1, source: 'push', reason: 'no id' })
    const found = await look()
    expect(of(found, 'socket')).toMatchObject({ outcome: 'warn', figures: { malformed: 3 } })
    expect(of(found, 'storage')).toMatchObject({ outcome: 'warn', code: 'storage.aside', figures: { aside: 1 }, fix: 'clearAside' })
  })

  it.each([
    ['worker', 'background.silent', 'reload'],
    ['document', 'background.noDocument', 'retry'],
  ] as const)('client:ARC2 no %s', async (gone, code, fix) => {
    if (gone === 'worker') host.askWorker = () => Promise.reject(new Failure('no_answer', 'nobody'))
    else host.documentRuns = async () => false
    expect(issues(await look())).toMatchObject([{ check: 'background', code, fix }])
  })

  it.each([
    [{ usage: 96, quota: 100 }, 'fail', 'space.full'],
    [{ usage: 85, quota: 100 }, 'warn', 'space.tight'],
    [{}, 'ok', 'space.unknown'],
  ] as const)('client:CDD10 space %o', async (space, outcome, code) => {
    host.space = async () => space
    expect(of(await look(), 'space')).toMatchObject({ outcome, code })
    expect(await world.db.get('settings', 'doctor')).toBeUndefined()
  })
})

describe('nothing makes it fail', () => {
  const boom = (): never => {
    throw new Error('boom')
  }
  it('client:DOC3 storage that cannot be opened: everything that reads it is skipped, the rest is looked at', async () => {
    const found: Finding[] = []
    await examine({ ...host, openDatabase: () => Promise.reject(new Failure('database_upgrade', 'damaged')) }, (one) =>
      found.push(one),
    )
    expect(issues(found)).toMatchObject([{ check: 'storage', code: 'storage.closed', fix: 'resetAll' }])
    expect(of(found, 'space')).toMatchObject({ outcome: 'ok' })
    expect(found).toHaveLength(checkNames.length)
  })

  it('client:DOC3 storage that never opens', async () => {
    const found: Finding[] = []
    let ended = false
    const looking = examine({ ...host, openDatabase: () => new Promise(() => undefined) }, (one) => found.push(one)).finally(() => {
      ended = true
    })
    while (!ended) await world.timers.advance(1_000)
    await looking
    expect(of(found, 'storage')).toMatchObject({ outcome: 'fail', words: { reason: 'The database does not open.' } })
  })

  it.each(['askWorker', 'documentRuns', 'roundTrip', 'isAnswered', 'localRefused', 'space', 'notifications'] as const)(
    'client:DOC3 %s throwing at once, and never answering',
    async (part) => {
      host = { ...host, [part]: boom }
      expect(await look()).toHaveLength(checkNames.length)
      host = {
        ...host,
        [part]: () => new Promise(() => undefined),
        network: { ...host.network, ...(part === 'isAnswered' && { fetch: boom }) },
      }
      expect(await look()).toHaveLength(checkNames.length)
    },
  )
})

describe('the report', () => {
  it('client:DOC3 holds no word of the user or the relay, whatever they are', async () => {
    const channels = [channel('a', 'auth_failed'), channel('b', 'ok')]
    world.relay.route({ 'GET /channels': () => ({ json: { channels } }) })
    await world.db.put('connections', { profileId: PROFILE, since: 1, state: 'reconnecting', reason: 'canary-reason' })
    host.roundTrip = () => Promise.reject(new Failure('x', 'canary-failure'))
    host.space = () => Promise.reject(new Error('canary-error'))
    const found = await look()
    const seen = found.map((finding) =>
      finding.check === 'reach' ? { ...finding, words: { version: '1.2 canary-version' } } : finding,
    )
    const report = writeReport({ extension: '0.1.0', browser: 'Chromium/1', at: 0 }, seen)
    expect(JSON.stringify(found)).toContain('canary')
    expect(report).not.toContain('canary')
    const session = await world.db.get('sessions', PROFILE)
    for (const secret of [session?.apiKey, session?.userId, 'relay.test', world.relay.key.x]) expect(report).not.toContain(secret)
    expect(report).toContain('fail channels      broken channels=2 needing=1 failing=1 telegram:auth_failed telegram:ok')
    expect(report).toMatch(/3 issue\(s\) found$/)
  })
})

describe('the stations of a message', () => {
  it('client:DOC2 each is as bad as its worst check, and messages stop at the first that fails', async () => {
    world.clock.ahead = 120_000
    world.relay.revoke()
    const found = await look()
    expect(hopsOf(found).map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'browser warn',
      'network ok',
      'relay fail',
      'channels skip',
    ])
    expect(breakOf(found)).toMatchObject({ hop: 'relay', finding: { check: 'token' } })
  })
})
