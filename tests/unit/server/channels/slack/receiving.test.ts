import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RelayError } from '#protocol/errors.ts'
import type { Connection } from '../../../../../server/channels/port.ts'
import { createQueue } from '../../../../fakes/queue.ts'
import { startAdapter } from './adapter.ts'

type Adapter = Awaited<ReturnType<typeof startAdapter>>

describe('events of Slack and what is confirmed', () => {
  let at: Adapter
  let connection: Connection | undefined

  beforeEach(async () => {
    at = await startAdapter()
  })
  afterEach(async () => {
    await connection?.close()
    connection = undefined
    await at.slack.close()
  })

  const started = async () => {
    const ada = at.slack.user('Ada')
    await at.allow(ada.id)
    connection = at.start()
    await at.slack.sockets.connected.next()
    return ada
  }

  it('relay:DUR1, DUR4, SL2 an event is confirmed after the commit and never before', async () => {
    const ada = await started()
    const { sockets } = at.slack
    const commits = createQueue<() => void>()
    const { ingest } = at.fake.host
    at.fake.host.ingest = async (channel, message) => {
      await new Promise<void>((resolve) => commits.put(resolve))
      return ingest(channel, message)
    }
    ada.send('slowly')
    const commit = await commits.next()
    // What is not stored is confirmed at once: had the event been, that would have come before on the same line.
    sockets.sendRaw('{"type":"slash_commands","envelope_id":"command","payload":{}}')
    expect(await sockets.strays.next()).toBe('command')
    expect(sockets.confirmed.all).toEqual([])
    commit()
    expect(await sockets.confirmed.next()).toBe(at.slack.events[0]?.event_id)
    expect(at.fake.ingested.all.map(({ content }) => content)).toEqual(['slowly'])
  })

  it('relay:DUR1, DUR4 what could not be stored is not confirmed, and is stored when Slack sends it again', async () => {
    const ada = await started()
    const { sockets, events } = at.slack
    at.fake.failToStore(new RelayError('storage_unavailable', 'The disk is full.'), new Error('something else'))
    ada.send('one')
    ada.send('two')
    ada.send('three')
    expect(await sockets.confirmed.next()).toBe(events[2]?.event_id)
    sockets.redeliver()
    expect([await sockets.confirmed.next(), await sockets.confirmed.next()]).toEqual([events[0]?.event_id, events[1]?.event_id])
    expect(at.fake.ingested.all.map(({ content }) => content)).toEqual(['three', 'one', 'two'])
  })

  it('relay:SL4 a thread that Slack cannot tell about now is not confirmed, and decided when it can', async () => {
    const ada = await started()
    const room = at.slack.channel()
    const { app, sockets, events } = at.slack
    const root = ada.send('long ago', { in: room })
    room.messages.push({ type: 'message', user: app.botUserId, text: 'I was here', ts: at.slack.nextTs(), thread_ts: root.ts })
    at.slack.faults.next('conversations.replies', { kind: 'rateLimit', retryAfter: 60 })
    ada.send('and now?', { in: room, thread: root.ts })
    ada.send('directly')
    const last = events.at(-1)?.event_id
    while ((await sockets.confirmed.next()) !== last);
    expect(at.fake.ingested.all.map(({ content }) => content)).toEqual(['directly'])
    sockets.redeliver()
    expect((await at.fake.ingested.next(({ content }) => content !== 'directly')).content).toBe('and now?')
  })

  it('relay:CUR11 a name that takes long is not waited for; the next message has it', async () => {
    const ada = await started()
    at.slack.faults.next('users.info', { kind: 'silence' })
    ada.send('quick')
    expect((await at.fake.ingested.next()).from).toBe(ada.id)
    const eve = at.slack.user('Eve')
    await at.allow(ada.id, eve.id)
    eve.send('hi')
    eve.send('hi again')
    expect([(await at.fake.ingested.next()).from, (await at.fake.ingested.next()).from]).toEqual(['Eve', 'Eve'])
    expect(at.slack.app.calls.all.filter(({ args }) => args.user === eve.id)).toHaveLength(1)
  })

  it('relay:STO3 tokens that cannot be read any more are told', async () => {
    await at.fake.host.update(at.current().id, (channel) => ({ ...channel, secrets: { botToken: 'of another key' } }))
    const opened = at.adapter.start?.(at.current())
    expect(await at.fake.statuses.next()).toMatchObject({
      state: 'auth_failed',
      detail: expect.stringContaining('Add the app again'),
    })
    await opened?.close()
  })
})
