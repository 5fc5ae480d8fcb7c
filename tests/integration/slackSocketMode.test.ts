import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SlackRelay, startSlackRelay } from '../fakes/slack/relay.ts'
import { createFakeClock } from '../support/fakeClock.ts'

describe('Socket Mode', () => {
  let at: SlackRelay

  beforeEach(async () => {
    at = await startSlackRelay()
  })
  afterEach(() => at.close())

  /** The channel's status once it is in this state. */
  async function status(socket: Awaited<ReturnType<SlackRelay['inbox']>>['socket'], state: string) {
    for (;;) {
      const { channel } = await socket.nextOf('channel_update')
      if (channel.status.state === state) return channel.status
    }
  }

  it('relay:SL2 every event is confirmed once, whatever it is', async () => {
    const { user } = await at.paired()
    const { sockets, events } = at.slack
    user.send('one')
    at.slack.emit({ type: 'reaction_added', user: user.id, reaction: 'eyes' })
    at.slack.emit({ type: 'message', channel: 7, text: { odd: true } })
    user.send('two')
    while (sockets.confirmed.all.length < events.length) await sockets.confirmed.next()
    expect(sockets.confirmed.all).toEqual(events.map(({ event_id }) => event_id))
    expect(await at.messages()).toHaveLength(2)
  })

  it.each(['warning', 'refresh_requested'] as const)(
    'relay:SL2 asked to connect anew (%s), it does so before it lets go, and no message is lost or doubled',
    async (reason) => {
      const { user } = await at.paired()
      const inbox = await at.inbox()
      const { sockets } = at.slack
      await sockets.connected.next()
      user.send('before')
      sockets.askToDisconnect(reason)
      user.send('meanwhile')
      await sockets.connected.next()
      expect(sockets.closed.all).toEqual([])
      await sockets.closed.next()
      user.send('after')
      for (const content of ['before', 'meanwhile', 'after']) expect((await inbox.next()).content).toBe(content)
      expect(sockets.count()).toBe(1)
    },
  )

  it('relay:SL2, DUR4 a line that is cut is opened again, and what was not confirmed comes again and is stored once', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const { sockets } = at.slack
    await sockets.connected.next()
    user.send('before')
    await inbox.next()
    sockets.cut()
    await sockets.closed.next()
    user.send('while away')
    expect((await inbox.next()).content).toBe('while away')
    sockets.redeliver()
    user.send('after')
    expect((await inbox.next()).content).toBe('after')
    expect(await at.messages()).toHaveLength(3)
  })

  it('relay:DUR2 an event that Slack sends again, in another envelope, is stored once', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const { sockets, app, events } = at.slack
    user.send('once')
    await inbox.next()
    const repeat = events.at(-1) ?? expect.unreachable('nothing was told')
    for (let time = 0; time < 3; time++) sockets.put(app, repeat)
    await at.relay.restart()
    sockets.put(app, repeat)
    user.send('end')
    await (await at.inbox()).next()
    while ((await at.messages()).length < 2);
    expect((await at.messages()).map(({ content }: { content: string }) => content)).toEqual(['once', 'end'])
  })

  it('relay:SL2 Socket Mode switched off is told with what to do', async () => {
    await at.paired()
    const { socket } = await at.inbox()
    at.slack.sockets.askToDisconnect('link_disabled')
    expect((await status(socket, 'degraded')).detail).toMatch(/^Socket Mode is switched off for this app\. Switch it on/)
  })

  it('relay:SL2 while Slack cannot be reached the channel says so, and works again by itself', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    at.slack.faults.next('auth.test', { kind: 'http', status: 503 })
    at.slack.sockets.cut()
    expect((await status(inbox.socket, 'degraded')).detail).toBe('Slack is not reachable. The relay keeps trying.')
    await status(inbox.socket, 'ok')
    user.send('back')
    expect((await inbox.next()).content).toBe('back')
  })

  it.each([
    ['botRefused', /does not accept the bot token any more/],
    ['appRefused', /does not accept the app-level token any more/],
  ] as const)('relay:CH11 a token that is refused at connecting (%s) ends it, with the way out', async (which, sentence) => {
    const { channelId } = await at.paired()
    const { socket } = await at.inbox()
    at.slack.app[which] = 'invalid_auth'
    at.slack.sockets.cut()
    expect((await status(socket, 'auth_failed')).detail).toMatch(sentence)
    expect(at.slack.sockets.count()).toBe(0)
    at.slack.app[which] = undefined
    const opened = at.slack.app.calls.all.length
    expect((await at.register()).status).toBe(200)
    await status(socket, 'ok')
    expect((await at.channel(channelId)).status.state).toBe('ok')
    expect(at.slack.app.calls.all.length).toBeGreaterThan(opened)
  })

  it('relay:CH11 a token that was refused is not tried again', async () => {
    await at.close()
    const clock = createFakeClock(Date.now())
    at = await startSlackRelay({ clock })
    const { channelId } = await at.paired()
    const { app, sockets } = at.slack
    app.appRefused = 'token_revoked'
    sockets.cut()
    while ((await at.channel(channelId)).status.state !== 'auth_failed') await clock.advance(1000)
    app.appRefused = undefined
    const asked = app.calls.all.length
    for (let hours = 0; hours < 3; hours++) await clock.advance(60 * 60_000)
    expect((await at.channel(channelId)).status.state).toBe('auth_failed')
    expect([app.calls.all.length, sockets.count()]).toEqual([asked, 0])
  })

  it('relay:SL2 a Slack that opens the line and says nothing is not waited for, but tried again', async () => {
    await at.close()
    const clock = createFakeClock(Date.now())
    at = await startSlackRelay({ clock })
    const { sockets } = at.slack
    sockets.fallSilent()
    const { json } = await at.register()
    await sockets.connected.next()
    await clock.advance(20_000)
    while ((await at.channel(json.channelId)).status.state !== 'degraded') await clock.advance(1000)
    expect((await at.channel(json.channelId)).status.detail).toBe('Slack is not reachable. The relay keeps trying.')
    while (sockets.connected.all.length < 2) await clock.advance(1000)
  })

  it('relay:SL2 frames that no Slack would send cost nothing but themselves', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const { sockets } = at.slack
    const envelope = (more: object) => JSON.stringify({ envelope_id: 'e1', accepts_response_payload: false, ...more })
    const frames = [
      ...['', 'null', '[]', '7', '{', '{"type":7}', '{"type":"hello"}', '{"type":"events_api"}'],
      ...[{ type: 'events_api' }, { type: 'events_api', payload: {} }, { type: 'slash_commands', payload: { command: '/x' } }].map(
        envelope,
      ),
      ...['close', 'error', 'disconnected', 'ws_message', 'slack_event'].map((type) =>
        envelope({ type: 'events_api', payload: { type: 'event_callback', event: { type } } }),
      ),
      `{"type":"events_api","envelope_id":"e2","payload":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    ]
    for (const frame of frames) sockets.sendRaw(frame)
    sockets.sendRaw(Buffer.from([0, 1, 2]))
    user.send('still here')
    expect((await inbox.next()).content).toBe('still here')
    expect(sockets.closed.all).toEqual([])
  })

  it('relay:CH9 switched off it closes its connection; switched on it takes up what waited', async () => {
    const { user, channelId } = await at.paired()
    await at.client.patch(`/channels/${channelId}`, { enabled: false })
    await at.slack.sockets.closed.next()
    user.send('while off')
    await at.client.patch(`/channels/${channelId}`, { enabled: true })
    expect((await (await at.inbox()).next()).content).toBe('while off')
  })

  it('relay:CH10 deleting closes the connection and keeps the messages', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    user.send('kept')
    await inbox.next()
    expect((await at.client.del(`/channels/${channelId}`)).status).toBe(200)
    await at.slack.sockets.closed.next()
    expect(at.slack.sockets.count()).toBe(0)
    expect(await at.messages()).toHaveLength(1)
    const post = { method: 'POST', body: '{}' }
    expect((await fetch(`${at.relay.url}/slack/${channelId}`, post)).status).toBe(404)
  })
})
