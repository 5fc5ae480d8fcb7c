import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SlackRelay, startSlackRelay } from '../fakes/slack/relay.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const MIB = 1024 * 1024

describe('what arrives from Slack', () => {
  let at: SlackRelay

  beforeEach(async () => {
    at = await startSlackRelay()
  })
  afterEach(() => at.close())

  const contents = async () => (await at.messages()).map(({ content }: { content: string }) => content)
  const mention = () => `<@${at.slack.app.botUserId}>`

  it('relay:SL2, SL4, CUR11 a direct message reaches the socket, and says where it comes from', async () => {
    const { user, channelId } = await at.paired()
    await at.client.patch(`/channels/${channelId}`, { name: 'work' })
    const inbox = await at.inbox()
    const sent = user.send('a &lt;b&gt; &amp; \u202Ec <https://example.org/x|here> <@U0NOBODY>')
    expect(await inbox.next()).toMatchObject({
      seq: 1,
      channelId,
      channelType: 'slack',
      from: 'Ada',
      content: 'a <b> & \uFFFDc here (https://example.org/x) @U0NOBODY',
      metadata: {
        slackChannelId: user.direct.id,
        teamId: at.slack.app.teamId,
        senderId: user.id,
        messageTs: sent.ts,
        channelName: 'work',
        channelDirection: 'bidirectional',
      },
    })
  })

  it('relay:CUR11 without permission to look up names, the id stands for the sender', async () => {
    const { user } = await at.paired()
    at.slack.app.scopes = at.slack.app.scopes.filter((scope) => scope !== 'users:read')
    const inbox = await at.inbox()
    user.send('who am I?')
    expect((await inbox.next()).from).toBe(user.id)
  })

  it('relay:SL4 a mention is relayed once although Slack tells it twice; what is said among others is not', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const room = at.slack.channel()
    user.send('lunch?', { in: room })
    user.send(`${mention()} please look, <@${user.id}>`, { in: room })
    user.send(`and you, ${mention()}?`, { in: room })
    user.send('done')
    expect((await inbox.next()).content).toBe('please look, @Ada')
    expect((await inbox.next()).content).toBe('and you, @adabot?')
    expect((await inbox.next()).content).toBe('done')
    expect(await contents()).toHaveLength(3)
  })

  it('relay:SL4 answers in a thread where the bot wrote are relayed, those in other threads not, also after a restart', async () => {
    const { user, channelId } = await at.paired()
    const room = at.slack.channel()
    const inbox = await at.inbox()
    const question = user.send(`${mention()} what is new?`, { in: room })
    user.send('before the bot wrote', { in: room, thread: question.ts })
    const asked = await inbox.next()
    await at.client.post('/reply', { channelId, content: 'this', replyTo: asked.id })
    expect((await at.slack.nextSent()).threadTs).toBe(question.ts)
    user.send('and that?', { in: room, thread: question.ts })
    expect(await inbox.next()).toMatchObject({ content: 'and that?', metadata: { thread_ts: question.ts } })
    const other = user.send('something else', { in: room })
    user.send('among us', { in: room, thread: other.ts })
    // Slack is no longer to be asked: the relay knows.
    at.slack.app.scopes = at.slack.app.scopes.filter((scope) => scope !== 'channels:history')
    await at.relay.restart()
    user.send('still here?', { in: room, thread: question.ts })
    const after = await at.inbox()
    while ((await after.next()).content !== 'still here?');
    expect(await contents()).toEqual(['what is new?', 'and that?', 'still here?'])
  })

  it('relay:SL4 a thread the bot began is known by its first message, another one it wrote in by asking Slack once', async () => {
    const { user } = await at.paired()
    const room = at.slack.channel()
    const { app } = at.slack
    const own = { type: 'message' as const, user: app.botUserId, bot_id: app.botId, text: 'news', ts: at.slack.nextTs() }
    const old = user.send('from before the relay', { in: room })
    room.messages.push(own, { ...own, ts: at.slack.nextTs(), thread_ts: old.ts })
    const foreign = user.send('not for the bot', { in: room })
    const inbox = await at.inbox()
    user.send('about the news', { in: room, thread: own.ts })
    expect((await inbox.next()).content).toBe('about the news')
    for (const text of ['one', 'two']) user.send(text, { in: room, thread: old.ts })
    for (const text of ['three', 'four']) user.send(text, { in: room, thread: foreign.ts })
    expect((await inbox.next()).content).toBe('one')
    user.send('end')
    expect((await inbox.next()).content).toBe('two')
    expect((await inbox.next()).content).toBe('end')
    expect(app.calls.all.filter(({ method }) => method === 'conversations.replies')).toHaveLength(2)
  })

  it('relay:SL4 bots, notes of Slack, previews and deletions are never relayed', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const { app } = at.slack
    const first = user.send('first')
    const common = { type: 'message', channel: user.direct.id, channel_type: 'im', text: 'not a person', user: user.id }
    at.slack.emit({ ...common, ts: at.slack.nextTs(), bot_id: 'B0OTHER' })
    at.slack.emit({ ...common, ts: at.slack.nextTs(), user: app.botUserId })
    at.slack.emit({ ...common, ts: at.slack.nextTs(), subtype: 'bot_message' })
    at.slack.emit({ ...common, ts: at.slack.nextTs(), subtype: 'channel_join' })
    at.slack.emit({ type: 'reaction_added', user: user.id, reaction: 'eyes' })
    user.unfurl(first)
    user.delete(first)
    user.send('last')
    expect((await inbox.next()).content).toBe('first')
    expect((await inbox.next()).content).toBe('last')
  })

  it('relay:SL4 an app that is in several workspaces relays its own only', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const elsewhere = { ...at.slack.app, teamId: 'T0ELSEWHERE' }
    const message = { type: 'message', channel: user.direct.id, channel_type: 'im', user: user.id, text: 'elsewhere' }
    at.slack.emit({ ...message, ts: at.slack.nextTs() }, elsewhere)
    const told = at.slack.events.at(-1) ?? expect.unreachable('nothing was told')
    at.slack.sockets.put(at.slack.app, told)
    user.send('here')
    expect((await inbox.next()).content).toBe('here')
  })

  it('relay:SL4 an edit is a new message that says so, once', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const sent = user.send('helo')
    expect((await inbox.next()).metadata.edited).toBeUndefined()
    user.edit(sent, 'hello')
    const edit = await inbox.next()
    expect(edit).toMatchObject({ content: 'hello', metadata: { edited: true, messageTs: sent.ts } })
    at.slack.sockets.redeliver()
    user.unfurl(sent)
    user.edit(sent, 'hello!')
    expect((await inbox.next()).content).toBe('hello!')
    expect(await contents()).toEqual(['helo', 'hello', 'hello!'])
  })

  it('relay:ATT6, ATT1 a file is stored before it is fetched, and read byte for byte', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    user.send('look', { files: [{ bytes: PNG, name: 'view.png', mimetype: 'image/png' }] })
    const message = await inbox.next()
    expect(message.content).toBe('look')
    const path = `/messages/${message.id}/attachments/${message.attachments[0].id}`
    let answer = await at.client.get(path)
    while (answer.status === 503) answer = await at.client.get(path)
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/png'])
    expect(answer.bytes).toEqual(PNG)
  })

  it('relay:ATT6 a file of another workspace, of which Slack tells only the id, is asked for', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    user.send('', { files: [{ bytes: PNG, name: 'theirs.png', mimetype: 'image/png', checked: true }] })
    const message = await inbox.next()
    expect(message.content).toBe('[file]')
    const path = `/messages/${message.id}/attachments/${message.attachments[0].id}`
    let answer = await at.client.get(path)
    while (answer.status === 503) answer = await at.client.get(path)
    expect(answer.bytes).toEqual(PNG)
  })

  it('relay:ATT1, ATT6 files too large or not at Slack are named with the reason; the token goes nowhere', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    user.send('two files', {
      files: [
        { bytes: Buffer.alloc(5 * MIB + 1), name: 'big.bin', mimetype: 'application/zip' },
        { bytes: PNG, name: 'sheet', mimetype: 'application/vnd.sheet', external: 'https://sheets.example/1' },
      ],
    })
    const message = await inbox.next()
    expect(message.content).toBe('two files')
    expect(message.attachments ?? []).toEqual([])
    expect(message.metadata.attachmentsOmitted).toEqual([
      { filename: 'sheet', size: PNG.length, reason: 'not kept by Slack but at https://sheets.example/1' },
      { filename: 'big.bin', size: 5 * MIB + 1, reason: expect.any(String) },
    ])
  })

  it('relay:ATT5, ATT6 without permission for files a file is gone, and the reason is not a page of HTML', async () => {
    const { user } = await at.paired()
    at.slack.app.scopes = at.slack.app.scopes.filter((scope) => scope !== 'files:read')
    const inbox = await at.inbox()
    user.send('look', { files: [{ bytes: PNG, name: 'view.png', mimetype: 'image/png' }] })
    const message = await inbox.next()
    const path = `/messages/${message.id}/attachments/${message.attachments[0].id}`
    let answer = await at.client.get(path)
    while (answer.status === 503) answer = await at.client.get(path)
    expect([answer.status, answer.json.code]).toEqual([410, 'attachment_gone'])
  })

  it('relay:PAIR2, PAIR3, PAIR6 pairing works in a direct message only; strangers are told so once, in channels never', async () => {
    const { json } = await at.register()
    const [ada, eve] = [at.slack.user('Ada'), at.slack.user('Eve')]
    const room = at.slack.channel()
    ada.send(`${mention()} ${json.pairingCode}`, { in: room })
    eve.send('let me in')
    expect(await at.slack.nextSent()).toMatchObject({
      channel: eve.direct.id,
      text: expect.stringMatching(/^You are not authorised/),
    })
    eve.send('please')
    ada.send(json.pairingCode.toLowerCase())
    expect(await at.slack.nextSent()).toMatchObject({ channel: ada.direct.id, text: expect.stringMatching(/^You are paired/) })
    const channel = await at.channel(json.channelId)
    expect(channel.metadata.allowedUsers).toEqual([ada.id])
    expect(channel.status).toMatchObject({ state: 'ok', rejected: 3 })
    expect(await at.messages()).toEqual([])
    expect(at.slack.sent).toHaveLength(2)
  })

  it('relay:PAIR4, DUR2 a guess that Slack sends again counts once', async () => {
    const { json } = await at.register()
    const eve = at.slack.user('Eve')
    const { confirmed } = at.slack.sockets
    for (let guess = 0; guess < 4; guess++) {
      eve.send('22222222')
      await confirmed.next()
      const payload = at.slack.events.at(-1)
      if (payload) at.slack.sockets.put(at.slack.app, payload)
      await confirmed.next()
    }
    eve.send(json.pairingCode)
    await confirmed.next()
    expect((await at.channel(json.channelId)).metadata.allowedUsers).toEqual([eve.id])
  })
})
