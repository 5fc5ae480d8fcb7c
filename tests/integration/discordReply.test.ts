import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DiscordRelay, startDiscordRelay } from '../fakes/discord/relay.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const CREATE = 'POST /channels/:channelId/messages'

describe('replies through Discord', () => {
  let at: DiscordRelay

  beforeEach(async () => {
    at = await startDiscordRelay()
  })
  afterEach(() => at.close())

  it('relay:DC8, REP7 a reply arrives as an answer to its message, calls nobody, and is told as sent', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    const question = user.send('why?')
    const message = await inbox.next()
    await at.client.post('/reply', { channelId, content: '**because** @everyone <@1>', replyTo: message.id })
    const sent = await at.discord.nextSent()
    expect(sent).toMatchObject({
      by: 'channel',
      channelId: question.channel_id,
      content: '**because** @everyone <@1>',
      replyTo: question.id,
      allowedMentions: { parse: [], replied_user: false },
    })
    expect(await inbox.settled()).toMatchObject({ state: 'sent', platformMessageId: sent.messageId })
  })

  it('relay:DC8 a reply to a message that was deleted is sent all the same; files follow the text', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    user.send('gone in a moment')
    const message = await inbox.next()
    user.direct().messages.length = 0
    const attachments = [{ filename: 'a.png', mimeType: 'image/png', dataBase64: PNG.toString('base64') }]
    await at.client.post('/reply', { channelId, content: 'see', replyTo: message.id, attachments })
    expect(await at.discord.nextSent()).toMatchObject({ content: 'see', replyTo: undefined, file: undefined })
    expect(await at.discord.nextSent()).toMatchObject({
      content: '',
      file: { filename: 'a.png', contentType: 'image/png', bytes: PNG },
      allowedMentions: { parse: [], replied_user: false },
    })
    expect((await inbox.settled()).state).toBe('sent')
  })

  it('relay:REP5 each conversation gets its own answers', async () => {
    const { user, channelId } = await at.paired()
    const { channel } = at.discord.guild('Team')
    const inbox = await at.inbox()
    user.send('privately')
    const first = await inbox.next()
    user.send('in the team', { channel })
    await inbox.next()
    await at.client.post('/reply', { channelId, content: 'to the last' })
    expect((await at.discord.nextSent()).channelId).toBe(channel.id)
    await at.client.post('/reply', { channelId, content: 'to the first', replyTo: first.id })
    expect((await at.discord.nextSent()).channelId).toBe(user.direct().id)
    await at.client.post('/reply', { channelId, content: 'to the named', metadata: { discordChannelId: channel.id } })
    expect((await at.discord.nextSent()).channelId).toBe(channel.id)
    await at.client.post('/reply', {
      channelId,
      content: 'elsewhere',
      replyTo: first.id,
      metadata: { discordChannelId: channel.id },
    })
    expect(await at.discord.nextSent()).toMatchObject({ channelId: channel.id, content: 'elsewhere', replyTo: undefined })
    const nowhere = await at.client.post('/reply', { channelId, content: 'x', metadata: { discordChannelId: '4711' } })
    expect([nowhere.status, nowhere.json.code]).toEqual([409, 'no_target'])
  })

  it('relay:REP8 a refused reply is tried again after the time Discord named, for the bot or for all', async () => {
    const { user, channelId } = await at.paired()
    user.send('hi')
    await (await at.inbox()).next()
    for (const global of [false, true]) {
      at.discord.faults.next(CREATE, { kind: 'refuse', status: 429, message: 'You are being rate limited.', retryAfter: 1, global })
      const started = Date.now()
      await at.client.post('/reply', { channelId, content: 'patience' })
      expect((await at.discord.nextSent()).content).toBe('patience')
      expect(Date.now() - started).toBeGreaterThanOrEqual(900)
    }
  })

  it('relay:REP8 the limit of a bucket is kept without being refused', async () => {
    const { user, channelId } = await at.paired()
    user.send('hi')
    const inbox = await at.inbox()
    await inbox.next()
    at.discord.limit(CREATE, { limit: 2, windowMs: 1_000 })
    const before = at.discord.bot.calls.all.length
    for (let number = 0; number < 4; number++) await at.client.post('/reply', { channelId, content: `reply ${number}` })
    for (let number = 0; number < 4; number++) expect((await at.discord.nextSent()).content).toBe(`reply ${number}`)
    expect(at.discord.bot.calls.all.slice(before).filter(({ route }) => route === CREATE)).toHaveLength(4)
  })

  it('relay:REP8, REP10 what Discord refuses for good fails the reply with a reason to read', async () => {
    const { user, channelId } = await at.paired()
    user.send('hi')
    const inbox = await at.inbox()
    await inbox.next()
    for (const [status, code, reason] of [
      [403, 50007, 'ada does not take direct messages from the bot, or shares no server with it any more.'],
      [403, 50013, 'The bot may not write in this channel. Give it the right to send messages.'],
      [404, 10003, 'Discord does not know this conversation any more.'],
      [400, 50035, 'Discord refused: Something new'],
    ] as const) {
      at.discord.faults.next(CREATE, { kind: 'refuse', status, code, message: 'Something new' })
      await at.client.post('/reply', { channelId, content: 'hello?' })
      expect(await inbox.settled()).toMatchObject({ state: 'failed', reason })
    }
  })

  it('relay:REP9, DC8 a part whose answer was lost is there once: Discord knows its nonce', async () => {
    const { user, channelId } = await at.paired()
    user.send('tell me')
    const inbox = await at.inbox()
    await inbox.next()
    const content = Array.from({ length: 1000 }, (_, number) => `word${number}`).join(' ')
    const attachments = [{ filename: 'a.txt', mimeType: 'text/plain', dataBase64: 'YQ==' }]
    const before = at.discord.sent.length
    at.discord.faults.next(CREATE, { kind: 'dropAfterAccept' })
    at.discord.faults.next(CREATE, { kind: 'page', status: 502 })
    await at.client.post('/reply', { channelId, content, attachments })
    const status = await inbox.settled()
    expect(status).toMatchObject({ state: 'sent' })
    expect(status.reason).toBeUndefined()
    const sent = at.discord.sent.slice(before)
    for (const part of sent) expect(part.content.length).toBeLessThanOrEqual(2000)
    expect(
      sent
        .slice(0, -1)
        .map((part) => part.content)
        .join(' '),
    ).toBe(content)
    expect(sent.at(-1)?.file?.filename).toBe('a.txt')
    expect(new Set(sent.map(({ nonce }) => nonce)).size).toBe(sent.length)
    for (const { nonce } of sent) expect(nonce).toMatch(/^[A-Za-z0-9_-]{25}$/)
  })

  it('relay:TYP1 typing is shown', async () => {
    const { user, channelId } = await at.paired()
    user.send('hi')
    await (await at.inbox()).next()
    expect((await at.client.post('/typing', { channelId })).status).toBe(200)
    expect(await at.discord.bot.typing.next()).toEqual({ channelId: user.direct().id })
    at.discord.faults.next('POST /channels/:channelId/typing', { kind: 'hangUp' })
    expect((await at.client.post('/typing', { channelId })).status).toBe(200)
  })
})
