import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { botRegisteredSchema } from '#protocol/http.ts'
import { type DiscordRelay, startDiscordRelay } from '../fakes/discord/relay.ts'
import { send } from '../support/http.ts'

describe('registering a Discord bot', () => {
  let at: DiscordRelay

  beforeEach(async () => {
    at = await startDiscordRelay()
  })
  afterEach(() => at.close())

  it('relay:DC1, CH6 checks the token and answers with everything needed to add the bot and to pair', async () => {
    const answer = await at.register({ name: 'Family', agentId: 'ada' })
    expect(answer.status).toBe(201)
    const registered = botRegisteredSchema.parse(answer.json)
    const { channelId, botUsername, pairingCode, pairingExpiresAt, inviteUrl = '', inboundUrl = '' } = registered
    expect(botUsername).toBe('ada_relay')
    const invite = new URL(inviteUrl)
    expect(invite.origin + invite.pathname).toBe('https://discord.com/oauth2/authorize')
    expect(Object.fromEntries(invite.searchParams)).toMatchObject({
      client_id: at.discord.bot.application.id,
      scope: 'bot applications.commands',
    })
    // View channels, send messages, also in threads, embed links, attach files, read the history.
    const rights = [10n, 11n, 38n, 14n, 15n, 16n].reduce((sum, bit) => sum | (1n << bit), 0n)
    expect(invite.searchParams.get('permissions')).toBe(String(rights))
    expect(inboundUrl).toMatch(new RegExp(`^${at.relay.url}/discord/${channelId}\\?secret=[A-Za-z0-9_-]{43}$`))
    expect(Date.parse(pairingExpiresAt) - Date.now()).toBeGreaterThan(14 * 60_000)
    expect(await at.channel(channelId)).toMatchObject({
      type: 'discord',
      name: 'Family',
      agentId: 'ada',
      direction: 'bidirectional',
      inboundUrl,
      metadata: { botUsername: 'ada_relay', inviteUrl, pairingCode, allowedUsers: [] },
    })
  })

  it('relay:CH6, STO2 nobody sees the token again', async () => {
    await at.register()
    const { text } = await at.client.get('/channels')
    for (const part of [at.discord.bot.token, ...at.discord.bot.token.split('.')]) expect(text).not.toContain(part)
  })

  it('relay:DC1 refuses what is no token without asking Discord', async () => {
    for (const botToken of [undefined, '', null, 7, 'with space', 'a/b', 'Bot x.y.z', 'ä.b.c', 'x'.repeat(300), { a: 1 }]) {
      const answer = await at.register({ botToken })
      expect(answer.status).toBe(400)
      expect(answer.json.error).toBe('Missing or invalid botToken')
    }
    expect(at.discord.bot.calls.all).toEqual([])
  })

  it('relay:DC1 a token Discord refuses is provider_rejected; no answer is provider_unreachable; both can be tried again', async () => {
    const botToken = 'MTIz.Gfake_.not-the-token-of-anybody'
    for (let time = 0; time < 2; time++) {
      const answer = await at.register({ botToken })
      expect([answer.status, answer.json.code]).toEqual([400, 'provider_rejected'])
      expect(answer.json.error).toMatch(/^Discord registration failed: .+developer portal/)
      expect(answer.text).not.toContain(botToken)
    }
    const route = 'GET /users/@me'
    for (const fault of [{ kind: 'hangUp' }, { kind: 'page', status: 502 }] as const) {
      at.discord.faults.next(route, fault)
      const gone = await at.register()
      expect([gone.status, gone.json.code]).toEqual([400, 'provider_unreachable'])
      expect(gone.json.error).toMatch(/^Discord registration failed: /)
    }
    at.discord.faults.next(route, { kind: 'refuse', status: 429, message: 'You are being rate limited.', retryAfter: 5 })
    expect((await at.register()).json.code).toBe('provider_rejected')
    expect((await at.client.get('/channels')).json.channels).toEqual([])
    expect((await at.register()).status).toBe(201)
  })

  it('relay:DC1 a server that is not Discord is told apart', async () => {
    const server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end('{"ok":true}'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const { port } = server.address() as AddressInfo
      await at.relay.restart({ CHAOS_DISCORD_API_ROOT: `http://127.0.0.1:${port}` })
      const answer = await at.register()
      expect([answer.status, answer.json.code]).toEqual([400, 'provider_unreachable'])
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  it('relay:TG2, DC1 an own bot keeps its channel and gets a new code', async () => {
    const first = await at.register({ name: 'One' })
    const again = await at.register({ name: 'Two' })
    expect(again.status).toBe(200)
    expect(again.json.channelId).toBe(first.json.channelId)
    expect(again.json.inboundUrl).toBe(first.json.inboundUrl)
    expect(again.json.pairingCode).not.toBe(first.json.pairingCode)
    const { json } = await at.client.get('/channels')
    expect(json.channels).toHaveLength(1)
    expect(json.channels[0]).toMatchObject({ name: 'Two', metadata: { pairingCode: again.json.pairingCode } })
  })

  it('relay:TG2 many registrations of one bot at once make one channel', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => at.register()))
    expect(new Set(answers.map(({ json }) => json.channelId)).size).toBe(1)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  })

  it("relay:TG2 a bot on another session's channel is refused, and that channel is untouched", async () => {
    const first = await at.register()
    const other = await at.relay.client()
    const refused = await at.register({}, other)
    expect([refused.status, refused.json.code]).toEqual([409, 'bot_in_use'])
    expect(refused.text).not.toContain(first.json.channelId)
    expect((await at.channel(first.json.channelId)).metadata.pairingCode).toBe(first.json.pairingCode)
    await at.client.del(`/channels/${first.json.channelId}`)
    expect((await at.register({}, other)).status).toBe(201)
  })

  it('relay:DC4, CH11 a token that was reset is told with its fix; registering with the new one repairs the same channel', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    const botToken = at.discord.renewToken()
    const update = await inbox.socket.nextOf('channel_update')
    expect(update.channel.status).toMatchObject({ state: 'auth_failed', detail: expect.stringContaining('Reset Token') })
    const attempts = at.discord.bot.sessionStarts.all.length
    const repaired = await at.register({ botToken })
    expect([repaired.status, repaired.json.channelId]).toEqual([200, channelId])
    await at.discord.bot.sessionStarts.next(({ kind }) => kind === 'identify')
    expect(at.discord.bot.sessionStarts.all.slice(attempts).map(({ kind }) => kind)).toEqual(['identify'])
    user.send('still here?')
    expect((await inbox.next()).content).toBe('still here?')
    expect((await at.channel(channelId)).status.state).toBe('ok')
  })

  it('relay:CH11, REP8 a reply that Discord refuses for its token sets auth_failed and fails at once', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    user.send('hi')
    await inbox.next()
    const fault = { kind: 'refuse', status: 401, message: '401: Unauthorized' } as const
    at.discord.faults.next('POST /channels/:channelId/messages', fault)
    await at.client.post('/reply', { channelId, content: 'hello?' })
    expect(await inbox.settled()).toMatchObject({ state: 'failed', reason: expect.stringContaining('Reset Token') })
    expect((await at.channel(channelId)).status.state).toBe('auth_failed')
  })

  it('relay:CH10 deleting ends the connection and the inbound URL', async () => {
    const { channelId, inboundUrl } = await at.paired()
    expect(at.discord.gateway.connections(at.discord.bot)).toBe(1)
    expect((await at.client.del(`/channels/${channelId}`)).status).toBe(200)
    while (at.discord.gateway.connections(at.discord.bot) > 0) await new Promise((resolve) => setImmediate(resolve))
    const { pathname, search } = new URL(inboundUrl)
    const gone = await send(at.relay.url, pathname + search, { method: 'POST', body: '{}' })
    expect([gone.status, gone.json.code]).toEqual([404, 'unknown_channel'])
  })

  it('relay:CH9 switched off it stops listening; switched on it takes up what waited', async () => {
    const { user, channelId } = await at.paired()
    await at.client.patch(`/channels/${channelId}`, { enabled: false })
    while (at.discord.gateway.connections(at.discord.bot) > 0) await new Promise((resolve) => setImmediate(resolve))
    user.send('while off')
    await at.client.patch(`/channels/${channelId}`, { enabled: true })
    const inbox = await at.inbox()
    expect((await inbox.next()).content).toBe('while off')
  })
})
