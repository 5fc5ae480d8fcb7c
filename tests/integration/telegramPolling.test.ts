import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTelegramRelay, type TelegramRelay } from '../fakes/telegram/relay.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

describe('a Telegram conversation', () => {
  let at: TelegramRelay

  beforeEach(async () => {
    at = await startTelegramRelay()
  })
  afterEach(() => at.close())

  it('relay:TG3, CUR11 a message reaches the socket at once, and says where it comes from', async () => {
    const { user, channelId } = await at.paired()
    await at.client.patch(`/channels/${channelId}`, { name: 'Family' })
    const inbox = await at.inbox()
    const sent = user.send('hello <you> & \u202Ethem')
    expect(await inbox.next()).toMatchObject({
      seq: 1,
      channelId,
      channelType: 'telegram',
      from: 'ada',
      content: 'hello <you> & \uFFFDthem',
      metadata: {
        chatId: String(user.id),
        senderId: String(user.id),
        messageId: String(sent.message_id),
        chatType: 'private',
        channelName: 'Family',
        channelDirection: 'bidirectional',
      },
    })
  })

  it('relay:TG7, ATT6 a photo is stored before it is fetched, and read byte for byte', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    user.sendPhoto({ bytes: PNG, caption: 'look' })
    const message = await inbox.next()
    expect(message.content).toBe('look')
    const path = `/messages/${message.id}/attachments/${message.attachments[0].id}`
    let answer = await at.client.get(path)
    while (answer.status === 503) answer = await at.client.get(path)
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/png'])
    expect(answer.bytes).toEqual(PNG)
  })

  it('relay:TG7, ATT1 a file too large is named with its reason; the text still arrives', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    user.sendDocument({ bytes: Buffer.alloc(5 * 1024 * 1024 + 1), filename: 'big.bin', caption: 'too big?' })
    const message = await inbox.next()
    expect(message.content).toBe('too big?')
    expect(message.attachments ?? []).toEqual([])
    expect(message.metadata.attachmentsOmitted).toEqual([
      { filename: 'big.bin', size: 5 * 1024 * 1024 + 1, reason: expect.any(String) },
    ])
  })

  it('relay:TG11, REP7 a reply arrives as an answer to its message, and is told as sent', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    const question = user.send('why?')
    const message = await inbox.next()
    const { json } = await at.client.post('/reply', { channelId, content: '**because**', replyTo: message.id })
    const sent = await at.telegram.nextSent()
    expect(sent).toMatchObject({ chatId: user.id, text: 'because', replyTo: question.message_id, entities: [{ type: 'bold' }] })
    for (;;) {
      const status = await inbox.socket.nextOf('reply_status')
      expect(status.responseId).toBe(json.responseId)
      if (status.state === 'queued') continue
      expect(status).toMatchObject({ state: 'sent', platformMessageId: String(sent.messageId) })
      break
    }
  })

  it('relay:REP5 each chat gets its own answers', async () => {
    const { user, channelId } = await at.paired()
    const group = at.telegram.group('Team')
    const inbox = await at.inbox()
    user.send('privately')
    const first = await inbox.next()
    user.send('in the group', { chat: group })
    await inbox.next()
    await at.client.post('/reply', { channelId, content: 'to the last' })
    expect((await at.telegram.nextSent()).chatId).toBe(group.chat.id)
    await at.client.post('/reply', { channelId, content: 'to the first', replyTo: first.id })
    expect((await at.telegram.nextSent()).chatId).toBe(user.id)
    await at.client.post('/reply', { channelId, content: 'to the named', metadata: { chatId: user.id } })
    expect((await at.telegram.nextSent()).chatId).toBe(user.id)
    const nowhere = await at.client.post('/reply', { channelId, content: 'x', metadata: { chatId: 4711 } })
    expect([nowhere.status, nowhere.json.code]).toEqual([409, 'no_target'])
  })

  it('relay:REP8 a refused reply is tried again after the time Telegram named', async () => {
    const { user, channelId } = await at.paired()
    user.send('hi')
    await (await at.inbox()).next()
    at.telegram.faults.next('sendMessage', {
      kind: 'refuse',
      code: 429,
      description: 'Too Many Requests: retry after 1',
      retryAfter: 1,
    })
    const started = Date.now()
    await at.client.post('/reply', { channelId, content: 'patience' })
    expect((await at.telegram.nextSent()).text).toBe('patience')
    expect(Date.now() - started).toBeGreaterThanOrEqual(900)
  })

  it('relay:REP8, REP10 a blocked bot fails the reply with a reason to read', async () => {
    const { user, channelId } = await at.paired()
    user.send('hi')
    const inbox = await at.inbox()
    await inbox.next()
    user.block()
    await at.client.post('/reply', { channelId, content: 'hello?' })
    for (;;) {
      const status = await inbox.socket.nextOf('reply_status')
      if (status.state === 'queued') continue
      expect(status).toMatchObject({ state: 'failed', reason: 'ada blocked the bot.' })
      break
    }
  })

  it('relay:REP9 a long reply goes on at its first unsent part', async () => {
    const { user, channelId } = await at.paired()
    user.send('tell me')
    await (await at.inbox()).next()
    const content = Array.from({ length: 2000 }, (_, number) => `word${number}`).join(' ')
    const before = at.telegram.sent.length
    at.telegram.faults.next('sendMessage', { kind: 'dropAfterAccept' })
    await at.client.post('/reply', { channelId, content })
    const parts: string[] = []
    while (!parts.at(-1)?.endsWith('word1999')) parts.push((await at.telegram.nextSent()).text)
    expect(at.telegram.sent.length - before).toBe(parts.length)
    expect(parts[0]).toBe(parts[1])
    expect(parts.slice(1).join(' ')).toBe(content)
  })

  it('relay:TYP1 typing is shown', async () => {
    const { user, channelId } = await at.paired()
    user.send('hi')
    await (await at.inbox()).next()
    expect((await at.client.post('/typing', { channelId })).status).toBe(200)
    expect(await at.telegram.bot.actions.next()).toEqual({ chatId: user.id, action: 'typing' })
  })

  it('relay:TG3 a restart loses nothing and repeats nothing', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    user.send('before')
    await inbox.next()
    const confirmed = at.telegram.bot.nextUpdateId
    await at.relay.restart()
    user.send('after')
    await (await at.inbox()).next()
    expect((await at.messages()).map(({ content }: { content: string }) => content)).toEqual(['before', 'after'])
    const asked = at.telegram.bot.calls.all.filter(({ method }) => method === 'getUpdates').at(-1)
    expect(Number(asked?.args.offset)).toBeGreaterThanOrEqual(confirmed)
  })

  it('relay:DUR2 an update that Telegram gives again is stored once', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const { bot } = at.telegram
    user.send('once')
    await inbox.next()
    await bot.calls.next(({ method, args }) => method === 'getUpdates' && args.offset === bot.nextUpdateId)
    // As after a crash between storing and confirming: the same update_id comes again.
    bot.nextUpdateId -= 1
    user.send('once')
    user.send('twice')
    expect((await inbox.next()).content).toBe('twice')
    expect(await at.messages()).toHaveLength(2)
  })
})
