import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SlackRelay, startSlackRelay } from '../fakes/slack/relay.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

describe('replies to Slack', () => {
  let at: SlackRelay

  beforeEach(async () => {
    at = await startSlackRelay()
  })
  afterEach(() => at.close())

  async function settled(socket: Awaited<ReturnType<SlackRelay['inbox']>>['socket']) {
    for (;;) {
      const status = await socket.nextOf('reply_status')
      if (status.state !== 'queued') return status
    }
  }

  it('relay:SL5, REP7 a reply arrives as mrkdwn, alerts nobody, and is told as sent', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    user.send('why?')
    const message = await inbox.next()
    const content = '**because** a<b and c>d & <!channel> [so](https://example.org/a?b=1&c=2)'
    await at.client.post('/reply', { channelId, content, replyTo: message.id })
    const sent = await at.slack.nextSent()
    expect(sent).toMatchObject({
      channel: user.direct.id,
      text: '*because* a<b and c>d & <!channel> so',
      broadcasts: [],
      mrkdwn: true,
    })
    expect(sent.source).toContain('<https://example.org/a?b=1&amp;c=2|so>')
    expect(await settled(inbox.socket)).toMatchObject({ state: 'sent', platformMessageId: sent.ts })
  })

  it('relay:SL5 in channels a reply begins a thread at the message, in threads it stays there, directly it stands alone', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    const room = at.slack.channel()
    const hello = `<@${at.slack.app.botUserId}> hello`
    const reply = async (content: string, more: object = {}) => {
      await at.client.post('/reply', { channelId, content, ...more })
      const { channel, threadTs } = await at.slack.nextSent()
      return { channel, threadTs }
    }
    user.send('directly')
    const direct = await inbox.next()
    expect(await reply('1', { replyTo: direct.id })).toEqual({ channel: user.direct.id, threadTs: undefined })
    const above = user.send(hello, { in: room })
    const inRoom = await inbox.next()
    expect(await reply('2', { replyTo: inRoom.id })).toEqual({ channel: room.id, threadTs: above.ts })
    const inThread = user.send(hello, { in: room, thread: '1700000000.000100' })
    await inbox.next()
    expect(await reply('3')).toEqual({ channel: room.id, threadTs: inThread.thread_ts })
    expect(await reply('4', { metadata: { slackChannelId: user.direct.id } })).toEqual({
      channel: user.direct.id,
      threadTs: undefined,
    })
    expect(await reply('5', { metadata: { slackChannelId: room.id, thread_ts: above.ts } })).toEqual({
      channel: room.id,
      threadTs: above.ts,
    })
    const aside = user.send('in a thread of the two of us', { thread: '1700000000.000200' })
    expect(await reply('6', { replyTo: (await inbox.next()).id })).toEqual({ channel: user.direct.id, threadTs: aside.thread_ts })
  })

  it('relay:SL5 a thread that cannot be answered any more does not cost the reply', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    user.send(`<@${at.slack.app.botUserId}> hello`, { in: at.slack.channel() })
    await inbox.next()
    at.slack.faults.next('chat.postMessage', { kind: 'error', error: 'thread_not_found' })
    await at.client.post('/reply', { channelId, content: 'still' })
    expect(await at.slack.nextSent()).toMatchObject({ text: 'still' })
  })

  it('relay:SL5, REP9 a long reply goes in chunks of at most 4000 characters, on from its first unsent one', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    user.send('tell me')
    await inbox.next()
    const content = Array.from({ length: 2000 }, (_, number) => `<word${number}>`).join(' ')
    const before = at.slack.sent.length
    at.slack.faults.next('chat.postMessage', { kind: 'dropAfterAccept' })
    await at.client.post('/reply', { channelId, content, metadata: { format: 'plain' } })
    const status = await settled(inbox.socket)
    expect(status).toMatchObject({ state: 'sent', reason: expect.stringContaining('twice') })
    const parts = at.slack.sent.slice(before)
    for (const { source, mrkdwn } of parts) expect([source.length <= 4000, mrkdwn]).toEqual([true, false])
    expect(parts.length).toBeGreaterThan(5)
    expect(parts[0]?.text).toBe(parts[1]?.text)
    expect(
      parts
        .slice(1)
        .map(({ text }) => text)
        .join(' '),
    ).toBe(content)
  })

  it('relay:SL5, REP12 files are uploaded into the thread, byte for byte, and the upload shows no token', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    const room = at.slack.channel()
    const asked = user.send(`<@${at.slack.app.botUserId}> a picture?`, { in: room })
    await inbox.next()
    const attachments = [{ filename: 'view "1".png', mimeType: 'image/png', dataBase64: PNG.toString('base64') }]
    await at.client.post('/reply', { channelId, content: 'here', attachments })
    expect(await at.slack.nextSent()).toMatchObject({ text: 'here', threadTs: asked.ts })
    const file = await at.slack.nextSent()
    expect([file.channel, file.threadTs, file.file?.bytes]).toEqual([room.id, asked.ts, PNG])
    expect(await settled(inbox.socket)).toMatchObject({ state: 'sent', platformMessageId: expect.stringMatching(/^F/) })
    const upload = at.slack.app.calls.all.find(({ method }) => method === 'upload')
    expect(upload?.args.authorization).toBe('')
  })

  it('relay:ATT6 bytes are not uploaded to an address that is not Slack’s', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    user.send('send it')
    await inbox.next()
    const upload_url = 'http://127.0.0.1:9/steal'
    const body = JSON.stringify({ ok: true, upload_url, file_id: 'F0EVIL' })
    at.slack.faults.next('files.getUploadURLExternal', { kind: 'http', status: 200, body })
    const attachments = [{ filename: 'a.txt', mimeType: 'text/plain', dataBase64: 'YQ==' }]
    await at.client.post('/reply', { channelId, content: '', attachments })
    expect(await settled(inbox.socket)).toMatchObject({ state: 'failed', reason: expect.stringContaining('not its own') })
  })

  it('relay:REP8 a limit is waited for as long as Slack says', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    user.send('hi')
    await inbox.next()
    at.slack.faults.next('chat.postMessage', { kind: 'rateLimit', retryAfter: 2 })
    const started = Date.now()
    await at.client.post('/reply', { channelId, content: 'patience' })
    expect((await at.slack.nextSent()).text).toBe('patience')
    expect(Date.now() - started).toBeGreaterThanOrEqual(1900)
  })

  it.each([
    ['is_archived', 'This channel is archived.'],
    ['not_in_channel', 'The bot is not a member of this channel. Invite it to the channel.'],
    ['something_new', 'Slack refused: something_new'],
  ])('relay:REP8, REP10 %s fails the reply with a reason to read', async (error, reason) => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    user.send('hi')
    await inbox.next()
    at.slack.faults.next('chat.postMessage', { kind: 'error', error })
    await at.client.post('/reply', { channelId, content: 'hello?' })
    expect(await settled(inbox.socket)).toMatchObject({ state: 'failed', reason, attempts: 1 })
  })

  it.each([
    { kind: 'http', status: 503 } as const,
    { kind: 'error', error: 'internal_error' } as const,
    { kind: 'http', status: 200, body: '<html>not Slack</html>' } as const,
    { kind: 'hangUp' } as const,
  ])('relay:REP8 $kind $status$error passes: the reply is tried again', async (fault) => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    user.send('hi')
    await inbox.next()
    at.slack.faults.next('chat.postMessage', fault)
    await at.client.post('/reply', { channelId, content: 'again' })
    expect((await at.slack.nextSent()).text).toBe('again')
    expect(await settled(inbox.socket)).toMatchObject({ state: 'sent' })
  })

  it.each(['token_revoked', 'account_inactive'])('relay:CH11, REP8 %s fails the reply and asks for a new token', async (error) => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    user.send('hi')
    await inbox.next()
    at.slack.app.botRefused = error
    await at.client.post('/reply', { channelId, content: 'hello?' })
    expect(await settled(inbox.socket)).toMatchObject({ state: 'failed', reason: expect.stringContaining('bot token') })
    expect((await at.channel(channelId)).status).toMatchObject({
      state: 'auth_failed',
      detail: expect.stringContaining('Install the app again'),
    })
  })

  it('relay:TYP1 typing is accepted and shows nothing', async () => {
    const { channelId } = await at.paired()
    const before = at.slack.app.calls.all.length
    expect((await at.client.post('/typing', { channelId })).json).toEqual({ ok: true })
    expect(at.slack.app.calls.all).toHaveLength(before)
  })
})
