import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../../lib/database/open.ts'
import { createOutbox, GIVE_UP_AFTER_MS, type Outbox, type ReplyRoads } from '../../../lib/inbox/outbox.ts'
import { countWaiting } from '../../../lib/inbox/queries.ts'
import { createWriting } from '../../../lib/inbox/writing.ts'
import { Failure } from '../../../lib/messaging/failure.ts'
import { freshDatabase } from './support/database.ts'
import { addConversation } from './support/inbox.ts'
import { createFakeTimers, type FakeTimers, settle } from './support/timers.ts'

const PROFILE = 'default'
let db: Database
let timers: FakeTimers
let writing: ReturnType<typeof createWriting>
let outbox: Outbox
let sent: string[]
/** What the roads do; a test changes them. */
let roads: ReplyRoads

beforeEach(async () => {
  db = await freshDatabase()
  timers = createFakeTimers()
  writing = createWriting({ db, now: timers.now })
  sent = []
  roads = {
    overSocket: () => false,
    mayRepeat: () => true,
    overHttp: async ({ clientId }) => {
      sent.push(`http ${clientId}`)
      return { responseId: `r-${clientId}`, state: 'queued' }
    },
    status: async (responseId) => ({ responseId, channelId: 'c', state: 'sent', attempts: 1, updatedAt: '' }),
  }
  await addConversation(db, 'a', 'telegram')
  restart()
})
afterEach(() => outbox.close())

function restart(): void {
  outbox?.close()
  outbox = createOutbox({
    db,
    profileId: PROFILE,
    timers,
    roads: {
      overSocket: (request) => roads.overSocket(request),
      mayRepeat: () => roads.mayRepeat(),
      overHttp: (request) => roads.overHttp(request),
      status: (id) => roads.status(id),
    },
    onChanged: () => undefined,
  })
}

const write = (content: string, conversationId = 'a') =>
  writing.write({ profileId: PROFILE, conversationId, content, attachments: [] })
const state = async (clientId: string) => (await db.get('replies', clientId))?.state
const overSocket: ReplyRoads['overSocket'] = ({ clientId }) => {
  sent.push(`socket ${clientId}`)
  return true
}

describe('handing replies to the relay', () => {
  it('client:CRP1, TKO3 echoes the message’s metadata and id, and goes by HTTP where there is no socket', async () => {
    const { clientId } = await write('hello')
    expect(await state(clientId)).toBe('sending')
    let asked: unknown
    roads.overHttp = async (request) => {
      asked = request
      return { responseId: 'r1', state: 'queued' }
    }
    outbox.flush()
    await settle()
    expect(asked).toEqual({
      clientId,
      channelId: 'c',
      channelType: 'telegram',
      content: 'hello',
      replyTo: 'm1',
      metadata: { chatId: '7' },
      by: 'human',
    })
    expect(await db.get('replies', clientId)).toMatchObject({ state: 'queued', responseId: 'r1' })
  })

  it('client:CRP1, CRP3 goes by socket where there is one; the ack makes it queued, the status sent', async () => {
    roads.overSocket = overSocket
    const { clientId } = await write('hello')
    outbox.flush()
    await settle()
    expect([sent, await state(clientId)]).toEqual([[`socket ${clientId}`], 'sending'])
    outbox.take({ type: 'reply_ack', ok: true, responseId: 'r1', clientId })
    await settle()
    expect(await state(clientId)).toBe('queued')
    outbox.take({
      type: 'reply_status',
      responseId: 'r1',
      channelId: 'c',
      state: 'sent',
      platformMessageId: '9',
      reason: 'It may have arrived twice.',
      attempts: 1,
      updatedAt: '',
    })
    await settle()
    const doubt = 'It may have arrived twice.'
    expect(await db.get('replies', clientId)).toMatchObject({ state: 'sent', platformMessageId: '9', doubt })
  })

  it('client:CRP3 a status that overtakes its ack is kept', async () => {
    roads.overSocket = overSocket
    const { clientId } = await write('hello')
    outbox.flush()
    await settle()
    outbox.take({ type: 'reply_status', responseId: 'r1', clientId, channelId: 'c', state: 'sent', attempts: 1, updatedAt: '' })
    outbox.take({ type: 'reply_ack', ok: true, responseId: 'r1', clientId })
    await settle()
    expect(await db.get('replies', clientId)).toMatchObject({ state: 'sent', responseId: 'r1' })
  })

  it('client:CRP2 no ack within 10 s sends the same clientId by HTTP', async () => {
    roads.overSocket = overSocket
    const { clientId } = await write('hello')
    outbox.flush()
    await timers.advance(9_999)
    expect(sent).toEqual([`socket ${clientId}`])
    await timers.advance(1)
    expect(sent).toEqual([`socket ${clientId}`, `http ${clientId}`])
    expect(await state(clientId)).toBe('sent')
  })

  it('relay:REP9 hands replies over one after the other, in the order they were written', async () => {
    roads.overSocket = overSocket
    const clientIds = [(await write('1')).clientId, (await write('2')).clientId, (await write('3')).clientId]
    outbox.flush()
    for (const clientId of clientIds) {
      await settle()
      expect(sent.at(-1)).toBe(`socket ${clientId}`)
      outbox.take({ type: 'reply_ack', ok: true, responseId: `r-${clientId}`, clientId })
    }
    await settle()
    expect(sent).toEqual(clientIds.map((clientId) => `socket ${clientId}`))
  })

  it('client:CRP3 a refusal is final and says why; a passing trouble is not', async () => {
    roads.overSocket = overSocket
    const refused = await write('1')
    outbox.flush()
    await settle()
    outbox.take({ type: 'error', error: 'Nobody is paired.', code: 'not_paired', clientId: refused.clientId })
    await settle()
    expect(await db.get('replies', refused.clientId)).toMatchObject({
      state: 'failed',
      code: 'not_paired',
      reason: 'Nobody is paired.',
    })

    const delayed = await write('2')
    outbox.flush()
    await settle()
    outbox.take({ type: 'error', error: 'Disk full.', code: 'storage_unavailable', clientId: delayed.clientId })
    await settle()
    expect(sent.at(-1)).toBe(`http ${delayed.clientId}`)
    expect(await state(delayed.clientId)).toBe('sent')
  })

  it('client:HTE3 too many requests: waits as long as the relay asks, then goes on with the same clientId', async () => {
    const { clientId } = await write('hello')
    roads.overHttp = async () => {
      sent.push('refused')
      throw new Failure('rate_limited', 'slow', { retryAfter: 12 })
    }
    outbox.flush()
    await timers.advance(11_999)
    expect(sent).toEqual(['refused'])
    roads.overHttp = async (request) => {
      sent.push(request.clientId)
      return { responseId: 'r', state: 'queued' }
    }
    await timers.advance(1)
    expect(sent).toEqual(['refused', clientId])
  })

  it('client:CRP7 a reply the browser died on is sent again under its clientId at the next connection', async () => {
    roads.overHttp = () => new Promise(() => undefined)
    const { clientId } = await write('hello')
    outbox.flush()
    await settle()
    restart()
    roads.overSocket = overSocket
    outbox.connected()
    await settle()
    expect(sent).toEqual([`socket ${clientId}`])
  })

  it('client:CRP3, CRP7 delivered before the browser died, acked only afterwards: its state is asked for', async () => {
    roads.overSocket = overSocket
    roads.overHttp = () => new Promise(() => undefined)
    const { clientId } = await write('hello')
    outbox.flush()
    await settle()
    await timers.advance(10)
    restart()
    outbox.connected()
    await settle()
    outbox.take({ type: 'reply_ack', ok: true, responseId: 'r1', clientId })
    await settle()
    expect(await state(clientId)).toBe('sent')
  })

  it('client:CRP2, CRP3 a connection that goes does not wait out the 10 s; what it may have delivered is asked for', async () => {
    roads.overSocket = overSocket
    const { clientId } = await write('hello')
    outbox.flush()
    await settle()
    outbox.disconnected()
    await settle()
    expect([sent, await state(clientId)]).toEqual([[`socket ${clientId}`, `http ${clientId}`], 'sent'])
  })

  it('client:CRP7 after 24 h without a relay it is shown as failed', async () => {
    const { clientId } = await write('hello')
    roads.overHttp = async () => {
      throw new Failure('network', 'down')
    }
    outbox.flush()
    await settle()
    restart()
    await timers.advance(GIVE_UP_AFTER_MS + 1)
    outbox.connected()
    await settle()
    expect(await db.get('replies', clientId)).toMatchObject({ state: 'failed', code: 'not_sent' })
  })

  it('client:OBX2 a try that failed is counted with its reason, and what waits with it is counted once something is wrong', async () => {
    await addConversation(db, 'b', 'telegram')
    const first = await write('1')
    // Within one millisecond their order would be anybody's guess.
    await timers.advance(1)
    await write('2')
    // Between conversations only time tells the order.
    await timers.advance(10)
    await write('3', 'b')
    const waiting = () => Promise.all(['a', 'b', 'c'].map((id) => countWaiting(db, PROFILE, id)))
    expect(await waiting()).toEqual([0, 0, 0])
    roads.overHttp = async () => {
      throw new Failure('network', 'The relay does not answer.')
    }
    outbox.flush()
    await settle()
    await timers.advance(30_000)
    expect(await db.get('replies', first.clientId)).toMatchObject({
      state: 'sending',
      tries: 2,
      trouble: 'The relay does not answer.',
    })
    expect(await waiting()).toEqual([2, 1, 0])
    roads.overSocket = overSocket
    outbox.connected()
    await settle()
    outbox.take({ type: 'reply_ack', ok: true, responseId: 'r1', clientId: first.clientId })
    await settle()
    const handed = await db.get('replies', first.clientId)
    expect([handed?.state, handed?.tries, handed?.trouble]).toEqual(['queued', 3, undefined])
    expect(await waiting()).toEqual([0, 0, 0])
  })

  it('client:CRP3 a new connection asks for the state of what is not final; a reply the relay forgot is failed', async () => {
    const delivered = await write('1')
    const forgotten = await write('2')
    outbox.flush()
    await settle()
    roads.status = async (responseId) => {
      if (responseId === `r-${forgotten.clientId}`) throw new Failure('not_found', 'unknown')
      return { responseId, channelId: 'c', state: 'sent', attempts: 1, updatedAt: '' }
    }
    outbox.connected()
    await settle(30)
    expect(await state(delivered.clientId)).toBe('sent')
    expect(await state(forgotten.clientId)).toBe('failed')
  })

  it('relay:REP7 what a webhook’s sender can read is sent with its ack', async () => {
    await addConversation(db, 'w', 'webhook')
    roads.overSocket = overSocket
    const { clientId } = await write('hello', 'w')
    outbox.flush()
    await settle()
    outbox.take({ type: 'reply_ack', ok: true, responseId: 'r1', clientId })
    await settle()
    expect(await state(clientId)).toBe('sent')
  })

  it('client:ARC5, CRP1 files go by HTTP and leave their bytes behind once delivered', async () => {
    roads.overSocket = overSocket
    const attachments = [{ filename: 'a.txt', mimeType: 'text/plain', dataBase64: 'QQ==' }]
    const { clientId } = await writing.write({ profileId: PROFILE, conversationId: 'a', content: '', attachments })
    outbox.flush()
    await settle()
    expect(sent).toEqual([`http ${clientId}`])
    outbox.take({ type: 'reply_status', responseId: `r-${clientId}`, channelId: 'c', state: 'sent', attempts: 1, updatedAt: '' })
    await settle()
    expect((await db.get('replies', clientId))?.attachments).toEqual([
      { filename: 'a.txt', mimeType: 'text/plain', dataBase64: '' },
    ])
  })
})
