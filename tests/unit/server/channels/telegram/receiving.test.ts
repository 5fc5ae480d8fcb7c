import { afterEach, describe, expect, it } from 'vitest'
import { RelayError } from '#protocol/errors.ts'
import type { Connection } from '../../../../../server/channels/port.ts'
import { createFakeClock } from '../../../../support/fakeClock.ts'
import { startAdapter } from './adapter.ts'

type Adapter = Awaited<ReturnType<typeof startAdapter>>

describe('receiving from Telegram', () => {
  let relay: Adapter
  let connection: Connection | undefined

  afterEach(async () => {
    await connection?.close()
    await relay.telegram.close()
  })

  async function start(options: Parameters<typeof startAdapter>[0] = {}) {
    relay = await startAdapter(options)
    const ada = relay.telegram.user('Ada', 'ada')
    await relay.allow(ada.id)
    connection = relay.start()
    return { ada, next: relay.fake.ingested.next, calls: relay.telegram.bot.calls, statuses: relay.fake.statuses }
  }
  const getUpdates = ({ method }: { method: string }) => method === 'getUpdates'

  it('relay:TG3 removes a webhook, asks for three kinds of update, and confirms them only after the commit', async () => {
    const { ada, next, calls, statuses } = await start()
    expect(await calls.next()).toMatchObject({ method: 'deleteWebhook', args: { drop_pending_updates: false } })
    expect((await calls.next()).args).toMatchObject({
      allowed_updates: ['message', 'edited_message', 'callback_query'],
      timeout: 0,
    })
    expect(await statuses.next()).toMatchObject({ state: 'ok' })
    const updateId = relay.telegram.bot.nextUpdateId
    ada.send('one')
    const message = await next()
    expect(message).toMatchObject({ content: 'one', dedupKey: String(updateId), positions: [{ value: String(updateId + 1) }] })
    expect((await calls.next(({ args }) => args.offset !== undefined)).args.offset).toBe(updateId + 1)
  })

  it('relay:TG3, DUR1 an update that could not be stored is asked for again', async () => {
    const clock = createFakeClock()
    const { ada, next, calls } = await start({ clock })
    await calls.next(getUpdates)
    await calls.next(getUpdates)
    relay.fake.failToStore(new RelayError('storage_unavailable', 'The disk is full.'))
    ada.send('one')
    ada.send('two')
    await clock.advance(0)
    while (clock.waiting() === 0) await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(1_000)
    expect((await next()).content).toBe('one')
    expect((await next()).content).toBe('two')
    expect(relay.fake.ingested.all).toHaveLength(2)
  })

  it('relay:DUR4 while nothing can be stored no request confirms anything; after the commit the next one does', async () => {
    const clock = createFakeClock()
    const { ada, next, calls } = await start({ clock })
    await calls.next(getUpdates)
    await calls.next(getUpdates)
    relay.fake.failToStore(...Array.from({ length: 8 }, () => new RelayError('storage_unavailable', 'The disk is full.')))
    const updateId = relay.telegram.bot.nextUpdateId
    ada.send('one')
    while (relay.fake.ingested.all.length === 0) {
      const confirmed = calls.all.filter(getUpdates).filter(({ args }) => Number(args.offset ?? 0) > updateId)
      expect(confirmed).toEqual([])
      await clock.advance(1_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect((await next()).content).toBe('one')
    expect((await calls.next(({ args }) => args.offset !== undefined)).args.offset).toBe(updateId + 1)
    expect(relay.fake.ingested.all).toHaveLength(1)
  })

  it('relay:TG3 an update that fails for a reason of its own does not hold back the others forever', async () => {
    const clock = createFakeClock()
    const { ada, next, calls } = await start({ clock })
    await calls.next(getUpdates)
    await calls.next(getUpdates)
    relay.fake.failToStore(...Array.from({ length: 5 }, () => new TypeError('poison')))
    ada.send('poison')
    ada.send('after it')
    const message = next()
    let arrived = false
    void message.then(() => {
      arrived = true
    })
    while (!arrived) {
      await new Promise((resolve) => setImmediate(resolve))
      if (clock.waiting() > 0) await clock.advance(60_000)
    }
    expect((await message).content).toBe('after it')
    expect(relay.fake.rejections.all).toHaveLength(1)
  })

  it('relay:TG6 a second reader shows as conflict with a fix; attempts come at 5 to 60 seconds until it is gone', async () => {
    const clock = createFakeClock()
    relay = await startAdapter({ clock })
    const { bot, faults } = relay.telegram
    for (let attempt = 0; attempt < 6; attempt++) {
      faults.next('getUpdates', { kind: 'refuse', code: 409, description: 'Conflict: terminated by other getUpdates request' })
    }
    await relay.allow(1)
    connection = relay.start()
    expect(await relay.fake.statuses.next()).toMatchObject({ state: 'conflict', detail: expect.stringMatching(/another program/i) })
    await bot.calls.next(getUpdates)
    for (const seconds of [5, 10, 20, 40, 60]) {
      while (clock.waiting() === 0) await new Promise((resolve) => setImmediate(resolve))
      const asked = bot.calls.all.length
      await clock.advance(seconds * 1000 - 1)
      expect(bot.calls.all).toHaveLength(asked)
      await clock.advance(1)
      await bot.calls.next(getUpdates)
    }
    while (clock.waiting() === 0) await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(60_000)
    await bot.calls.next(getUpdates)
    relay.telegram.user('Eve').send('wakes the poll')
    expect(await relay.fake.statuses.next()).toMatchObject({ state: 'ok' })
  })

  it('relay:TG6 a foreign webhook shows as conflict and is removed with the next attempt', async () => {
    const clock = createFakeClock()
    const { calls, statuses } = await start({ clock })
    await statuses.next(({ state }) => state === 'ok')
    await calls.next(getUpdates)
    await calls.next(getUpdates)
    relay.telegram.bot.webhook = { url: 'https://elsewhere.example/', secret: undefined, lastError: undefined }
    relay.telegram.bot.poll?.terminate()
    expect(await statuses.next()).toMatchObject({ state: 'conflict' })
    while (clock.waiting() === 0) await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(5_000)
    await calls.next(({ method }) => method === 'deleteWebhook')
  })

  it('relay:CH11 a refused token is told once with a fix, and nothing is tried again', async () => {
    const clock = createFakeClock()
    relay = await startAdapter({ clock })
    relay.telegram.renewToken()
    connection = relay.start()
    expect(await relay.fake.statuses.next()).toMatchObject({ state: 'auth_failed', detail: expect.stringContaining('@BotFather') })
    await clock.advance(24 * 3600_000)
    expect(clock.waiting()).toBe(0)
    expect(relay.telegram.bot.calls.all).toEqual([])
  })

  it('relay:TG3 an unreachable Telegram shows as degraded and is tried until it is back', async () => {
    const clock = createFakeClock()
    relay = await startAdapter({ clock })
    relay.telegram.faults.next('deleteWebhook', { kind: 'hangUp' })
    relay.telegram.faults.next('getUpdates', { kind: 'refuse', code: 502, description: 'Bad Gateway' })
    connection = relay.start()
    expect(await relay.fake.statuses.next()).toMatchObject({ state: 'degraded', detail: expect.stringContaining('not reachable') })
    for (const ms of [1_000, 2_000]) {
      while (clock.waiting() === 0) await new Promise((resolve) => setImmediate(resolve))
      await clock.advance(ms)
    }
    expect(await relay.fake.statuses.next()).toMatchObject({ state: 'waiting_pairing' })
  })

  it('relay:TG7 every kind of message is stored, with a caption or a placeholder', async () => {
    const { ada, next } = await start()
    const file = { file_id: 'f', file_unique_id: 'u', file_size: 3 }
    const poll = {
      id: '1',
      question: 'Tea?',
      options: [
        { text: 'yes', voter_count: 0 },
        { text: 'no', voter_count: 0 },
      ],
    }
    const kinds: [Record<string, unknown>, string][] = [
      [{ photo: [{ ...file, width: 1, height: 1 }] }, '[photo]'],
      [{ photo: [{ ...file, width: 1, height: 1 }], caption: 'look' }, 'look'],
      [{ document: file }, '[document]'],
      [{ animation: { ...file, width: 1, height: 1, duration: 1 }, document: file }, '[animation]'],
      [{ voice: { ...file, duration: 1 } }, '[voice]'],
      [{ audio: { ...file, duration: 1 } }, '[audio]'],
      [{ video: { ...file, width: 1, height: 1, duration: 1 } }, '[video]'],
      [{ video_note: { ...file, length: 1, duration: 1 } }, '[video note]'],
      [{ sticker: { ...file, type: 'regular', emoji: '🦦' } }, '[sticker 🦦]'],
      [{ location: { latitude: 52.5, longitude: 13.4 } }, '[location 52.5, 13.4]'],
      [{ venue: { title: 'Zoo', address: 'Berlin' }, location: { latitude: 1, longitude: 2 } }, '[venue Zoo, Berlin]'],
      [{ contact: { phone_number: '+49', first_name: 'Bob', last_name: 'B' } }, '[contact Bob B +49]'],
      [{ poll }, '[poll Tea? • yes • no]'],
      [{ dice: { emoji: '🎲', value: 5 } }, '[dice 🎲 5]'],
      [{ story: { id: 1 } }, '[story]'],
      [{ new_chat_members: [] }, '[new chat members]'],
      [{ some_kind_of_tomorrow: { a: 1 }, reply_markup: {} }, '[some kind of tomorrow]'],
      [{ photo: 'not as agreed' }, '[message]'],
      [{}, '[message]'],
    ]
    for (const [members, content] of kinds) {
      ada.message(members)
      expect((await next()).content).toBe(content)
    }
  })

  it('relay:TG7, CUR11 says who wrote what where', async () => {
    const { ada, next } = await start()
    const updateId = String(relay.telegram.bot.nextUpdateId)
    const sent = ada.message({ text: 'hi', media_group_id: 'g1' })
    expect(await next()).toMatchObject({
      from: 'ada',
      target: String(ada.id),
      metadata: {
        updateId,
        chatId: String(ada.id),
        senderId: String(ada.id),
        messageId: String(sent.message_id),
        chatType: 'private',
        mediaGroupId: 'g1',
      },
    })
    const bo = relay.telegram.user('Bo')
    await relay.allow(bo.id)
    bo.send('no username')
    expect((await next()).from).toBe('Bo')
  })

  it('relay:TG7 of a photo the largest size is fetched, byte for byte', async () => {
    const { ada, next } = await start()
    const bytes = Buffer.from([0xff, 0xd8, 0xff, 1, 2, 3])
    ada.sendPhoto({ bytes })
    const file = (await next()).files?.[0]
    expect(file).toMatchObject({ filename: expect.stringMatching(/^photo-\d+\.jpg$/), size: bytes.length })
    const source = file && 'source' in file ? file.source : ''
    const fetched = await relay.adapter.fetchFile?.(relay.current(), source)
    expect(Buffer.from(fetched?.bytes ?? [])).toEqual(bytes)
    expect(fetched?.mimeType).toBe('image/jpeg')
  })

  it('relay:ATT6 a file that is gone, too large or cut off is no file, and no error names the token', async () => {
    const { ada, next } = await start()
    const sourceOf = async (bytes: Buffer) => {
      ada.sendDocument({ bytes, filename: 'a b/ü.bin' })
      const file = (await next()).files?.[0]
      return file && 'source' in file ? file.source : ''
    }
    const failure = async (source: string) => {
      const error: Error & { permanent?: boolean } = await Promise.resolve(
        relay.adapter.fetchFile?.(relay.current(), source),
      ).catch((thrown) => thrown)
      expect(JSON.stringify([error, error.message, String(error.cause)])).not.toContain(relay.telegram.bot.token)
      return error
    }
    expect(await failure(await sourceOf(Buffer.alloc(5 * 1024 * 1024 + 1)))).toMatchObject({
      permanent: true,
      message: expect.stringContaining('5 MiB'),
    })
    expect(await failure('unknown image/png')).toMatchObject({ permanent: true })
    const source = await sourceOf(Buffer.from('x'))
    relay.telegram.faults.next('getFile', { kind: 'hangUp' })
    expect(await failure(source)).toMatchObject({ permanent: false })
    expect(Buffer.from((await relay.adapter.fetchFile?.(relay.current(), source))?.bytes ?? []).toString()).toBe('x')
  })

  it('relay:TG8 edits are new messages; a tap is content and is answered', async () => {
    const { ada, next } = await start()
    const sent = ada.send('frist')
    expect((await next()).metadata.edited).toBeUndefined()
    ada.edit(sent, 'first')
    expect(await next()).toMatchObject({ content: 'first', metadata: { edited: true, messageId: String(sent.message_id) } })
    const callbackQueryId = ada.press('yes')
    expect(await next()).toMatchObject({ content: 'yes', target: String(ada.id), metadata: { callbackQueryId } })
    expect(await relay.telegram.bot.answered.next()).toEqual({ callbackQueryId })
  })

  it('relay:PAIR6, CUR11 in a group only allowed senders are heard, with the group’s name, and strangers get no answer', async () => {
    const { ada, next } = await start()
    const eve = relay.telegram.user('Eve')
    const chat = relay.telegram.group('Team')
    eve.send('let me in', { chat })
    eve.press('yes', { chat })
    ada.send('hello all', { chat })
    expect(await next()).toMatchObject({
      content: 'hello all',
      target: String(chat.chat.id),
      metadata: { chatType: 'group', chatTitle: 'Team' },
    })
    expect(relay.fake.ingested.all).toHaveLength(1)
    expect(relay.fake.rejections.all).toHaveLength(2)
    expect(relay.telegram.sent).toEqual([])
    expect(relay.telegram.bot.answered.all).toEqual([])
  })

  it('relay:TG5 other updates, and those that make no sense, are passed over', async () => {
    const { ada, next } = await start()
    // biome-ignore lint/suspicious/noExplicitAny: what no type allows
    const update = relay.telegram.update as (update: any) => unknown
    update({ poll_answer: { poll_id: '1', option_ids: [] } })
    update({ message: { text: 'no id, no chat' } })
    update({ callback_query: { id: '1', from: { id: ada.id }, inline_message_id: 'x', data: 'inline' } })
    ada.send('still here')
    expect((await next()).content).toBe('still here')
    expect(relay.fake.rejections.all).toHaveLength(1)
  })

  it('relay:TG11 a group that moves is followed by what was to be sent to its old id', async () => {
    const { ada, next } = await start()
    const group = relay.telegram.group('Team')
    ada.send('before', { chat: group })
    await next()
    const moved = relay.telegram.migrate(group)
    ada.message({ migrate_to_chat_id: moved.chat.id }, { chat: group })
    ada.send('after', { chat: moved })
    expect((await next()).content).toBe('after')
    expect(relay.fake.ingested.all).toHaveLength(2)
    await relay.sendAll(relay.reply('hello', { target: String(group.chat.id) }))
    expect(await relay.telegram.nextSent()).toMatchObject({ chatId: moved.chat.id, text: 'hello' })
  })
})
