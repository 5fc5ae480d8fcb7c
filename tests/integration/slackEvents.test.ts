import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type SlackRelay, startSlackRelay } from '../fakes/slack/relay.ts'
import { signSlackRequest } from '../fakes/slack/requestUrl.ts'
import { send } from '../support/http.ts'
import { mutations } from '../support/mutations.ts'

const PUBLIC_URL = 'https://relay.example'
const NO_LIMITS = '{"inbound":{"limit":0,"windowSec":60},"inboundAuthFail":{"limit":0,"windowSec":60}}'

describe('events that Slack posts', () => {
  let at: SlackRelay

  beforeEach(async () => {
    at = await startSlackRelay({ env: { CHAOS_PUBLIC_URL: PUBLIC_URL, CHAOS_RATE_LIMITS: NO_LIMITS } })
  })
  afterEach(() => at.close())

  /** Registered without Socket Mode; Slack posts to where the public address leads in this test. */
  async function posted() {
    const { signingSecret } = at.slack.app
    const { json } = await at.register({ appToken: undefined, signingSecret })
    const url = String(json.inboundUrl).replace(PUBLIC_URL, at.relay.url)
    return { url, channelId: String(json.channelId), pairingCode: String(json.pairingCode) }
  }
  async function pairedByPost() {
    const channel = await posted()
    at.slack.postEventsTo(channel.url)
    const user = at.slack.user('Ada')
    user.send(channel.pairingCode)
    await at.slack.nextSent()
    return { ...channel, user }
  }
  const seconds = (offset = 0) => String(Math.floor(Date.now() / 1000) + offset)
  function post(path: string, body: string, { timestamp = seconds(), secret = at.slack.app.signingSecret, ...headers } = {}) {
    const signed = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signSlackRequest(secret, timestamp, body) }
    return send(at.relay.url, path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signed, ...headers },
      body,
    })
  }

  it('relay:SL3 the challenge is returned, signed only', async () => {
    const { url, channelId } = await posted()
    expect(await at.slack.requestUrl.verify(at.slack.app, url)).toBe(true)
    expect((await at.channel(channelId)).status).toMatchObject({
      state: 'waiting_pairing',
      detail: expect.stringContaining(`Enter ${PUBLIC_URL}/slack/${channelId} as the Request URL`),
    })
    const body = JSON.stringify({ type: 'url_verification', challenge: 'x' })
    expect((await post(`/slack/${channelId}`, body, { secret: 'other' })).status).toBe(401)
  })

  it('relay:SL3, SL4, DUR1 pairing and messages come by post, mentions once', async () => {
    const { user } = await pairedByPost()
    const inbox = await at.inbox()
    user.send('by post')
    expect((await inbox.next()).content).toBe('by post')
    user.send(`<@${at.slack.app.botUserId}> look`, { in: at.slack.channel() })
    user.send('end')
    const contents = [(await inbox.next()).content, (await inbox.next()).content]
    expect(contents.sort()).toEqual(['end', 'look'])
    expect(await at.messages()).toHaveLength(3)
  })

  it('relay:DUR2 what Slack posts again gets the first answer', async () => {
    const { channelId, user } = await pairedByPost()
    user.send('once')
    await (await at.inbox()).next()
    const body = JSON.stringify(at.slack.events.at(-1))
    const repeats = await Promise.all(
      [1, 2, 3].map((attempt) => post(`/slack/${channelId}`, body, { 'x-slack-retry-num': String(attempt) } as object)),
    )
    const [message] = await at.messages()
    for (const { status, json } of repeats) expect([status, json]).toEqual([200, { ok: true, messageId: message.id }])
    expect(await at.messages()).toHaveLength(1)
  })

  it('relay:SL3 300 s either way are accepted, more is not; nothing is without a signature', async () => {
    const { channelId } = await posted()
    const path = `/slack/${channelId}`
    for (const [offset, status] of [
      [-295, 200],
      [295, 200],
      [-302, 401],
      [305, 401],
    ] as const)
      expect((await post(path, '{}', { timestamp: seconds(offset) })).status).toBe(status)
    for (const headers of [{}, { 'x-slack-signature': 'v0=00' }, { 'x-slack-request-timestamp': seconds() }]) {
      const answer = await send(at.relay.url, path, { method: 'POST', headers, body: '{}' })
      expect([answer.status, answer.json.code]).toEqual([401, 'bad_signature'])
    }
  })

  it('relay:SL3 of 1,000 changed signatures, times and bodies none is accepted', async () => {
    const { channelId, user } = await pairedByPost()
    const timestamp = seconds()
    const message = { type: 'message', channel: user.direct.id, channel_type: 'im', user: user.id, text: 'forged', ts: '1.000001' }
    const body = JSON.stringify({ type: 'event_callback', event_id: 'Ev1', team_id: at.slack.app.teamId, event: message })
    const signature = signSlackRequest(at.slack.app.signingSecret, timestamp, body)
    const seed = randomBytes(4).readUInt32LE()
    let refused = 0
    for (const changed of mutations({ timestamp, signature, body }, 1000, seed)) {
      const headers = { 'x-slack-request-timestamp': changed.timestamp, 'x-slack-signature': changed.signature }
      const answer = await send(at.relay.url, `/slack/${channelId}`, { method: 'POST', headers, body: changed.body })
      expect(answer.status, `seed ${seed}: ${JSON.stringify(changed)}`).toBe(401)
      refused += 1
    }
    expect(refused).toBe(1000)
    expect(await at.messages()).toEqual([])
    expect((await post(`/slack/${channelId}`, body, { timestamp })).json.messageId).toEqual(expect.any(String))
  }, 60_000)

  it('relay:SL3 another channel, another kind, a channel by Socket Mode alone, and one that is switched off', async () => {
    const { channelId } = await posted()
    const callback = JSON.stringify({ type: 'event_callback', event_id: 'Ev1', event: { type: 'message' } })
    expect((await post('/slack/unknown', callback)).json.code).toBe('unknown_channel')
    const hook = await at.client.post('/channels', { type: 'webhook' })
    expect((await post(`/slack/${hook.json.channel.id}`, callback)).json.code).toBe('wrong_channel_type')
    await at.client.patch(`/channels/${channelId}`, { enabled: false })
    const off = await post(`/slack/${channelId}`, callback)
    expect([off.status, off.json.code]).toEqual([403, 'channel_disabled'])
    await at.client.del(`/channels/${channelId}`)
    const bySocket = (await at.register()).json.channelId
    expect((await post(`/slack/${bySocket}`, callback)).json.code).toBe('bad_signature')
  })

  it('relay:SL3, GEN5 what is signed but no event is answered without a fault', async () => {
    const { channelId } = await posted()
    for (const [body, status] of [
      ['', 200],
      ['{}', 200],
      ['{"type":"event_callback"}', 200],
      ['{"type":"event_callback","event_id":"E","event":{"type":"message"}}', 200],
      ['{', 400],
      ['[]', 400],
      ['"x"', 400],
    ] as const)
      expect([body, (await post(`/slack/${channelId}`, body)).status]).toEqual([body, status])
  })

  it('relay:RL4 forged posts do not use up the channel’s limit', async () => {
    const limits = '{"inbound":{"limit":3,"windowSec":60},"inboundAuthFail":{"limit":5,"windowSec":60}}'
    const env = { CHAOS_SLACK_API_ROOT: at.slack.apiRoot, CHAOS_PUBLIC_URL: PUBLIC_URL, CHAOS_RATE_LIMITS: limits }
    await at.relay.restart(env)
    const { channelId } = await posted()
    const path = `/slack/${channelId}`
    const codes: number[] = []
    for (let forged = 0; forged < 7; forged++) codes.push((await post(path, '{}', { secret: 'other' })).status)
    expect(codes).toEqual([401, 401, 401, 401, 401, 429, 429])
    const genuine: number[] = []
    for (let count = 0; count < 4; count++) genuine.push((await post(path, '{}')).status)
    expect(genuine).toEqual([200, 200, 200, 429])
  })

  it('relay:CH11 a token that is taken back is told', async () => {
    const { channelId, user } = await pairedByPost()
    at.slack.app.botRefused = 'account_inactive'
    at.slack.emit({ type: 'app_uninstalled' })
    const { socket } = await at.inbox()
    while ((await at.channel(channelId)).status.state !== 'auth_failed') await socket.nextOf('channel_update')
    at.slack.app.botRefused = undefined
    const { signingSecret } = at.slack.app
    expect((await at.register({ appToken: undefined, signingSecret })).json.channelId).toBe(channelId)
    user.send('again')
    expect((await (await at.inbox()).next()).content).toBe('again')
  })

  it('relay:SL1 a relay that lost its public address says that nothing can come', async () => {
    const { channelId } = await pairedByPost()
    await at.relay.restart({ CHAOS_SLACK_API_ROOT: at.slack.apiRoot })
    const { socket } = await at.inbox()
    while ((await at.channel(channelId)).status.state !== 'degraded') await socket.nextOf('channel_update')
    expect((await at.channel(channelId)).status.detail).toMatch(/CHAOS_PUBLIC_URL is not set/)
  })
})
