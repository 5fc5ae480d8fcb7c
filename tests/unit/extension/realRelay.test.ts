import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRecovery } from '../../../lib/channels/recovery.ts'
import { createChannelService } from '../../../lib/channels/service.ts'
import { createVault } from '../../../lib/channels/vault.ts'
import type { Database } from '../../../lib/database/open.ts'
import { createWriting } from '../../../lib/inbox/writing.ts'
import { trustOfferedKey } from '../../../lib/profiles/store.ts'
import { channelCreatedSchema } from '../../../lib/protocol/http.ts'
import { fingerprintOf } from '../../../lib/relay/keys.ts'
import { databaseWithProfile } from './support/database.ts'
import { createTestLocks } from './support/locks.ts'
import { startRealRelay } from './support/realRelay.ts'
import { startRunner, stateOf, type TestRunner } from './support/runner.ts'
import { until } from './support/timers.ts'

let relay: Awaited<ReturnType<typeof startRealRelay>>
let db: Database
const open: TestRunner[] = []

beforeEach(async () => {
  relay = await startRealRelay()
  db = await databaseWithProfile(relay.url)
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((runner) => runner.close()))
  await relay.close()
})

function start(options: Partial<Parameters<typeof startRunner>[0]> = {}): TestRunner {
  const runner = startRunner({ db, ...options })
  open.push(runner)
  return runner
}

const connected = () => until(async () => (await stateOf(db)) === 'connected', 'the connection')
const stored = (count: number) => until(async () => (await db.count('messages')) === count, `${count} messages`)

async function addWebhook(runner: TestRunner, direction = 'bidirectional'): Promise<string> {
  const body = { type: 'webhook', name: 'ci', direction }
  const { webhookUrl } = await runner.client.ask('default', { method: 'POST', target: '/channels', body }, channelCreatedSchema)
  return webhookUrl ?? ''
}

async function post(url: string, text: string): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    body: JSON.stringify({ text }),
    headers: { 'Content-Type': 'application/json' },
  })
  expect(answer.status).toBe(200)
}

const contents = async () => (await db.getAllFromIndex('messages', 'time')).map(({ content }) => content)

describe('the extension’s connection on the real relay', () => {
  it('client:CRG1, SOC1, SOC2, SOC3, PIN1 registers, opens a ticketed socket, greets, catches up and is connected', async () => {
    const runner = start()
    await connected()
    expect(await db.get('pins', 'default')).toMatchObject({ origin: relay.url })
    expect(await db.get('cursors', 'default')).toMatchObject({ seq: 0 })
    expect(runner.sockets).toHaveLength(1)
    expect(runner.sockets[0]?.url).toBe(`${relay.url.replace('http', 'ws')}/ws`)
    expect(runner.sockets[0]?.protocol).toBe('chaos.v2')
  })

  it('client:CDD1, CDD8 a posted message is stored, told, and acknowledged', async () => {
    const runner = start()
    await connected()
    const url = await addWebhook(runner)
    await post(url, 'hello')
    await stored(1)
    await until(() => runner.arrived.length === 1, 'the worker to be told')
    expect(runner.arrived[0]?.bulk).toBe(false)
    expect(runner.changes.some(({ topic }) => topic === 'messages')).toBe(true)
    expect(await db.get('cursors', 'default')).toMatchObject({ seq: 1 })
  })

  it('client:SOC9, SOC10, CDD4 what came while away is caught up in order, also over a relay restart', async () => {
    const first = start()
    await connected()
    const url = await addWebhook(first)
    await post(url, 'one')
    await stored(1)
    await first.close()
    for (const text of ['two', 'three']) await post(url, text)
    await relay.restart()
    await post(url, 'four')
    start()
    await stored(4)
    expect(await contents()).toEqual(['one', 'two', 'three', 'four'])
  })

  it('client:SOC7, CDD4 a relay that restarts under a live connection is found again and nothing is missing', async () => {
    const runner = start()
    await connected()
    const url = await addWebhook(runner)
    for (let round = 0; round < 3; round++) {
      await post(url, `before ${round}`)
      await relay.restart()
      await post(url, `after ${round}`)
    }
    await stored(6)
    expect(await contents()).toEqual(['before 0', 'after 0', 'before 1', 'after 1', 'before 2', 'after 2'])
    expect(await db.count('gaps')).toBe(0)
  })

  it('client:CDD1, ARC5 1,200 waiting messages arrive complete and in order, in pages, told to the worker in bulk', async () => {
    const first = start()
    await connected()
    const url = await addWebhook(first)
    await first.close()
    for (let batch = 0; batch < 12; batch++)
      await Promise.all(Array.from({ length: 100 }, (_one, index) => post(url, `${batch * 100 + index}`)))
    const runner = start()
    await stored(1_200)
    const rows = await db.getAllFromIndex('messages', 'time')
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 1_200 }, (_one, index) => index + 1))
    expect(new Set(rows.map(({ content }) => content)).size).toBe(1_200)
    expect((await db.getAll('conversations'))[0]).toMatchObject({ unread: 1_200 })
    await until(() => runner.arrived.length > 0, 'the worker to be told')
    expect(runner.arrived.every(({ bulk }) => bulk)).toBe(true)
  })

  it('client:CRP1, CRP3, CRP7 a reply is stored first, delivered once, and its state follows; one written while away goes out later', async () => {
    const runner = start()
    await connected()
    const url = await addWebhook(runner)
    await post(url, 'question')
    await stored(1)
    const [conversation] = await db.getAll('conversations')
    const writing = createWriting({ db, now: Date.now })
    const wanted = { profileId: 'default', conversationId: conversation?.id ?? '', attachments: [] }
    await writing.write({ ...wanted, content: 'first' })
    runner.flush()
    await until(async () => (await db.getAll('replies')).every(({ state }) => state === 'sent'), 'the reply')
    await runner.close()
    await writing.write({ ...wanted, content: 'second' })
    await writing.write({ ...wanted, content: 'third' })
    start()
    await until(async () => (await db.getAll('replies')).every(({ state }) => state === 'sent'), 'the later replies')
    const responses = await (await fetch(url.replace('/webhook/', '/responses/'))).json()
    expect(responses.responses.map(({ content }: { content: string }) => content)).toEqual(['first', 'second', 'third'])
    expect(responses.responses[0].metadata.replyTo).toBe(conversation?.lastMessageId)
  })

  it('client:CRP3 a reply the relay refuses is shown as failed with its reason', async () => {
    const runner = start()
    await connected()
    const url = await addWebhook(runner)
    await post(url, 'question')
    await stored(1)
    const { id } = (await db.getAll('conversations'))[0] ?? { id: '' }
    const channelId = (await db.getAll('conversations'))[0]?.channelId ?? ''
    await runner.client.send('default', { method: 'DELETE', target: `/channels/${channelId}` })
    await createWriting({ db, now: Date.now }).write({ profileId: 'default', conversationId: id, content: 'late', attachments: [] })
    runner.flush()
    await until(async () => (await db.getAll('replies'))[0]?.state === 'failed', 'the refusal')
    expect((await db.getAll('replies'))[0]).toMatchObject({ state: 'failed', code: 'channel_not_found' })
  })

  it('client:SOC12 a change of a channel arrives by itself', async () => {
    const runner = start()
    await connected()
    const id = /webhook\/([^?]+)/.exec(await addWebhook(runner))?.[1] ?? ''
    await runner.client.send('default', { method: 'PATCH', target: `/channels/${id}`, body: { name: 'other' } })
    await until(async () => (await db.getAll('channels'))[0]?.config.name === 'other', 'the new name')
    await runner.client.send('default', { method: 'DELETE', target: `/channels/${id}` })
    await until(async () => (await db.count('channels')) === 0, 'the channel to go')
  })

  it('client:CRG3, REC1 a session deleted on the relay is made anew at once (close 1008), and found to be another one', async () => {
    const runner = start()
    await connected()
    const before = (await db.get('sessions', 'default'))?.userId
    await runner.client.send('default', { method: 'DELETE', target: '/session' })
    await until(async () => (await db.get('sessions', 'default'))?.userId !== before, 'another session')
    await connected()
    expect(runner.lost).toEqual(['default'])
  })

  it('client:PIN4, REC6 a relay whose data is gone blocks the profile, and nothing more is sent to it', async () => {
    const runner = start()
    await connected()
    await runner.close()
    await relay.close()
    relay = await startRealRelay()
    await db.put('profiles', { id: 'default', name: 'default', relayUrl: relay.url, createdAt: 0, stopped: false })
    for (const store of ['sessions', 'pins'] as const) {
      const row = await db.get(store, 'default')
      if (row) await db.put(store, { ...row, origin: relay.url } as never)
    }
    let asked = 0
    start({
      fetch: (url, init) => {
        asked++
        return fetch(url, init)
      },
    })
    await until(async () => (await stateOf(db)) === 'blocked', 'the block')
    const then = asked
    await new Promise<void>((resolve) => setTimeout(resolve, 200))
    expect(asked).toBe(then)
    expect((await db.get('pins', 'default'))?.offered).toBeDefined()
  })

  it('client:REC6, PIN5, CRG3, REC1, REC2 once trusted, the wiped relay gets the profile and its webhook back under the same address', async () => {
    const runner = start()
    await connected()
    const vault = createVault({ db })
    const parts = { db, vault, now: Date.now, locks: createTestLocks() }
    const service = (client: TestRunner['client']) => {
      const recovery = createRecovery({ ...parts, client, onMoved: async () => undefined })
      return { recovery, ...createChannelService({ ...parts, client, tell: () => undefined, waiting: recovery.waiting }) }
    }
    const { webhookUrl } = await service(runner.client).handlers.addWebhook({ profileId: 'default', name: 'ci' })
    const { pathname, search } = new URL(webhookUrl)
    await runner.close()
    await relay.close()
    relay = await startRealRelay()
    // The same address as before; here it has another port.
    await db.put('profiles', { id: 'default', name: 'default', relayUrl: relay.url, createdAt: 0, stopped: false })
    for (const store of ['sessions', 'pins'] as const) {
      const row = await db.get(store, 'default')
      if (row) await db.put(store, { ...row, origin: relay.url } as never)
    }
    const again = start()
    await until(async () => (await stateOf(db)) === 'blocked', 'the block')
    const offered = (await db.get('pins', 'default'))?.offered
    await trustOfferedKey(db, 'default', offered ? (await fingerprintOf(offered)).slice(0, 9) : '', Date.now())
    again.reconnect()
    await connected()
    expect(again.lost).toEqual(['default'])
    await service(again.client).recovery.run('default')
    await post(relay.url + pathname + search, 'still the same address')
    await stored(1)
    expect((await db.getAll('channels')).map(({ config }) => config.name)).toEqual(['ci'])
  })

  it('client:IDN3 a profile whose key is gone says so and does not make another', async () => {
    await db.delete('identities', 'default')
    start()
    await until(async () => (await stateOf(db)) === 'identity_lost', 'the state')
    expect(await db.count('identities')).toBe(0)
  })

  it('client:SOC13 where sockets are blocked messages still arrive by polling', async () => {
    const first = start()
    await connected()
    const url = await addWebhook(first)
    await first.close()
    await post(url, 'one')
    start({ connect: (address, protocols) => new WebSocket(address.replace('/ws', '/nowhere'), protocols) })
    await stored(1)
    await until(async () => (await db.get('connections', 'default'))?.polling === true, 'polling')
    await post(url, 'two')
    await stored(2)
  })
})
