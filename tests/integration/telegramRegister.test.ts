import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { botRegisteredSchema } from '#protocol/http.ts'
import { startTelegramRelay, type TelegramRelay } from '../fakes/telegram/relay.ts'

describe('registering a Telegram bot', () => {
  let at: TelegramRelay

  beforeEach(async () => {
    at = await startTelegramRelay()
  })
  afterEach(() => at.close())

  it('relay:TG1 checks the token and answers with everything needed to pair', async () => {
    const answer = await at.register({ name: 'Family', agentId: 'ada' })
    expect(answer.status).toBe(201)
    const { channelId, botUsername, pairingCode, pairingUrl, pairingExpiresAt, mode } = botRegisteredSchema.parse(answer.json)
    expect({ botUsername, pairingUrl, mode }).toEqual({
      botUsername: 'ada_relay_bot',
      pairingUrl: `https://t.me/ada_relay_bot?start=${pairingCode}`,
      mode: 'polling',
    })
    expect(Date.parse(pairingExpiresAt) - Date.now()).toBeGreaterThan(14 * 60_000)
    expect(await at.channel(channelId)).toMatchObject({
      type: 'telegram',
      name: 'Family',
      agentId: 'ada',
      direction: 'bidirectional',
      metadata: { botUsername: 'ada_relay_bot', pairingCode, allowedUsers: [] },
    })
  })

  it('relay:CH6, STO2 nobody sees the token again', async () => {
    await at.register()
    const { text } = await at.client.get('/channels')
    expect(text).not.toContain(at.telegram.bot.token)
    expect(text).not.toContain(at.telegram.bot.token.split(':')[1])
  })

  it('relay:TG1 refuses what is no token without asking Telegram', async () => {
    for (const botToken of [undefined, '', null, 7, 'with space', '../../etc', 'a/b', 'x'.repeat(300), { a: 1 }]) {
      const answer = await at.register({ botToken })
      expect(answer.status).toBe(400)
      expect(answer.json.error).toBe('Missing or invalid botToken')
    }
    expect(at.telegram.bot.calls.all).toEqual([])
  })

  it('relay:TG1 a token Telegram refuses, in any form, is provider_rejected; no answer is provider_unreachable', async () => {
    for (const botToken of ['1234567:unknown', 'nonsense']) {
      const answer = await at.register({ botToken })
      expect([answer.status, answer.json.code]).toEqual([400, 'provider_rejected'])
      expect(answer.json.error).toMatch(/^Telegram registration failed: .+BotFather/)
      expect(answer.text).not.toContain(botToken)
    }
    at.telegram.faults.next('getMe', { kind: 'hangUp' })
    const gone = await at.register()
    expect([gone.status, gone.json.code]).toEqual([400, 'provider_unreachable'])
    expect(gone.json.error).toMatch(/^Telegram registration failed: /)
    expect((await at.client.get('/channels')).json.channels).toEqual([])
  })

  it('relay:TG1 a server that is not Telegram is told apart', async () => {
    const server = createServer((_request, response) => response.end('{"ok":true,"result":{}}'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const { port } = server.address() as AddressInfo
      await at.relay.restart({ CHAOS_TELEGRAM_API_ROOT: `http://127.0.0.1:${port}` })
      const answer = await at.register()
      expect([answer.status, answer.json.code]).toEqual([400, 'provider_unreachable'])
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  it('relay:TG2 an own bot keeps its channel and gets a new code', async () => {
    const first = await at.register({ name: 'One' })
    const again = await at.register({ name: 'Two' })
    expect(again.status).toBe(200)
    expect(again.json.channelId).toBe(first.json.channelId)
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

  it('relay:CH11 registering the bot with its new token repairs the same channel, with its people', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    const botToken = at.telegram.renewToken()
    const update = await inbox.socket.nextOf('channel_update')
    expect(update.channel.status).toMatchObject({ state: 'auth_failed', detail: expect.stringContaining('BotFather') })
    const repaired = await at.register({ botToken })
    expect([repaired.status, repaired.json.channelId]).toEqual([200, channelId])
    user.send('still here?')
    expect((await inbox.next()).content).toBe('still here?')
    expect((await at.channel(channelId)).status.state).toBe('ok')
  })

  it('relay:CH10 deleting stops the polling and removes the webhook', async () => {
    const { channelId } = await at.paired()
    const { bot } = at.telegram
    expect((await at.client.del(`/channels/${channelId}`)).status).toBe(200)
    expect(bot.calls.all.at(-1)?.method).toBe('deleteWebhook')
    while (bot.poll) await new Promise((resolve) => setImmediate(resolve))
  })

  it('relay:CH9 switched off it stops listening; switched on it takes up what waited', async () => {
    const { user, channelId } = await at.paired()
    await at.client.patch(`/channels/${channelId}`, { enabled: false })
    while (at.telegram.bot.poll) await new Promise((resolve) => setImmediate(resolve))
    user.send('while off')
    await at.client.patch(`/channels/${channelId}`, { enabled: true })
    const inbox = await at.inbox()
    expect((await inbox.next()).content).toBe('while off')
  })
})
