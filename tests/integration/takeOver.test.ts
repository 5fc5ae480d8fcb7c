import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withoutTakenOver, withTakenOver } from '../../server/channels/takeOver.ts'
import type { ChannelRecord } from '../../server/store/records.ts'
import { startTelegramRelay, type TelegramRelay } from '../fakes/telegram/relay.ts'
import { createClient, type TestClient } from '../support/client.ts'
import { openOutbox } from '../support/outbox.ts'
import { startRelay, type TestRelay } from '../support/relay.ts'
import { startRelayProcess } from '../support/relayProcess.ts'
import { createWebhook, NO_LIMITS } from '../support/webhook.ts'

const REFUSED = { status: 409, json: { code: 'taken_over' } }

describe('taking over a webhook', () => {
  let relay: TestRelay
  let owner: TestClient
  let id: string
  beforeEach(async () => {
    relay = await startRelay({ env: NO_LIMITS })
    owner = await relay.client()
    id = (await createWebhook(owner)).id
  })
  afterEach(() => relay.close())

  const change = (what: 'take-over' | 'hand-back', body: unknown = {}) => owner.post(`/channels/${id}/${what}`, body)
  const reply = (more: object = {}) => owner.post('/reply', { channelId: id, content: 'x', ...more })
  const listed = async () => (await owner.get('/channels')).json.channels[0].takenOver
  const responses = async () => (await owner.get(`/responses/${id}`)).json.responses.map((one: { content: string }) => one.content)

  it('relay:TKO1, WS16 is told in the answer, in the list and to the sockets; twice is once; handing back undoes it', async () => {
    const socket = await owner.openResumed()
    expect(await listed()).toEqual([])
    for (const _ of [1, 2]) {
      expect(await change('take-over')).toMatchObject({ status: 200, json: { ok: true, channel: { id, takenOver: [''] } } })
      expect(await listed()).toEqual([''])
    }
    expect(await socket.nextOf('channel_update')).toMatchObject({ channelId: id, channel: { takenOver: [''] } })
    for (const _ of [1, 2]) expect(await change('hand-back')).toMatchObject({ status: 200, json: { channel: { takenOver: [] } } })
    expect(await socket.nextOf('channel_update')).toMatchObject({ channelId: id, channel: { takenOver: [] } })
  })

  it('relay:TKO2 an agent is refused and nothing stored, its owner is not; what is not an author is refused', async () => {
    await change('take-over')
    expect(await reply({ content: 'agent' })).toMatchObject(REFUSED)
    expect(await reply({ content: 'agent', by: 'agent' })).toMatchObject(REFUSED)
    expect(await reply({ content: 'owner', by: 'human' })).toMatchObject({ status: 200, json: { state: 'sent' } })
    for (const by of ['Human', 1, {}, ''])
      expect(await reply({ by })).toMatchObject({ status: 400, json: { code: 'invalid_field' } })
    expect(await responses()).toEqual(['owner'])
    const socket = await owner.openResumed()
    socket.send({ type: 'reply', channelId: id, content: 'agent', clientId: 'c' })
    expect(await socket.nextOf('error')).toMatchObject({ code: 'taken_over', clientId: 'c' })
    await change('hand-back')
    // The same clientId and key, which were refused before, are not used up.
    expect(await reply({ content: 'agent', clientId: 'c' })).toMatchObject({ status: 200 })
    expect(await responses()).toEqual(['owner', 'agent'])
  })

  it('relay:TKO2, REP11, DUR3 what was accepted before keeps its answer when it is sent again', async () => {
    const headers = { 'Idempotency-Key': 'k' }
    const first = await owner.post('/reply', { channelId: id, content: 'x', clientId: 'c' }, { headers })
    await change('take-over')
    const again = await owner.post('/reply', { channelId: id, content: 'x', clientId: 'c' }, { headers })
    expect([again.status, again.json]).toEqual([200, first.json])
    expect(await owner.post('/reply', { channelId: id, content: 'y' }, { headers })).toMatchObject({
      status: 409,
      json: { code: 'idempotency_conflict' },
    })
    expect(await responses()).toEqual(['x'])
  })

  it('relay:TKO2 of a hundred answers that race with it, none is stored after it', async () => {
    const racing = Array.from({ length: 100 }, (_, n) => reply({ content: `${n}` }))
    const taken = change('take-over').then(responses)
    const answers = await Promise.all(racing)
    const stored = await taken
    expect(await responses()).toEqual(stored)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(stored.length)
    expect(new Set(answers.map(({ status }) => status))).toSatisfy((all: Set<number>) =>
      [...all].every((one) => [200, 409].includes(one)),
    )
  })

  it('relay:TKO1, CH7 a stranger’s is one that does not exist; a body of the wrong type is refused', async () => {
    const stranger = await relay.client()
    for (const what of ['take-over', 'hand-back'])
      expect(await stranger.post(`/channels/${id}/${what}`, {})).toMatchObject({ status: 404, json: { code: 'channel_not_found' } })
    expect(await change('take-over', { conversation: {} })).toMatchObject({ status: 400, json: { code: 'invalid_field' } })
    expect(await listed()).toEqual([])
  })
})

it('relay:TKO1 a channel has at most a thousand, and one that is handed back makes room', () => {
  const full = { takenOver: Array.from({ length: 1_000 }, (_, n) => `${n}`) } as ChannelRecord
  expect(() => withTakenOver('one more')(full)).toThrow(expect.objectContaining({ code: 'too_many_taken_over', status: 409 }))
  expect(withTakenOver('7')(full)).toBe(full)
  expect(withTakenOver('one more')(withoutTakenOver('7')(full)).takenOver).toHaveLength(1_000)
})

it('relay:TKO1 is kept through a kill', async () => {
  const relay = await startRelayProcess()
  try {
    const owner = await createClient(relay.url)
    const { id } = await createWebhook(owner)
    await owner.post(`/channels/${id}/take-over`, {})
    await relay.restart('SIGKILL')
    expect((await owner.get('/channels')).json.channels[0].takenOver).toEqual([''])
    expect(await owner.post('/reply', { channelId: id, content: 'x' })).toMatchObject(REFUSED)
  } finally {
    await relay.close()
  }
})

describe('taking over a chat', () => {
  let at: TelegramRelay
  beforeEach(async () => {
    at = await startTelegramRelay()
  })
  afterEach(() => at.close())

  it('relay:TKO1, TKO2, TKO3, TYP1 only that chat is held; what agents had queued for it fails, what its owner had does not', async () => {
    const { user: ada, channelId } = await at.paired()
    const { next, socket } = await at.inbox()
    const bert = at.telegram.user('Bert')
    await at.client.patch(`/channels/${channelId}`, { allowedUsers: [String(ada.id), String(bert.id)] })
    for (const user of [bert, ada]) {
      user.send('hello')
      await next()
    }
    const conversation = String(ada.id)
    const say = async (content: string, chat: { id: number }, more: object = {}) =>
      (await at.client.post('/reply', { channelId, content, metadata: { chatId: chat.id }, ...more })).json
    // The front of Ada’s queue is put off, so that the rest waits behind it.
    at.telegram.faults.next('sendMessage', { kind: 'refuse', code: 429, description: 'Too Many Requests', retryAfter: 2 })
    const front = await say('owner first', ada, { by: 'human' })
    expect(await socket.nextOf('reply_status')).toMatchObject({ responseId: front.responseId, state: 'queued' })
    const agents = await say('agent', ada)
    const path = `/channels/${channelId}`
    expect(await at.client.post(`${path}/take-over`, { conversation: 'nobody' })).toMatchObject({ json: { code: 'no_target' } })
    expect(await at.client.post(`${path}/take-over`, {})).toMatchObject({ status: 400, json: { code: 'missing_field' } })
    expect(await at.client.post(`${path}/take-over`, { conversation: ada.id })).toMatchObject({
      json: { channel: { takenOver: [conversation] } },
    })
    expect((await at.client.get(`/replies/${agents.responseId}`)).json).toMatchObject({
      state: 'failed',
      reason: 'Somebody took over this conversation before this was sent.',
    })
    expect(await say('again', ada)).toMatchObject({ code: 'taken_over' })
    expect(await at.client.post('/typing', { channelId })).toMatchObject(REFUSED)
    expect(await at.client.post('/typing', { channelId, by: 'human' })).toMatchObject({ status: 200 })
    const other = await say('to Bert', bert)
    const told: Record<string, string> = {}
    while (Object.keys(told).length < 3) {
      const { responseId, state } = await socket.nextOf('reply_status')
      if (state !== 'queued') told[responseId] = state
    }
    expect(told).toEqual({ [front.responseId]: 'sent', [agents.responseId]: 'failed', [other.responseId]: 'sent' })
    const texts = at.telegram.sent.map((message) => ('text' in message ? message.text : ''))
    expect(texts).toContain('owner first')
    expect(texts).not.toContain('agent')
    // Handing back revives nothing.
    await at.client.post(`${path}/hand-back`, { conversation })
    expect((await at.client.get(`/replies/${agents.responseId}`)).json.state).toBe('failed')
    expect(await say('now', ada)).toMatchObject({ state: 'queued' })
  })
})

it('relay:TKO3 what an agent is in the middle of saying is not said to its end; an owner is not interrupted', async () => {
  const box = await openOutbox()
  try {
    const channel = await box.addChannel('chat')
    await box.hear('chat', 'bert')
    await box.hear('chat', 'anna')
    let parts = 0
    box.obey(() => {
      box.channels.set('chat', { ...channel, takenOver: ['anna'] })
      return `p${++parts}`
    })
    box.outbox.start()
    const by = (author: string) => ({ channelId: 'chat', content: 'one|two|three', by: author, metadata: { chatId: 'anna' } })
    const { responseId } = await box.accept(by('agent'))
    expect(await box.status(responseId, 'failed')).toMatchObject({ reason: expect.stringContaining('took over') })
    expect(box.sent.map(({ text }) => text)).toEqual(['one'])
    const own = await box.accept(by('human'))
    await box.status(own.responseId, 'sent')
    expect(box.sent.map(({ text }) => text)).toEqual(['one', 'one', 'two', 'three'])
  } finally {
    await box.close()
  }
})
