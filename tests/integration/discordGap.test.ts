import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DiscordRelay, startDiscordRelay } from '../fakes/discord/relay.ts'
import { createFakeClock } from '../support/fakeClock.ts'

const HOUR = 60 * 60_000
const HISTORY = 'GET /channels/:channelId/messages'

/** The relay is down, and when it is back Discord does not know its session any more. */
describe('what Discord was told while the relay was down', () => {
  let at: DiscordRelay

  beforeEach(async () => {
    at = await startDiscordRelay({ chance: () => 0 })
  })
  afterEach(() => at.close())

  const contents = async () => (await at.messages()).map(({ content }: { content: string }) => content)
  /** Reads messages until `count` are there. */
  const all = async (count: number) => {
    const inbox = await at.inbox()
    for (let read = 0; read < count; read++) await inbox.next()
    return contents()
  }

  async function down(meanwhile: () => unknown): Promise<void> {
    await at.relay.restart(undefined, async () => {
      await meanwhile()
      at.discord.gateway.forgetSessions(at.discord.bot)
    })
  }

  it('relay:DUR4 a session that is still known is resumed after a restart: no history is read', async () => {
    const { user, sessionId } = await at.paired()
    user.send('before')
    await (await at.inbox()).next()
    await at.relay.restart()
    user.send('after')
    expect(await at.discord.bot.sessionStarts.next()).toMatchObject({ kind: 'resume', sessionId })
    expect(await all(2)).toEqual(['before', 'after'])
    expect(at.discord.bot.calls.all.filter(({ route }) => route === HISTORY)).toEqual([])
  })

  it('relay:DUR4 direct messages, messages in known and in new channels and threads arrive once, in order', async () => {
    const { user, channelId, sessionId } = await at.paired()
    const team = at.discord.guild('Team')
    const bob = at.discord.user('bob')
    await at.client.patch(`/channels/${channelId}`, { allowedUsers: [user.id, bob.id] })
    user.send('known channel', { channel: team.channel })
    await (await at.inbox()).next()
    await down(() => {
      user.send('direct 1')
      user.send('in the known channel', { channel: team.channel })
      user.send('in a new channel', { channel: team.addChannel('new') })
      user.send('in a thread', { channel: team.addThread('thread') })
      bob.send('bob for the first time')
      at.discord.user('eve').send('a stranger', { channel: team.channel })
      user.send('direct 2')
    })
    await at.discord.bot.sessionStarts.next(({ kind, sessionId: started }) => kind === 'identify' && started !== sessionId)
    user.send('live')
    expect(await all(8)).toEqual([
      'known channel',
      'direct 1',
      'in the known channel',
      'in a new channel',
      'in a thread',
      'bob for the first time',
      'direct 2',
      'live',
    ])
    const guilds = (await at.messages()).map(({ metadata }: { metadata: { guildId?: string } }) => metadata.guildId)
    expect(guilds.filter((id: string | undefined) => id === team.id)).toHaveLength(4)
  })

  it('relay:DUR4 what came late does not move the place back where a gap begins', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const sooner = user.send('sooner')
    await inbox.next()
    user.send('later', { at: Date.now() - HOUR })
    await inbox.next()
    user.direct().messages.reverse()
    await down(() => {})
    await at.discord.bot.sessionStarts.next(({ kind }) => kind === 'identify')
    user.send('live')
    expect(await all(3)).toEqual(['sooner', 'later', 'live'])
    const asked = at.discord.bot.calls.all.filter(({ route }) => route === HISTORY)
    for (const { query } of asked) expect(query.after).toBe(sooner.id)
  })

  it('relay:DUR4 a long gap is read page by page, in order', async () => {
    const { user } = await at.paired()
    await down(() => {
      for (let number = 0; number < 250; number++) user.send(`message ${number}`)
    })
    expect(await all(250)).toEqual(Array.from({ length: 250 }, (_, number) => `message ${number}`))
  })

  it('relay:DUR4 what was written long before the bot was added is not fetched; what is older than a day neither', async () => {
    await at.close()
    const clock = createFakeClock(Date.now())
    at = await startDiscordRelay({ clock, chance: () => 0 })
    const { user } = await at.paired()
    const { channel } = at.discord.guild('Team')
    const now = clock.now()
    user.send('read')
    await (await at.inbox()).next()
    await down(async () => {
      user.send('before the relay was there', { channel, at: now - HOUR })
      user.send('25 hours ago', { at: now + HOUR })
      user.send('23 hours ago', { at: now + 3 * HOUR })
      user.send('22 hours ago', { channel, at: now + 4 * HOUR })
      await clock.advance(26 * HOUR)
    })
    while (at.discord.bot.sessions.size === 0) await clock.advance(1_000)
    user.send('live')
    expect(await all(4)).toEqual(['read', '23 hours ago', '22 hours ago', 'live'])
  })

  it('relay:DUR4 a history that cannot be read yet is read later; live messages wait behind it', async () => {
    const { user, channelId } = await at.paired()
    user.send('read')
    await (await at.inbox()).next()
    await down(() => {
      user.send('missed')
      at.discord.faults.next(HISTORY, { kind: 'page', status: 503 })
      at.discord.faults.next(HISTORY, { kind: 'refuse', status: 429, message: 'You are being rate limited.', retryAfter: 1 })
    })
    await at.discord.bot.sessionStarts.next(({ kind }) => kind === 'identify')
    user.send('live')
    expect(await all(3)).toEqual(['read', 'missed', 'live'])
    expect((await at.channel(channelId)).status.state).toBe('ok')
  })

  it('relay:DUR4 a channel the bot may not see any more does not hold up the others', async () => {
    const { user } = await at.paired()
    const team = at.discord.guild('Team')
    const closed = team.addChannel('closed')
    user.send('one', { channel: closed })
    user.send('two', { channel: team.channel })
    await all(2)
    await down(() => {
      user.send('never seen', { channel: closed })
      closed.closed = true
      user.send('three', { channel: team.channel })
    })
    expect(await all(3)).toEqual(['one', 'two', 'three'])
  })

  it('relay:DUR4, PAIR3 a code sent while the relay was down still pairs, once', async () => {
    const { pairingCode, channelId } = await at.paired()
    const bob = at.discord.user('bob')
    bob.send('hello')
    await at.discord.nextSent()
    const { json } = await at.client.post(`/channels/${channelId}/pairing`)
    await down(() => bob.send(json.pairingCode))
    expect((await at.discord.nextSent()).content).toMatch(/^You are paired/)
    await down(() => bob.send('and now?'))
    expect(await all(1)).toEqual(['and now?'])
    expect(at.discord.sent.filter(({ content }) => /paired/.test(content))).toHaveLength(2)
    expect(pairingCode).not.toBe(json.pairingCode)
  })

  it('relay:DUR4, CH9 what was written while the channel was switched off is fetched like any gap', async () => {
    const { user, channelId } = await at.paired()
    await at.client.patch(`/channels/${channelId}`, { enabled: false })
    at.discord.gateway.forgetSessions(at.discord.bot)
    user.send('while off')
    await at.client.patch(`/channels/${channelId}`, { enabled: true })
    expect(await all(1)).toEqual(['while off'])
  })
})
