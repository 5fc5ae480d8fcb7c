import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DeliveryFailure } from '../../server/channels/port.ts'
import { openOutbox, type TestOutbox } from '../support/outbox.ts'

const DAY = 24 * 60 * 60_000
const passing = (reason = 'no answer', retryAfterMs?: number) =>
  new DeliveryFailure(reason, { permanent: false, ...(retryAfterMs !== undefined && { retryAfterMs }) })

let box: TestOutbox
beforeEach(async () => {
  box = await openOutbox()
  await box.addChannel('chat')
  await box.hear('chat', 'bert')
  await box.hear('chat', 'anna')
  box.outbox.start()
})
afterEach(() => box.close())

const say = async (content: string, target = 'anna') =>
  (await box.accept({ channelId: 'chat', content, clientId: `c-${content}`, metadata: { chatId: target } })).responseId
const texts = () => box.sent.map(({ text }) => text)

describe('outbox', () => {
  it('relay:REP7 relay:REP10 a queued reply becomes sent with the platform id, and each change is told', async () => {
    const answer = await box.accept({ channelId: 'chat', content: 'hello', clientId: 'c' })
    expect(answer).toMatchObject({ ok: true, channelId: 'chat', channelType: 'telegram', state: 'queued' })
    const status = await box.status(answer.responseId, 'sent')
    expect(status).toEqual({
      responseId: answer.responseId,
      clientId: 'c',
      channelId: 'chat',
      state: 'sent',
      platformMessageId: expect.stringMatching(/^p/),
      attempts: 1,
      updatedAt: new Date(box.clock.now()).toISOString(),
    })
    expect(box.sent).toMatchObject([{ target: 'anna', text: 'hello' }])
    expect(box.frames).toHaveLength(1)
  })

  it('relay:REP8 passing failures are tried again after 1, 2, 4 … 300 s and given up after 24 h', async () => {
    box.obey(() => {
      throw passing('The platform does not answer.')
    })
    const start = box.clock.now()
    const id = await say('x')
    await box.until(() => box.frames.length === 1)
    while (box.frames.at(-1)?.state === 'queued') {
      const seen = box.frames.length
      const due = await box.store.replies.nextDue()
      await box.clock.advance((due ?? 0) - box.clock.now() - 1)
      expect(box.sent).toHaveLength(seen)
      await box.clock.advance(1)
      await box.until(() => box.frames.length > seen)
    }
    const waits = box.sent.slice(1).map(({ at }, i) => at - (box.sent[i]?.at ?? 0))
    expect(waits.slice(0, 10)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300].map((s) => s * 1000))
    expect(new Set(waits.slice(9, -1))).toEqual(new Set([300_000]))
    expect(box.sent.at(-1)?.at).toBe(start + DAY)
    const failed = await box.status(id, 'failed')
    expect(failed).toMatchObject({
      reason: 'Not sent within 24 hours. Last reason: The platform does not answer.',
      attempts: box.sent.length,
    })
    expect(box.frames[1]).toMatchObject({ state: 'queued', attempts: 2, reason: 'The platform does not answer.' })
  })

  it('relay:REP8 the platform decides how long a 429 waits', async () => {
    let calls = 0
    box.obey(() => {
      if (++calls === 1) throw passing('Too fast.', 37_000)
      return 'p'
    })
    const id = await say('x')
    await box.until(() => box.frames.length === 1)
    await box.clock.advance(36_999)
    expect(box.sent).toHaveLength(1)
    await box.clock.advance(1)
    await box.status(id, 'sent')
    expect(box.sent[1]?.at).toBe((box.sent[0]?.at ?? 0) + 37_000)
  })

  it('relay:REP8 a wait that the platform asks for beyond the 24 h fails at once', async () => {
    box.obey(() => {
      throw passing('Too fast.', DAY + 1)
    })
    expect(await box.status(await say('x'), 'failed')).toMatchObject({ reason: /24 hours.*Too fast/, attempts: 1 })
  })

  it('relay:REP8 relay:CH11 a permanent error fails at once with its reason and marks the channel', async () => {
    box.obey(() => {
      const channelState = { state: 'auth_failed' as const, detail: 'Register the bot again.' }
      throw new DeliveryFailure('The bot token is no longer valid.', { permanent: true, channelState })
    })
    const failed = await box.status(await say('x'), 'failed')
    expect(failed).toMatchObject({ reason: 'The bot token is no longer valid.', attempts: 1 })
    expect(box.statuses).toEqual([{ id: 'chat', state: 'auth_failed' }])
    await box.clock.advance(DAY)
    expect(box.sent).toHaveLength(1)
  })

  it('relay:REP8 an unexpected failure of an adapter is tried again without telling its insides', async () => {
    let calls = 0
    box.obey(() => {
      if (++calls === 1) throw new TypeError('secret token 123')
      return 'p'
    })
    const id = await say('x')
    await box.until(() => box.frames.length === 1)
    expect(box.frames[0]).toMatchObject({ state: 'queued', reason: 'The relay could not send this reply.' })
    await box.clock.advance(1000)
    await box.status(id, 'sent')
  })

  it('relay:REP9 after a lost answer a success says that it may have arrived twice, a failure that it may have arrived', async () => {
    let permanent = false
    let calls = 0
    box.obey(() => {
      if (permanent) throw new DeliveryFailure('Blocked.', { permanent: true })
      if (++calls === 1) throw new DeliveryFailure('No answer.', { permanent: false, uncertain: true })
      return 'p'
    })
    const first = await say('x')
    await box.until(() => box.frames.length === 1)
    await box.clock.advance(1000)
    expect(await box.status(first, 'sent')).toMatchObject({
      reason: 'It may have arrived twice: the answer to an earlier attempt was lost.',
    })
    calls = 0
    const second = await say('y')
    await box.until(() => box.frames.length === 3)
    permanent = true
    await box.clock.advance(1000)
    expect(await box.status(second, 'failed')).toMatchObject({ reason: 'Blocked. An earlier attempt may have arrived.' })
  })

  it('relay:REP9 a platform that recognises repeats needs no such warning', async () => {
    box.adapter.recognisesRepeats = true
    let calls = 0
    box.obey(() => {
      if (++calls === 1) throw new DeliveryFailure('No answer.', { permanent: false, uncertain: true })
      return 'p'
    })
    const id = await say('x')
    await box.until(() => box.frames.length === 1)
    await box.clock.advance(1000)
    expect(await box.status(id, 'sent')).not.toHaveProperty('reason')
  })

  it('relay:REP9 order holds in a conversation and another one is not held up', async () => {
    let down = true
    box.obey(({ reply }) => {
      if (down && reply.target === 'anna') throw passing()
      return 'p'
    })
    const [, second] = [await say('a1'), await say('a2')]
    const other = await say('b1', 'bert')
    await box.status(other, 'sent')
    expect(texts()).toEqual(['a1', 'b1'])
    await box.clock.advance(999)
    expect(texts()).toEqual(['a1', 'b1'])
    down = false
    await box.clock.advance(1)
    await box.status(second, 'sent')
    expect(texts()).toEqual(['a1', 'b1', 'a1', 'a2'])
  })

  it('relay:REP9 a conversation has at most one reply on its way', async () => {
    let release = () => {}
    box.obey(async (_, text) => {
      if (text === 'a1') await new Promise<void>((resolve) => (release = resolve))
      return 'p'
    })
    await say('a1')
    const second = await say('a2')
    await box.status(await say('b1', 'bert'), 'sent')
    await box.clock.advance(DAY)
    expect(texts()).toEqual(['a1', 'b1'])
    release()
    await box.status(second, 'sent')
    expect(texts()).toEqual(['a1', 'b1', 'a2'])
  })

  it('relay:REP9 a reply of several parts goes on at its first unsent part', async () => {
    let failures = 2
    box.obey((_, text) => {
      if (text === 'two' && failures-- > 0) throw passing()
      return `id of ${text}`
    })
    const id = await say('one|two|three')
    await box.until(() => box.frames.length === 1)
    await box.clock.advance(1000)
    await box.until(() => box.frames.length === 2)
    await box.clock.advance(2000)
    expect(await box.status(id, 'sent')).toMatchObject({ platformMessageId: 'id of three', attempts: 3 })
    expect(texts()).toEqual(['one', 'two', 'two', 'two', 'three'])
  })

  it('relay:REP12 files go out with their bytes and names', async () => {
    const dataBase64 = Buffer.from('hello file').toString('base64')
    let bytes = ''
    box.obey(async ({ part, file }) => {
      if (part.kind === 'file') bytes = Buffer.from((await file(part.file)).bytes).toString()
      return 'p'
    })
    const attachments = [{ filename: '../x.txt', mimeType: 'text/plain', dataBase64 }]
    const { responseId } = await box.accept({ channelId: 'chat', content: 'see', attachments })
    await box.status(responseId, 'sent')
    expect(texts()).toEqual(['see', 'x.txt'])
    expect(bytes).toBe('hello file')
  })

  it('relay:CH10 of a deleted channel nothing more is sent; a reply that got through after all is told as sent', async () => {
    let release = () => {}
    box.obey(async () => {
      await new Promise<void>((resolve) => (release = resolve))
      return 'late'
    })
    const [first, second] = [await say('a1'), await say('a2')]
    await box.until(() => box.sent.length === 1)
    const failed = await box.store.replies.failChannel('chat', 'The channel was deleted.', box.clock.now())
    expect(failed.map(({ responseId }) => responseId)).toEqual([first, second])
    box.channels.delete('chat')
    release()
    expect(await box.status(first, 'sent')).toMatchObject({ platformMessageId: 'late' })
    await box.clock.advance(DAY)
    expect(box.sent).toHaveLength(1)
    expect(await box.store.replies.byId(box.user.userId, second)).toMatchObject({ state: 'failed' })
  })

  it('relay:CH10 a reply that is claimed when its channel goes is failed, not sent', async () => {
    box.obey(() => {
      throw passing()
    })
    const id = await say('x')
    await box.until(() => box.frames.length === 1)
    box.channels.delete('chat')
    await box.clock.advance(1000)
    expect(await box.status(id, 'failed')).toMatchObject({ reason: 'The channel was deleted.' })
    expect(box.sent).toHaveLength(1)
  })

  it('relay:CH10 a reply is not sent through a channel that somebody else made under the same id', async () => {
    const other = await box.addUser()
    box.obey(() => {
      throw passing()
    })
    const id = await say('private')
    await box.until(() => box.frames.length === 1)
    await box.addChannel('chat', { userId: other.userId })
    await box.clock.advance(1000)
    expect(await box.status(id, 'failed')).toMatchObject({ reason: 'The channel was deleted.' })
    expect(box.sent).toHaveLength(1)
  })

  it('relay:CH9 a channel that was switched off sends nothing until it is on again', async () => {
    const channel = await box.addChannel('chat', { enabled: true })
    box.obey(() => {
      throw passing()
    })
    const id = await say('x')
    await box.until(() => box.frames.length === 1)
    box.channels.set('chat', { ...channel, enabled: false })
    box.obey(() => 'p')
    await box.clock.advance(1000)
    await box.until(() => box.frames.length === 2)
    expect(box.frames[1]).toMatchObject({ state: 'queued', reason: /switched off/ })
    expect(box.sent).toHaveLength(1)
    box.channels.set('chat', channel)
    await box.clock.advance(60_000)
    await box.status(id, 'sent')
  })

  it('relay:REP8 a channel kind that this relay cannot send to fails at once', async () => {
    await box.addChannel('room', { type: 'slack' })
    await box.hear('room', 'r')
    const { responseId } = await box.accept({ channelId: 'room', content: 'x' })
    expect(await box.status(responseId, 'failed')).toMatchObject({ reason: 'This relay cannot send to slack channels.' })
  })

  it('relay:REP9 many conversations with random trouble: each in order, nothing lost, nothing twice', async () => {
    let seed = 7
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed / 2 ** 31
    }
    const taken = new Map<string | undefined, string[]>()
    box.obey(({ reply }, text) => {
      if (random() < 0.3) throw passing('busy', random() < 0.5 ? 1500 : undefined)
      taken.set(reply.target, [...(taken.get(reply.target) ?? []), text])
      return 'p'
    })
    const targets = Array.from({ length: 100 }, (_, i) => `t${i}`)
    for (const target of targets) await box.hear('chat', target)
    const wanted = targets.flatMap((target) => [0, 1, 2, 3, 4].map((n) => ({ target, content: `${n}a|${n}b` })))
    const ids = await Promise.all(
      wanted.map(({ target, content }) => box.accept({ channelId: 'chat', content, metadata: { chatId: target } })),
    )
    const done = () => box.frames.filter(({ state }) => state === 'sent').length === ids.length
    while (!done()) await box.clock.advance(500)
    for (const target of targets) {
      expect(taken.get(target)).toEqual(['0a', '0b', '1a', '1b', '2a', '2b', '3a', '3b', '4a', '4b'])
    }
  })
})
