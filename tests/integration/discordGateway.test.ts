import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DiscordRelay, startDiscordRelay } from '../fakes/discord/relay.ts'
import { createFakeClock } from '../support/fakeClock.ts'

/** GUILD_MESSAGES, DIRECT_MESSAGES; GUILD_MESSAGE_TYPING, DIRECT_MESSAGE_TYPING. */
const WITHOUT_CONTENT = (1 << 9) | (1 << 12) | (1 << 11) | (1 << 14)
/** MESSAGE_CONTENT too. */
const WITH_CONTENT = WITHOUT_CONTENT | (1 << 15)

describe('the Gateway of Discord', () => {
  let at: DiscordRelay

  beforeEach(async () => {
    at = await startDiscordRelay()
  })
  afterEach(() => at.close())

  const nextStart = () => at.discord.bot.sessionStarts.next()
  const contents = async () => (await at.messages()).map(({ content }: { content: string }) => content)

  it('relay:DC2, TPS1 is asked for with the intents of messages and of typing, and no others, at the address the API names', async () => {
    await at.register()
    expect(await nextStart()).toMatchObject({ kind: 'identify', intents: WITH_CONTENT })
    expect(at.discord.bot.calls.all.map(({ path }) => path)).toContain('/gateway/bot')
  })

  it('relay:DC2 is used at the configured address, also for resuming', async () => {
    const { user } = await at.paired()
    await at.relay.restart({ CHAOS_DISCORD_API_ROOT: 'http://127.0.0.1:9', CHAOS_DISCORD_GATEWAY_URL: at.discord.gatewayUrl })
    expect(await nextStart()).toMatchObject({ kind: 'resume' })
    user.send('over there')
    expect((await (await at.inbox()).next()).content).toBe('over there')
  })

  it.each([
    ['a cut line', '/gateway/resume', () => at.discord.gateway.cut(at.discord.bot)],
    ['op 7', '/gateway/resume', () => at.discord.gateway.askToReconnect(at.discord.bot)],
    ['a close that can be resumed', '/gateway/resume', () => at.discord.gateway.close(at.discord.bot, 4000)],
    // On the same line.
    ['a resumable op 9', '/gateway', () => at.discord.gateway.invalidate(at.discord.bot, true)],
  ])('relay:DC3 %s: the session is resumed, nothing is lost and nothing comes twice', async (_name, path, happens) => {
    const { user, sessionId } = await at.paired()
    const inbox = await at.inbox()
    user.send('before')
    await inbox.next()
    happens()
    user.send('meanwhile')
    expect(await nextStart()).toMatchObject({ kind: 'resume', sessionId, path })
    user.send('after')
    expect((await inbox.next()).content).toBe('meanwhile')
    expect((await inbox.next()).content).toBe('after')
    expect(await contents()).toEqual(['before', 'meanwhile', 'after'])
  })

  it('relay:DC3 heartbeats begin at a random moment, and one that is not acknowledged leads to a resume', async () => {
    at.discord.gateway.settings.heartbeatMs = 300
    const { user, sessionId } = await at.paired()
    at.discord.gateway.settings.acknowledges = false
    expect(await nextStart()).toMatchObject({ kind: 'resume', sessionId })
    at.discord.gateway.settings.acknowledges = true
    user.send('still there')
    expect((await (await at.inbox()).next()).content).toBe('still there')
    const first = at.discord.gateway.firstHeartbeats()
    expect(Math.max(...first)).toBeLessThan(600)
    expect(new Set(first).size).toBe(first.length)
  })

  it('relay:DC3 a session that ended is begun anew after one to five seconds; what was missed is fetched', async () => {
    const { user, sessionId } = await at.paired()
    const inbox = await at.inbox()
    user.send('before')
    await inbox.next()
    const invalidated = Date.now()
    at.discord.gateway.invalidate(at.discord.bot, false)
    user.send('meanwhile')
    const start = await nextStart()
    const waited = Date.now() - invalidated
    expect(start.kind).toBe('identify')
    expect(start.sessionId).not.toBe(sessionId)
    expect(waited).toBeGreaterThanOrEqual(1_000)
    expect(waited).toBeLessThan(7_000)
    expect((await inbox.next()).content).toBe('meanwhile')
    user.send('after')
    expect((await inbox.next()).content).toBe('after')
    expect(await contents()).toEqual(['before', 'meanwhile', 'after'])
  })

  it('relay:DC3, DUR2 events that Discord sends again are stored once', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const sent = user.send('once')
    await inbox.next()
    at.discord.gateway.message(at.discord.bot, 'MESSAGE_CREATE', sent, undefined)
    user.send('twice')
    expect((await inbox.next()).content).toBe('twice')
    expect(await contents()).toEqual(['once', 'twice'])
  })

  it('relay:DC3, PAIR4 what a session was sent comes again: nothing is stored, no code is guessed a second time', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    await at.client.post(`/channels/${channelId}/pairing`)
    at.discord.user('eve').send('22222222')
    expect((await at.discord.nextSent()).content).toMatch(/^That code is not right/)
    user.send('first')
    await inbox.next()
    for (let time = 0; time < 5; time++) at.discord.gateway.repeat(at.discord.bot)
    user.send('second')
    await inbox.next()
    expect(await contents()).toEqual(['first', 'second'])
    const { status, metadata } = await at.channel(channelId)
    expect(status.rejected).toBe(1)
    expect(metadata).toHaveProperty('pairingCode')
  })

  it('relay:DC4 without the intent it reconnects without contents, names the intent, and notices when it is switched on', async () => {
    await at.close()
    const clock = createFakeClock(Date.now())
    at = await startDiscordRelay({ clock })
    at.discord.bot.messageContent = false
    const { json } = await at.register()
    expect(await nextStart()).toEqual({ kind: 'refused', intents: WITH_CONTENT })
    expect(await nextStart()).toMatchObject({ kind: 'identify', intents: WITHOUT_CONTENT })
    const ada = at.discord.user('ada')
    ada.send(json.pairingCode)
    await at.discord.nextSent()
    expect((await at.channel(json.channelId)).status).toMatchObject({
      state: 'degraded',
      detail: expect.stringContaining('Message Content Intent'),
    })
    const inbox = await at.inbox()
    const { channel } = at.discord.guild('Team')
    ada.send('not to be seen', { channel })
    ada.send('directly')
    expect((await inbox.next()).content).toBe('directly')
    await clock.advance(60_000)
    at.discord.bot.messageContent = true
    while (at.discord.bot.sessionStarts.all.at(-1)?.intents !== WITH_CONTENT) await clock.advance(60_000)
    ada.send('to be seen', { channel })
    expect((await inbox.next()).content).toBe('to be seen')
    expect((await at.channel(json.channelId)).status.state).toBe('ok')
  })

  it.each([4010, 4011, 4012, 4013])('relay:DC4 close %d stops, and says why', async (code) => {
    await at.paired()
    const { socket } = await at.inbox()
    const attempts = at.discord.bot.sessionStarts.all.length
    at.discord.gateway.close(at.discord.bot, code)
    const { channel } = await socket.nextOf('channel_update')
    expect(channel.status).toMatchObject({ state: 'degraded', detail: expect.stringMatching(/^Discord refuses the connection: /) })
    expect(at.discord.bot.sessionStarts.all).toHaveLength(attempts)
    expect(at.discord.gateway.connections(at.discord.bot)).toBe(0)
    await at.register()
    expect((await nextStart()).kind).toBe('identify')
  })

  it('relay:DC4 close 4004 stops', async () => {
    await at.paired()
    const { socket } = await at.inbox()
    const attempts = at.discord.bot.sessionStarts.all.length
    at.discord.gateway.close(at.discord.bot, 4004)
    const { channel } = await socket.nextOf('channel_update')
    expect(channel.status.state).toBe('auth_failed')
    expect(at.discord.bot.sessionStarts.all).toHaveLength(attempts)
  })

  it('relay:DC3 a Gateway that cannot be reached is tried again with growing pauses, and told', async () => {
    const { user, channelId, sessionId } = await at.paired()
    const { socket, ...inbox } = await at.inbox()
    at.discord.gateway.settings.refusesConnections = true
    at.discord.gateway.cut(at.discord.bot)
    const { channel } = await socket.nextOf('channel_update')
    expect(channel.status).toMatchObject({ state: 'degraded', detail: expect.stringContaining('keeps trying') })
    user.send('in the dark')
    at.discord.gateway.settings.refusesConnections = false
    expect(await nextStart()).toMatchObject({ kind: 'resume', sessionId })
    expect((await inbox.next()).content).toBe('in the dark')
    expect((await at.channel(channelId)).status.state).toBe('ok')
  })

  it('relay:CH9, CH10 what is closed while it cannot connect stays closed', async () => {
    const { channelId } = await at.paired()
    at.discord.gateway.settings.refusesConnections = true
    at.discord.gateway.cut(at.discord.bot)
    await at.client.patch(`/channels/${channelId}`, { enabled: false })
    at.discord.gateway.settings.refusesConnections = false
    await at.client.del(`/channels/${channelId}`)
    const other = at.discord.addBot('other')
    await at.register({ botToken: other.token })
    await other.sessionStarts.next()
    expect(at.discord.gateway.connections(at.discord.bot)).toBe(0)
  })
})
