import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeDiscord, startFakeDiscord } from '../fakes/discord/fake.ts'
import { act } from '../fakes/discord/interactions.ts'
import { createClient } from '../support/client.ts'
import { send } from '../support/http.ts'
import { type RelayProcess, startRelayProcess } from '../support/relayProcess.ts'

describe('Discord and a relay that is killed', () => {
  let discord: FakeDiscord
  let relay: RelayProcess

  beforeEach(async () => {
    discord = await startFakeDiscord()
    relay = await startRelayProcess({ env: { CHAOS_DISCORD_API_ROOT: discord.apiRoot } })
  })
  afterEach(async () => {
    await relay.close()
    await discord.close()
  })

  async function paired() {
    const client = await createClient(relay.url)
    const { json } = await client.post('/channels/discord/register', { botToken: discord.bot.token })
    const ada = discord.user('ada')
    await discord.bot.sessionStarts.next()
    ada.send(json.pairingCode)
    await discord.nextSent()
    return { client, ada, pairingCode: json.pairingCode as string, channelId: json.channelId as string }
  }

  it.each([
    ['the session can be resumed', false],
    ['Discord has forgotten the session', true],
  ])(
    'relay:DUR4, DUR1, DUR2 every message arrives exactly once, in order, through kills at any moment, when %s',
    async (_name, forget) => {
      const { client, ada } = await paired()
      const { channel } = discord.guild('Team')
      const kills = forget ? 5 : 10
      const total = 20 * kills
      let sent = 0
      for (let kill = 0; kill < kills; kill++) {
        const starts = discord.bot.sessionStarts.all.length
        // Two conversations side by side; their messages have one order.
        for (let round = 0; round < 20; round++) ada.send(`message ${sent++}`, round % 2 ? { channel } : {})
        // A different moment each time, without looking where the relay is: during storing, pushing, or confirming.
        await new Promise((resolve) => setTimeout(resolve, kill * 3))
        await relay.kill('SIGKILL')
        if (forget) discord.gateway.forgetSessions(discord.bot)
        await relay.start()
        while (discord.bot.sessionStarts.all.length === starts) await discord.bot.sessionStarts.next()
      }
      const inbox = await client.openResumed()
      const stored = inbox.replay.filter(({ type }) => type === 'message')
      while (stored.length < total) stored.push(await inbox.nextOf('message'))
      expect(stored.map(({ message }) => message.content)).toEqual(
        Array.from({ length: total }, (_, number) => `message ${number}`),
      )
      expect(stored.map(({ message }) => message.seq)).toEqual(Array.from({ length: total }, (_, number) => number + 1))
    },
    180_000,
  )

  it('relay:LOG1 neither the token nor a code, a text or the token of an interaction is in the log', async () => {
    const { client, ada, pairingCode, channelId } = await paired()
    discord.user('eve').send('22222222')
    await discord.nextSent()
    const inbox = await client.openResumed()
    ada.send('very private words')
    const { message } = await inbox.nextOf('message')
    const create = 'POST /channels/:channelId/messages'
    discord.faults.next(create, { kind: 'refuse', status: 400, code: 50035, message: 'Something new' })
    await client.post('/reply', { channelId, content: 'equally private' })
    await inbox.nextOf('reply_status')
    const interaction = discord.interaction(ada, ada.direct(), act.command('ask', { q: 'private too' }))
    const { headers, raw } = discord.signed(interaction)
    expect((await send(relay.url, `/discord/${channelId}`, { method: 'POST', headers, body: raw })).json).toEqual({ type: 5 })
    discord.faults.next('POST /webhooks/:applicationId/:token', { kind: 'page', status: 500 })
    await client.post('/reply', { channelId, content: 'private answer', replyTo: message.id })
    discord.gateway.message(discord.bot, 'MESSAGE_CREATE', { id: { odd: 'private object' } } as never, undefined)
    const { inboundUrl } = (await client.get('/channels')).json.channels[0]
    const old = discord.bot.token
    discord.renewToken()
    for (let state = ''; state !== 'auth_failed'; ) state = (await inbox.nextOf('channel_update')).channel.status.state
    const { stdout, stderr } = await relay.kill('SIGTERM')
    const log = stdout + stderr
    const secret = new URL(inboundUrl).searchParams.get('secret')
    for (const hidden of [old, pairingCode, '22222222', 'private', interaction.token, secret]) expect(log).not.toContain(hidden)
    for (const part of old.split('.').filter(({ length }) => length > 8)) expect(log).not.toContain(part)
  })
})
