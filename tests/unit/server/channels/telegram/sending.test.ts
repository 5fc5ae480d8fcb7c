import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeliveryFailure } from '../../../../../server/channels/port.ts'
import type { FakeUser } from '../../../../fakes/telegram/user.ts'
import { startAdapter } from './adapter.ts'

type Adapter = Awaited<ReturnType<typeof startAdapter>>
const PNG = Buffer.from('89504e470d0a1a0a00', 'hex')

describe('sending to Telegram', () => {
  let relay: Adapter
  let ada: FakeUser
  let target: string

  beforeEach(async () => {
    relay = await startAdapter()
    ada = relay.telegram.user('Ada', 'ada')
    ada.send('hello')
    target = String(ada.id)
  })
  afterEach(() => relay.telegram.close())

  const next = () => relay.telegram.nextSent()
  const failure = (content = 'hi'): Promise<DeliveryFailure> =>
    relay.sendAll(relay.reply(content, { target })).then(
      () => expect.unreachable('it was sent'),
      (error) => error,
    )
  const refuse = (code: number, description: string, retryAfter?: number) =>
    relay.telegram.faults.next('sendMessage', { kind: 'refuse', code, description, ...(retryAfter && { retryAfter }) })

  it('relay:TG9 renders Markdown; what the reader sees is the text', async () => {
    await relay.sendAll(relay.reply('**hi** <you> & me', { target }))
    expect(await next()).toMatchObject({
      text: 'hi <you> & me',
      parseMode: 'HTML',
      entities: [{ type: 'bold', offset: 0, length: 2 }],
    })
  })

  it('relay:TG9 sends the same part as plain text when Telegram cannot parse it', async () => {
    refuse(400, "Bad Request: can't parse entities: Unsupported start tag")
    await relay.sendAll(relay.reply('**hi** [you](https://x.example/)', { target }))
    const sent = await next()
    expect(sent).toMatchObject({ text: 'hi you (https://x.example/)', entities: [] })
    expect(sent.parseMode).toBeUndefined()
  })

  it('relay:TG9 format plain reaches Telegram without parse_mode', async () => {
    await relay.sendAll(relay.reply('**hi**', { target, metadata: { format: 'plain' } }))
    const sent = await next()
    expect(sent.text).toBe('**hi**')
    expect(sent.parseMode).toBeUndefined()
  })

  it('relay:TG10 a long reply arrives whole, in order, in parts Telegram takes', async () => {
    const content = Array.from({ length: 3000 }, (_, at) => `word${at}`).join(' ')
    await relay.sendAll(relay.reply(content, { target }))
    expect(relay.telegram.sent.length).toBeGreaterThan(4)
    expect(relay.telegram.sent.map(({ text }) => text).join(' ')).toBe(content)
  })

  it('relay:TG11 the first part answers the message replyTo names, even if that is gone', async () => {
    const first = ada.send('a question')
    const origin = { messageId: 'm1', target, from: 'ada', metadata: { messageId: String(first.message_id) } }
    relay.fake.setOrigin(relay.current().id, 'm1', origin)
    await relay.sendAll(relay.reply('x'.repeat(5000), { target, metadata: { replyTo: 'm1' } }))
    expect((await next()).replyTo).toBe(first.message_id)
    expect((await next()).replyTo).toBeUndefined()
    relay.fake.setOrigin(relay.current().id, 'm2', { ...origin, messageId: 'm2', metadata: { messageId: '99999' } })
    await relay.sendAll(relay.reply('still', { target, metadata: { replyTo: 'm2' } }))
    expect(await next()).toMatchObject({ text: 'still' })
    await relay.sendAll(relay.reply('unknown', { target, metadata: { replyTo: 'nope' } }))
    expect((await next()).replyTo).toBeUndefined()
  })

  it('relay:TG11 refers to no message of another chat', async () => {
    relay.fake.setOrigin(relay.current().id, 'm1', { messageId: 'm1', target: '-5', from: 'x', metadata: { messageId: '1' } })
    await relay.sendAll(relay.reply('hi', { target, metadata: { replyTo: 'm1' } }))
    expect((await next()).replyTo).toBeUndefined()
  })

  it('relay:TG11 pictures go as photos, other files as documents, with their names, after the text', async () => {
    const attachments = ['a.png', 'ä "b"; c.txt', 'fake.png'].map((filename, at) => ({
      id: `f${at}`,
      filename,
      mimeType: filename.endsWith('png') ? 'image/png' : 'text/plain',
      size: 1,
      kind: 'file' as const,
    }))
    const files = attachments.map(({ filename, mimeType }, at) => ({
      filename,
      mimeType,
      bytes: at === 0 ? PNG : Buffer.from('text'),
    }))
    await relay.sendAll(relay.reply('look', { target, attachments }), files)
    expect(await next()).toMatchObject({ method: 'sendMessage', text: 'look' })
    expect(await next()).toMatchObject({ method: 'sendPhoto', file: { filename: 'a.png', bytes: PNG } })
    expect(await next()).toMatchObject({ method: 'sendDocument', file: { filename: 'ä _b_; c.txt', bytes: Buffer.from('text') } })
    expect(await next()).toMatchObject({ method: 'sendDocument', file: { filename: 'fake.png' } })
  })

  it('relay:REP8 says whether to try again, when, and why not', async () => {
    refuse(429, 'Too Many Requests: retry after 7', 7)
    expect(await failure()).toMatchObject({ permanent: false, retryAfterMs: 7_000 })
    refuse(502, 'Bad Gateway')
    expect(await failure()).toMatchObject({ permanent: false, message: 'Telegram is not reachable.' })
    relay.telegram.faults.next('sendMessage', { kind: 'hangUp' })
    expect(await failure()).toMatchObject({ permanent: false, message: 'Telegram is not reachable.' })
    relay.fake.setOrigin(relay.current().id, target, { messageId: 'm', target, from: 'ada', metadata: {} })
    ada.block()
    expect(await failure()).toMatchObject({ permanent: true, message: 'ada blocked the bot.' })
    ada.unblock()
    refuse(400, 'Bad Request: chat not found')
    expect(await failure()).toMatchObject({ permanent: true, message: expect.stringContaining('does not know this chat') })
    refuse(400, 'Bad Request: something new')
    expect(await failure()).toMatchObject({ permanent: true, message: 'Telegram refused: Bad Request: something new' })
    expect(await failure('   ')).toMatchObject({ permanent: true, message: 'Telegram does not take an empty message.' })
    expect(relay.telegram.sent).toEqual([])
  })

  it('relay:CH11 a refused token fails the reply and says so for the channel', async () => {
    relay.telegram.renewToken()
    expect(await failure()).toMatchObject({
      permanent: true,
      channelState: { state: 'auth_failed', detail: expect.stringContaining('@BotFather') },
    })
  })

  it('relay:LOG1 no failure carries the token or what was sent', async () => {
    refuse(400, 'Bad Request: something new')
    const refused = await failure('very private words')
    relay.telegram.faults.next('sendMessage', { kind: 'hangUp' })
    const unreachable = await failure('very private words')
    for (const error of [refused, unreachable]) {
      const shown = [error.message, error.stack, String(error.cause), JSON.stringify(error)].join()
      expect(shown).not.toContain(relay.telegram.bot.token)
      expect(shown).not.toContain('private')
    }
  })

  it('relay:TG11 a group that moved while nobody looked is followed on sending, and remembered', async () => {
    const group = relay.telegram.group('Team')
    const moved = relay.telegram.migrate(group)
    for (const text of ['one', 'two']) await relay.sendAll(relay.reply(text, { target: String(group.chat.id) }))
    expect(relay.telegram.sent.map(({ chatId }) => chatId)).toEqual([moved.chat.id, moved.chat.id])
    const calls = relay.telegram.bot.calls.all.filter(({ method }) => method === 'sendMessage')
    expect(calls).toHaveLength(3)
  })

  it('relay:TYP1 shows typing in the chat', async () => {
    await relay.adapter.typing?.(relay.current(), target)
    expect(await relay.telegram.bot.actions.next()).toEqual({ chatId: ada.id, action: 'typing' })
    await relay.adapter.typing?.(relay.current(), undefined)
  })

  it('relay:CH10 deleting removes the webhook, and Telegram being gone does not matter', async () => {
    relay.telegram.bot.webhook = { url: 'https://relay.example/', secret: undefined, lastError: undefined }
    await relay.adapter.removed?.(relay.current())
    expect(relay.telegram.bot.webhook).toBeUndefined()
    relay.telegram.faults.next('deleteWebhook', { kind: 'hangUp' })
    await relay.adapter.removed?.(relay.current())
  })
})
