import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { botRegisteredSchema } from '#protocol/http.ts'
import { type SlackRelay, startSlackRelay } from '../fakes/slack/relay.ts'

describe('registering a Slack app', () => {
  let at: SlackRelay

  beforeEach(async () => {
    at = await startSlackRelay()
  })
  afterEach(() => at.close())

  it('relay:SL1 checks both tokens and answers with everything needed to pair', async () => {
    const answer = await at.register({ name: 'work', agentId: 'ada' })
    expect(answer.status).toBe(201)
    const { channelId, botUsername, pairingCode, pairingUrl, pairingExpiresAt, mode } = botRegisteredSchema.parse(answer.json)
    const { appId, teamId } = at.slack.app
    expect({ botUsername, mode }).toEqual({ botUsername: 'adabot', mode: 'socket' })
    expect(pairingUrl).toBe(`https://slack.com/app_redirect?app=${appId}&team=${teamId}`)
    expect(Date.parse(pairingExpiresAt) - Date.now()).toBeGreaterThan(14 * 60_000)
    expect(await at.channel(channelId)).toMatchObject({
      type: 'slack',
      name: 'work',
      agentId: 'ada',
      direction: 'bidirectional',
      metadata: { botUsername: 'adabot', botUrl: pairingUrl, pairingCode, allowedUsers: [] },
    })
    expect((await at.client.get('/health')).json.features).toContain('slack')
  })

  it('relay:CH6, STO2 nobody sees a token or a secret again', async () => {
    await at.register({ signingSecret: at.slack.app.signingSecret })
    const { text } = await at.client.get('/channels')
    for (const secret of [at.slack.app.botToken, at.slack.app.appToken, at.slack.app.signingSecret, 'xoxb', 'xapp'])
      expect(text).not.toContain(secret)
  })

  it('relay:SL1 refuses what is no token without asking Slack', async () => {
    for (const botToken of [undefined, '', null, 7, 'with space', '../../etc', 'a/b', 'x'.repeat(600), { a: 1 }]) {
      const answer = await at.register({ botToken })
      expect([answer.status, answer.json.error]).toEqual([400, 'Missing or invalid botToken'])
    }
    for (const body of [{ appToken: 'a b' }, { appToken: 7 }, { signingSecret: 'no!' }, { name: 7 }, { name: 'x'.repeat(101) }])
      expect([(await at.register(body)).status, (await at.register(body)).json.code]).toEqual([400, 'invalid_field'])
    expect(at.slack.app.calls.all).toEqual([])
  })

  it.each([
    ['an unknown bot token', { botToken: 'xoxb-unknown' }, /does not know this bot token/],
    ['an unknown app-level token', { appToken: 'xapp-1-unknown' }, /does not know this app-level token/],
  ])('relay:SL1 %s is provider_rejected', async (_, body, sentence) => {
    const answer = await at.register(body)
    expect([answer.status, answer.json.code]).toEqual([400, 'provider_rejected'])
    expect(answer.json.error).toMatch(/^Slack registration failed: /)
    expect(answer.json.error).toMatch(sentence)
    expect(answer.text).not.toContain('unknown')
  })

  it('relay:SL1 tokens in the wrong places, and of two apps, are told apart', async () => {
    const { botToken, appToken } = at.slack.app
    expect((await at.register({ botToken: appToken })).json.error).toMatch(/This is not a bot token/)
    expect((await at.register({ appToken: botToken })).json.error).toMatch(/This is not an app-level token/)
    const other = at.slack.addApp('other', at.slack.app.teamId)
    expect((await at.register({ appToken: other.appToken })).json.error).toMatch(/different apps/)
    expect((await at.client.get('/channels')).json.channels).toEqual([])
  })

  it('relay:SL1 an app without the permissions to pair is refused, and they are named', async () => {
    at.slack.app.scopes = ['chat:write']
    const answer = await at.register()
    expect([answer.status, answer.json.code]).toEqual([400, 'provider_rejected'])
    expect(answer.json.error).toContain('The app lacks im:history')
  })

  it('relay:SL1 without an answer it is provider_unreachable, asked to slow down it says so', async () => {
    at.slack.faults.next('auth.test', { kind: 'hangUp' })
    const gone = await at.register()
    expect([gone.status, gone.json.code]).toEqual([400, 'provider_unreachable'])
    expect(gone.json.error).toMatch(/^Slack registration failed: /)
    at.slack.faults.next('auth.test', { kind: 'rateLimit' })
    expect((await at.register()).json.error).toMatch(/slow down/)
    at.slack.faults.next('apps.connections.open', { kind: 'http', status: 502 })
    expect((await at.register()).json.code).toBe('provider_unreachable')
  })

  it('relay:SL1 a server that is not Slack is told apart', async () => {
    const answers = ['{"ok":true}', '<html>hello</html>', '']
    const server = createServer((_request, response) => response.end(answers.shift()))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      await at.relay.restart({ CHAOS_SLACK_API_ROOT: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
      for (let answers = 0; answers < 3; answers++) {
        const answer = await at.register()
        expect([answer.status, answer.json.code]).toEqual([400, 'provider_unreachable'])
      }
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  it('relay:SL1 without an app-level token it takes a signing secret and a public https address', async () => {
    const { signingSecret } = at.slack.app
    for (const body of [{ appToken: undefined }, { appToken: undefined, signingSecret }]) {
      const answer = await at.register(body)
      expect([answer.status, answer.json.code]).toEqual([400, 'slack_needs_app_token'])
    }
    const root = { CHAOS_SLACK_API_ROOT: at.slack.apiRoot }
    await at.relay.restart({ ...root, CHAOS_PUBLIC_URL: 'http://relay.example' })
    expect((await at.register({ appToken: undefined, signingSecret })).json.code).toBe('slack_needs_app_token')
    await at.relay.restart({ ...root, CHAOS_PUBLIC_URL: 'https://relay.example/r' })
    expect((await at.register({ appToken: undefined })).json.code).toBe('slack_needs_app_token')
    const { status, json } = await at.register({ appToken: undefined, signingSecret })
    expect([status, json.mode, json.inboundUrl]).toEqual([201, 'events', `https://relay.example/r/slack/${json.channelId}`])
    expect((await at.channel(json.channelId)).inboundUrl).toBe(json.inboundUrl)
    expect(at.slack.sockets.count()).toBe(0)
  })

  it('relay:TG2 an own app keeps its channel and gets a new code', async () => {
    const first = await at.register({ name: 'One' })
    const again = await at.register({ name: 'Two' })
    expect([again.status, again.json.channelId]).toEqual([200, first.json.channelId])
    expect(again.json.pairingCode).not.toBe(first.json.pairingCode)
    const { json } = await at.client.get('/channels')
    expect(json.channels).toHaveLength(1)
    expect(json.channels[0]).toMatchObject({ name: 'Two', metadata: { pairingCode: again.json.pairingCode } })
  })

  it('relay:TG2 many registrations of one app at once make one channel and one connection', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => at.register()))
    expect(new Set(answers.map(({ json }) => json.channelId)).size).toBe(1)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    const user = at.slack.user('Ada')
    user.send((await at.channel(answers[0]?.json.channelId)).metadata.pairingCode)
    await at.slack.nextSent()
    expect(at.slack.sockets.count()).toBe(1)
  })

  it("relay:TG2 an app on another session's channel is refused, and that channel is untouched", async () => {
    const first = await at.register()
    const other = await at.relay.client()
    const refused = await at.register({}, other)
    expect([refused.status, refused.json.code]).toEqual([409, 'bot_in_use'])
    expect(refused.text).not.toContain(first.json.channelId)
    expect((await at.channel(first.json.channelId)).metadata.pairingCode).toBe(first.json.pairingCode)
    await at.client.del(`/channels/${first.json.channelId}`)
    expect((await at.register({}, other)).status).toBe(201)
  })

  it('relay:CH11 the app installed anew, with its new bot token alone, is the same channel with its people', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    at.slack.emit({ type: 'tokens_revoked', tokens: { oauth: [], bot: [at.slack.app.botUserId] } })
    const botToken = at.slack.renewToken()
    const update = await inbox.socket.nextOf('channel_update')
    expect(update.channel.status).toMatchObject({ state: 'auth_failed', detail: expect.stringContaining('Install the app again') })
    const repaired = await at.register({ botToken, appToken: undefined })
    expect([repaired.status, repaired.json.channelId]).toEqual([200, channelId])
    user.send('still here?')
    expect((await inbox.next()).content).toBe('still here?')
    expect((await at.channel(channelId)).status.state).toBe('ok')
  })
})
