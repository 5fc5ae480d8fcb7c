import { API, Client, GatewayDispatchEvents, GatewayIntentBits } from '@discordjs/core'
import { type DiscordAPIError, REST, type RESTOptions } from '@discordjs/rest'
import { type SessionInfo, WebSocketManager, type WebSocketManagerOptions, WebSocketShardEvents } from '@discordjs/ws'
import { verifyKey } from 'discord-interactions'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeDiscord, startFakeDiscord } from '../fakes/discord/fake.ts'
import { act } from '../fakes/discord/interactions.ts'
import { createQueue } from '../fakes/queue.ts'

const INTENTS = GatewayIntentBits.GuildMessages | GatewayIntentBits.DirectMessages | GatewayIntentBits.MessageContent

/** discord.js's own parts against our fake: clients that know nothing of us say whether the fake behaves like Discord. */
describe('the fake Discord, driven by discord.js', () => {
  let fake: FakeDiscord
  let rest: REST
  let api: API
  const gateways: WebSocketManager[] = []

  beforeEach(async () => {
    fake = await startFakeDiscord()
    rest = new REST({ api: fake.apiRoot, ...viaFetch, retries: 0 }).setToken(fake.bot.token)
    api = new API(rest)
  })
  afterEach(async () => {
    await Promise.all(gateways.splice(0).map((gateway) => gateway.destroy()))
    await fake.close()
  })

  async function connect(given: { token?: string; intents?: number } = {}) {
    const gateway = new WebSocketManager({ token: fake.bot.token, intents: INTENTS, rest, ...sessionStore(), ...atOnce, ...given })
    gateways.push(gateway)
    const client = new Client({ rest, gateway })
    const heard = createQueue<{ t: string; content: string; guildId: string | undefined; id: string }>()
    const started = createQueue<'ready' | 'resumed'>()
    const closed = createQueue<number>()
    client.on(GatewayDispatchEvents.MessageCreate, ({ data }) =>
      heard.put({ t: 'create', content: data.content, guildId: data.guild_id, id: data.id }),
    )
    client.on(GatewayDispatchEvents.MessageUpdate, ({ data }) =>
      heard.put({ t: 'update', content: data.content, guildId: data.guild_id, id: data.id }),
    )
    gateway.on(WebSocketShardEvents.Ready, () => started.put('ready'))
    gateway.on(WebSocketShardEvents.Resumed, () => started.put('resumed'))
    gateway.on(WebSocketShardEvents.Closed, (code) => closed.put(code))
    gateway.on(WebSocketShardEvents.Error, () => undefined)
    void gateway.connect().catch(() => undefined)
    return { heard, started, closed, gateway }
  }

  it('delivers direct messages, guild messages and edits, and takes the answers', async () => {
    const ada = fake.user('ada')
    const guild = fake.guild('Team')
    const { heard, started } = await connect()
    await started.next()
    const direct = ada.send('hello')
    expect(await heard.next()).toEqual({ t: 'create', content: 'hello', guildId: undefined, id: direct.id })
    const public_ = ada.send('hello all', { channel: guild.channel })
    expect(await heard.next()).toEqual({ t: 'create', content: 'hello all', guildId: guild.id, id: public_.id })
    ada.edit(direct, 'hello again')
    expect(await heard.next()).toMatchObject({ t: 'update', content: 'hello again' })
    const made = await api.channels.createMessage(direct.channel_id, {
      content: '**hi**',
      message_reference: { message_id: direct.id },
      allowed_mentions: { parse: [] },
    })
    expect(await fake.nextSent()).toMatchObject({
      content: '**hi**',
      replyTo: direct.id,
      messageId: made.id,
      allowedMentions: { parse: [] },
    })
    await api.channels.showTyping(direct.channel_id)
    expect(await fake.bot.typing.next()).toEqual({ channelId: direct.channel_id })
  })

  it('resumes after a cut line, op 7, a silent gateway and resumable closes, with what was missed', async () => {
    const ada = fake.user('ada')
    fake.gateway.settings.heartbeatMs = 200
    const { heard, started } = await connect()
    await started.next()
    ada.send('one')
    await heard.next()
    fake.gateway.askToReconnect(fake.bot)
    ada.send('two')
    expect(await started.next()).toBe('resumed')
    expect((await heard.next()).content).toBe('two')
    fake.gateway.close(fake.bot, 4000)
    ada.send('three')
    expect(await started.next()).toBe('resumed')
    expect((await heard.next()).content).toBe('three')
    fake.gateway.settings.acknowledges = false
    ada.send('four')
    await heard.next()
    expect(await started.next()).toBe('resumed')
    fake.gateway.settings.acknowledges = true
    expect(heard.all.map(({ content }) => content)).toEqual(['one', 'two', 'three', 'four'])
  })

  it('starts a session anew when it does not know the old one', async () => {
    const { started } = await connect()
    await started.next()
    fake.gateway.invalidate(fake.bot, true)
    expect(await started.next()).toBe('resumed')
    fake.gateway.invalidate(fake.bot, false)
    expect(await started.next()).toBe('ready')
    fake.gateway.forgetSessions(fake.bot)
    fake.gateway.close(fake.bot, 4000)
    expect(await started.next()).toBe('ready')
  })

  it('closes with 4004 for a wrong token and 4014 for an intent that is switched off', async () => {
    const wrong = await connect({ token: 'x.y.z' })
    expect(await wrong.closed.next()).toBe(4004)
    fake.bot.messageContent = false
    const refused = await connect()
    expect(await refused.closed.next()).toBe(4014)
    const { heard, started } = await connect({ intents: GatewayIntentBits.GuildMessages | GatewayIntentBits.DirectMessages })
    await started.next()
    const ada = fake.user('ada')
    ada.send('hidden', { channel: fake.guild('Team').channel })
    expect((await heard.next()).content).toBe('')
    ada.send('to you', { channel: fake.guild('Other').channel, mentions: [fake.bot.user] })
    expect((await heard.next()).content).toBe('to you')
    ada.send('directly')
    expect((await heard.next()).content).toBe('directly')
  })

  it('sends only what the intents ask for', async () => {
    const { heard, started } = await connect({ intents: GatewayIntentBits.GuildMessages })
    await started.next()
    const ada = fake.user('ada')
    ada.send('directly')
    ada.send('in public', { channel: fake.guild('Team').channel })
    expect((await heard.next()).content).toBe('')
    expect(heard.all).toHaveLength(1)
  })

  it('pages through history from the oldest after an id, newest first', async () => {
    const ada = fake.user('ada')
    const sent = Array.from({ length: 120 }, (_, number) => ada.send(`message ${number}`))
    const channelId = sent[0]?.channel_id ?? ''
    const page = await api.channels.getMessages(channelId, { after: sent[9]?.id ?? '', limit: 100 })
    expect(page.map(({ id }) => id)).toEqual(
      sent
        .slice(10, 110)
        .map(({ id }) => id)
        .reverse(),
    )
    expect((await api.channels.getMessages(channelId, { limit: 2 })).map(({ content }) => content)).toEqual([
      'message 119',
      'message 118',
    ])
  })

  it('tells a bot who it is and where', async () => {
    const guild = fake.guild('Team')
    const thread = guild.addThread('A thread')
    expect((await api.users.getCurrent()).id).toBe(fake.bot.user.id)
    expect((await api.applications.getCurrent()).verify_key).toBe(fake.bot.application.verify_key)
    expect((await api.users.getGuilds()).map(({ id }) => id)).toEqual([guild.id])
    expect((await api.guilds.getChannels(guild.id)).map(({ id }) => id)).toEqual([guild.channel.id])
    expect((await api.guilds.getActiveThreads(guild.id)).threads.map(({ id }) => id)).toEqual([thread.id])
    const ada = fake.user('ada')
    expect((await api.users.createDM(ada.id)).id).toBe(ada.direct().id)
  })

  it('takes uploads and gives files back byte for byte, until their address ends', async () => {
    const ada = fake.user('ada')
    const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255])
    const { attachments, channel_id } = ada.sendFile({ filename: 'a b.png', bytes, contentType: 'image/png' })
    await api.channels.createMessage(channel_id, { files: [{ name: 'c.bin', data: bytes, contentType: 'application/x-c' }] })
    expect((await fake.nextSent()).file).toEqual({ filename: 'c.bin', contentType: 'application/x-c', bytes })
    const answer = await fetch(attachments[0]?.url ?? '')
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes)
    fake.expireFiles()
    expect((await fetch(attachments[0]?.url ?? '')).status).toBe(403)
    const again = (await api.channels.getMessages(channel_id, { after: '0' })).at(-1)
    expect((await fetch(again?.attachments[0]?.url ?? '')).status).toBe(200)
  })

  it('makes one message of the same nonce', async () => {
    const { channel_id } = fake.user('ada').send('hi')
    const body = { content: 'once', nonce: 'n1', enforce_nonce: true }
    fake.faults.next('POST /channels/:channelId/messages', { kind: 'dropAfterAccept' })
    await expect(api.channels.createMessage(channel_id, body)).rejects.toThrow()
    const made = await api.channels.createMessage(channel_id, body)
    expect(fake.sent).toHaveLength(1)
    expect(fake.sent[0]?.messageId).toBe(made.id)
    expect((await api.channels.createMessage(channel_id, { content: 'once', nonce: 'n1' })).id).not.toBe(made.id)
  })

  it('refuses what the real one refuses', async () => {
    const { channel_id } = fake.user('ada').send('hi')
    const refused = (call: Promise<unknown>, status: number, code: number) =>
      expect(call).rejects.toMatchObject({ status, code } satisfies Partial<DiscordAPIError>)
    await refused(api.channels.createMessage(channel_id, { content: 'x'.repeat(2001) }), 400, 50035)
    await api.channels.createMessage(channel_id, { content: 'x'.repeat(2000) })
    await refused(api.channels.createMessage(channel_id, { content: ' ' }), 400, 50006)
    await refused(api.channels.createMessage(channel_id, { content: 'x', nonce: 'n'.repeat(26), enforce_nonce: true }), 400, 50035)
    await refused(api.channels.createMessage('4711', { content: 'x' }), 404, 10003)
    await refused(api.channels.createMessage(channel_id, { content: 'x', message_reference: { message_id: '1' } }), 400, 50035)
    await api.channels.createMessage(channel_id, {
      content: 'x',
      message_reference: { message_id: '1', fail_if_not_exists: false },
    })
    const stranger = new API(new REST({ api: fake.apiRoot, ...viaFetch }).setToken('x.y.z'))
    await refused(stranger.users.getCurrent(), 401, 0)
  })

  it('counts calls in buckets and says how long to wait', async () => {
    const { channel_id } = fake.user('ada').send('hi')
    const route = 'POST /channels/:channelId/messages'
    fake.limit(route, { limit: 1, windowMs: 300 })
    const started = Date.now()
    await api.channels.createMessage(channel_id, { content: 'one' })
    await api.channels.createMessage(channel_id, { content: 'two' })
    expect(Date.now() - started).toBeGreaterThanOrEqual(250)
    const eager = new REST({ api: fake.apiRoot, ...viaFetch, rejectOnRateLimit: () => true }).setToken(fake.bot.token)
    await expect(new API(eager).channels.createMessage(channel_id, { content: 'three' })).rejects.toMatchObject({ scope: 'user' })
    fake.faults.next(route, { kind: 'refuse', status: 429, message: 'You are being rate limited.', retryAfter: 2, global: true })
    const other = new REST({ api: fake.apiRoot, ...viaFetch, rejectOnRateLimit: () => true }).setToken(fake.bot.token)
    await expect(new API(other).channels.createMessage(channel_id, { content: 'x' })).rejects.toMatchObject({ global: true })
  })

  it('signs interactions so that Discord’s own library takes them, and nobody else’s', async () => {
    const ada = fake.user('ada')
    const { raw, headers } = fake.signed(fake.interaction(ada, ada.direct(), act.command('ask', { q: 'why?' })))
    const signature = headers['X-Signature-Ed25519'] ?? ''
    const timestamp = headers['X-Signature-Timestamp'] ?? ''
    expect(await verifyKey(raw, signature, timestamp, fake.bot.application.verify_key)).toBe(true)
    expect(await verifyKey(`${raw} `, signature, timestamp, fake.bot.application.verify_key)).toBe(false)
    expect(await verifyKey(raw, signature, timestamp, fake.addBot('other').application.verify_key)).toBe(false)
  })

  it('takes answers by an interaction’s token until it ends', async () => {
    const ada = fake.user('ada')
    const interaction = fake.interaction(ada, ada.direct(), act.command('ask'))
    await api.interactions.defer(interaction.id, interaction.token)
    expect(await fake.bot.callbacks.next()).toMatchObject({ interactionId: interaction.id, body: { type: 5 } })
    await api.interactions.followUp(fake.bot.application.id, interaction.token, { content: 'because' })
    expect(await fake.nextSent()).toMatchObject({ by: 'interaction', content: 'because', channelId: ada.direct().id })
    fake.expire(interaction)
    await expect(api.interactions.followUp(fake.bot.application.id, interaction.token, { content: 'late' })).rejects.toMatchObject({
      status: 401,
      code: 50027,
    })
    await expect(api.interactions.followUp(fake.bot.application.id, 'unknown', { content: 'x' })).rejects.toMatchObject({
      code: 10015,
    })
  })
})

/** The library’s own HTTP client takes the sockets of whatever newer version of it another file loaded, and then uploads can hang. */
const viaFetch = { makeRequest: fetch as unknown as RESTOptions['makeRequest'] }

/** A bot may sign in every five seconds; here nobody else does. */
const atOnce: Pick<WebSocketManagerOptions, 'buildIdentifyThrottler'> = {
  buildIdentifyThrottler: () => ({ waitForIdentify: async () => undefined }),
}

/** The sessions of one client, instead of the library's store for all of them. */
function sessionStore(): Pick<WebSocketManagerOptions, 'retrieveSessionInfo' | 'updateSessionInfo'> {
  let session: SessionInfo | null = null
  return {
    retrieveSessionInfo: () => session,
    updateSessionInfo(_shard, info) {
      session = info
    },
  }
}
