import { verifyKey } from 'discord-interactions'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Act, act } from '../fakes/discord/interactions.ts'
import type { FakeChannel } from '../fakes/discord/model.ts'
import { type DiscordRelay, startDiscordRelay } from '../fakes/discord/relay.ts'
import { createFakeClock } from '../support/fakeClock.ts'
import { send } from '../support/http.ts'
import { mutations } from '../support/mutations.ts'

type Paired = Awaited<ReturnType<DiscordRelay['paired']>>

describe('interactions with a Discord bot', () => {
  let at: DiscordRelay
  let ada: Paired['user']
  let channelId: string
  let inboundUrl: string

  async function start(options: Parameters<typeof startDiscordRelay>[0] = {}) {
    at = await startDiscordRelay(options)
    const paired = await at.paired()
    ada = paired.user
    channelId = paired.channelId
    inboundUrl = paired.inboundUrl
  }

  beforeEach(() => start())
  afterEach(() => at.close())

  const post = (headers: Record<string, string>, body: string, target = `/discord/${channelId}`) =>
    send(at.relay.url, target, { method: 'POST', headers, body })

  function interact(what: Act, { user = ada, channel = ada.direct() }: { user?: Paired['user']; channel?: FakeChannel } = {}) {
    const interaction = at.discord.interaction(user, channel, what)
    const { headers, raw } = at.discord.signed(interaction)
    return { interaction, answer: post(headers, raw) }
  }

  const withSecret = (body: unknown) => {
    const { pathname, search } = new URL(inboundUrl)
    return post({ 'Content-Type': 'application/json' }, JSON.stringify(body), pathname + search)
  }

  it('relay:DC6 a PING is answered, in full as Discord sends it and as somebody tries it by hand', async () => {
    expect((await interact(act.ping()).answer).json).toEqual({ type: 1 })
    const { headers, raw } = at.discord.signed({ type: 1 })
    expect((await post(headers, raw)).json).toEqual({ type: 1 })
    const nothing = at.discord.signed({ type: 2 })
    const refused = await post(nothing.headers, nothing.raw)
    expect([refused.status, refused.json.code]).toEqual([400, 'invalid_body'])
  })

  it('relay:DC6, CUR11 a command is stored, then deferred; a button and a choice are stored, then acknowledged', async () => {
    const { id: guildId, channel } = at.discord.guild('Team')
    const inbox = await at.inbox()
    const command = interact(act.command('ask', { question: 'why?', times: 2 }), { channel })
    expect((await command.answer).json).toEqual({ type: 5 })
    const message = await inbox.next()
    expect(message).toMatchObject({
      from: 'ada',
      content: '/ask question:why? times:2',
      metadata: { discordChannelId: channel.id, senderId: ada.id, guildId, interactionId: command.interaction.id },
    })
    expect(JSON.stringify(message)).not.toContain(command.interaction.token)
    expect((await interact(act.press('approve')).answer).json).toEqual({ type: 6 })
    expect(await inbox.next()).toMatchObject({ content: 'approve', metadata: { discordChannelId: ada.direct().id } })
    expect((await interact(act.choose('colour', ['red', 'blue'])).answer).json).toEqual({ type: 6 })
    expect((await inbox.next()).content).toBe('red, blue')
    expect((await interact(act.submit('form', { name: 'Ada', wish: 'rest' })).answer).json).toEqual({ type: 5 })
    expect((await inbox.next()).content).toBe('Ada\nrest')
    expect((await interact(act.complete('ask')).answer).json).toEqual({ type: 8, data: { choices: [] } })
    expect(await at.messages()).toHaveLength(4)
  })

  it('relay:DC6, PAIR6 somebody else is refused to their eyes only, every time, and counted', async () => {
    const eve = at.discord.user('eve')
    const { channel } = at.discord.guild('Team')
    for (const what of [act.command('ask'), act.press('approve')]) {
      const { json } = await interact(what, { user: eve, channel }).answer
      expect(json).toEqual({ type: 4, data: { content: expect.stringMatching(/^You are not authorised/), flags: 64 } })
    }
    expect(await at.messages()).toEqual([])
    expect((await at.channel(channelId)).status.rejected).toBe(2)
  })

  it('relay:DC6, DUR2 an interaction that is delivered again gets the first answer and is stored once', async () => {
    const { interaction, answer } = interact(act.command('ask'))
    expect((await answer).json).toEqual({ type: 5 })
    const again = at.discord.signed(interaction, '1')
    expect((await post(again.headers, again.raw)).json).toEqual({ type: 5 })
    expect(await at.messages()).toHaveLength(1)
  })

  it('relay:DC6 what Discord does not sign is refused, even with the secret: Discord itself tries that', async () => {
    const { headers, raw } = at.discord.signed(at.discord.interaction(ada, ada.direct(), act.command('ask')))
    const { pathname, search } = new URL(inboundUrl)
    const forged = { ...headers, 'X-Signature-Ed25519': '0'.repeat(128) }
    for (const target of [pathname, pathname + search]) {
      const refused = await post(forged, raw, target)
      expect([refused.status, refused.json.code]).toEqual([401, 'bad_signature'])
      const unsigned = await post({ 'X-Signature-Timestamp': '1' }, raw, target)
      expect([unsigned.status, unsigned.json.code]).toEqual([401, 'bad_signature'])
    }
    expect((await post(headers, raw, pathname + search)).json).toEqual({ type: 5 })
    const other = await at.register({ botToken: at.discord.addBot('other').token })
    expect((await post(headers, raw, `/discord/${other.json.channelId}`)).status).toBe(401)
  })

  it('relay:DC6 of 1,000 mutated interactions none is accepted; Discord’s own library agrees', async () => {
    await at.relay.restart({
      CHAOS_DISCORD_API_ROOT: at.discord.apiRoot,
      CHAOS_RATE_LIMITS: JSON.stringify({ inboundAuthFail: { limit: 0, windowSec: 60 }, inbound: { limit: 0, windowSec: 60 } }),
    })
    const { headers, raw } = at.discord.signed(at.discord.interaction(ada, ada.direct(), act.command('ask')))
    const original = { signature: headers['X-Signature-Ed25519'] ?? '', timestamp: headers['X-Signature-Timestamp'] ?? '', raw }
    const accepted: unknown[] = []
    let tried = 0
    for (const forged of mutations(original, 1_000, 47)) {
      // Hex in capitals is the same signature, and both libraries say so.
      if (forged.signature.toLowerCase() === original.signature && forged.raw === raw && forged.timestamp === original.timestamp)
        continue
      tried += 1
      const given = { 'X-Signature-Ed25519': forged.signature, 'X-Signature-Timestamp': forged.timestamp }
      const { status } = await post(given, forged.raw)
      if (status !== 401) accepted.push({ status, forged })
      // Of hex that is none the library makes the best.
      if (!/^[0-9a-f]{128}$/i.test(forged.signature)) continue
      expect(await verifyKey(forged.raw, forged.signature, forged.timestamp, at.discord.bot.application.verify_key)).toBe(false)
    }
    expect(accepted).toEqual([])
    expect(tried).toBeGreaterThan(900)
    expect(await at.messages()).toEqual([])
    expect((await post(headers, raw)).json).toEqual({ type: 5 })
  }, 60_000)

  it('relay:RL4 wrong signatures use up nobody’s share of the channel', async () => {
    const forged = { 'X-Signature-Ed25519': '0'.repeat(128), 'X-Signature-Timestamp': '1' }
    const statuses = new Set<number>()
    for (let time = 0; time < 65; time++) statuses.add((await post(forged, '{}')).status)
    expect([...statuses]).toEqual([401, 429])
    expect((await interact(act.command('ask')).answer).json).toEqual({ type: 5 })
  })

  it('relay:RL4 what is posted to one channel has its limit, interactions and forwarded messages together', async () => {
    const statuses = new Set<number>()
    for (let time = 0; time < 61; time++) statuses.add((await withSecret({ type: 1 })).status)
    expect([...statuses]).toEqual([200, 429])
    expect((await interact(act.ping()).answer).status).toBe(429)
  })

  it('relay:DC7 messages are forwarded with the secret: at the top, inside of "message" or "d"', async () => {
    const inbox = await at.inbox()
    const author = { id: ada.id, username: 'ada' }
    const message = (id: string, content: string) => ({ id, channel_id: '77', author, content })
    for (const [body, content] of [
      [message('1', 'top'), 'top'],
      [{ message: message('2', 'inside') }, 'inside'],
      [{ op: 0, t: 'MESSAGE_CREATE', s: 4, d: message('3', 'event') }, 'event'],
      [{ message: { ...message('4', 'numbers'), id: 4, channel_id: 77, author: { ...author, id: ada.id } } }, 'numbers'],
    ] as const) {
      const { status, json } = await withSecret(body)
      const stored = await inbox.next()
      expect([status, json]).toEqual([200, { ok: true, messageId: stored.id }])
      expect(stored).toMatchObject({ content, metadata: { discordChannelId: '77', senderId: ada.id } })
    }
    const edited = { t: 'MESSAGE_UPDATE', d: { ...message('3', 'edited'), edited_timestamp: new Date().toISOString() } }
    await withSecret(edited)
    expect(await inbox.next()).toMatchObject({ content: 'edited', metadata: { edited: true } })
    expect((await withSecret({ type: 1 })).json).toEqual({ type: 1 })
    for (const body of [
      {},
      { t: 'TYPING_START', d: {} },
      { t: 'MESSAGE_POLL_VOTE_ADD', d: message('9', 'no message') },
      message('5', ''),
      { message: { ...message('6', 'x'), author: { id: '1' } } },
    ])
      expect((await withSecret(body)).json).toEqual({ ok: true })
    const first = await withSecret(message('1', 'again'))
    expect(first.json.messageId).toBe((await at.messages())[0].id)
    expect(await at.messages()).toHaveLength(5)
  })

  it('relay:DC7, DUR2 a message that comes by the Gateway and is forwarded too is stored once', async () => {
    const inbox = await at.inbox()
    const sent = ada.send('twice on its way')
    const { id } = await inbox.next()
    expect((await withSecret({ message: sent })).json).toEqual({ ok: true, messageId: id })
  })

  it('relay:DC7 neither proof, a wrong secret, an unknown or another channel, a switched off one', async () => {
    const { pathname } = new URL(inboundUrl)
    const hook = (await at.client.post('/channels', {})).json.channel.id
    for (const [target, status, code] of [
      [pathname, 401, 'invalid_token'],
      [`${pathname}?secret=`, 401, 'invalid_token'],
      [`${pathname}?secret=wrong`, 401, 'invalid_token'],
      ['/discord/unknown?secret=x', 404, 'unknown_channel'],
      [`/discord/${hook}?secret=x`, 400, 'wrong_channel_type'],
    ] as const) {
      const answer = await post({}, '{"type":1}', target)
      expect([answer.status, answer.json.code], target).toEqual([status, code])
    }
    expect((await withSecret('text')).status).toBe(400)
    await at.client.patch(`/channels/${channelId}`, { enabled: false })
    expect((await withSecret({ type: 1 })).status).toBe(403)
    expect((await interact(act.ping()).answer).status).toBe(403)
  })

  it('relay:DC8 a reply to a command goes by its token, each part of it; without one it goes to the channel', async () => {
    const { channel } = at.discord.guild('Team')
    const inbox = await at.inbox()
    const { interaction, answer } = interact(act.command('ask'), { channel })
    await answer
    const message = await inbox.next()
    await at.client.post('/reply', { channelId, content: 'because', replyTo: message.id })
    expect(await at.discord.nextSent()).toMatchObject({
      by: 'interaction',
      channelId: channel.id,
      content: 'because',
      replyTo: undefined,
    })
    expect((await inbox.settled()).state).toBe('sent')
    const words = Array.from({ length: 600 }, (_, number) => `word${number}`).join(' ')
    await at.client.post('/reply', { channelId, content: words })
    const parts = [await at.discord.nextSent(), await at.discord.nextSent(), await at.discord.nextSent()]
    expect(parts.map(({ by }) => by)).toEqual(['interaction', 'interaction', 'interaction'])
    expect(parts.map(({ content }) => content).join(' ')).toBe(words)
    at.discord.expire(interaction)
    await at.client.post('/reply', { channelId, content: 'late', replyTo: message.id })
    expect(await at.discord.nextSent()).toMatchObject({ by: 'channel', channelId: channel.id, content: 'late', replyTo: undefined })
    const direct = ada.direct().id
    ada.send('hello')
    await inbox.next()
    const second = interact(act.command('again'), { channel })
    await second.answer
    const { id: replyTo } = await inbox.next()
    await at.client.post('/reply', { channelId, content: 'privately', replyTo, metadata: { discordChannelId: direct } })
    expect(await at.discord.nextSent()).toMatchObject({ by: 'channel', channelId: direct, content: 'privately' })
    ada.send('just talking', { channel })
    await inbox.next()
    await at.client.post('/reply', { channelId, content: 'to that' })
    expect(await at.discord.nextSent()).toMatchObject({ by: 'channel', content: 'to that' })
  })

  it('relay:DC8 a token is used for fifteen minutes, also after a restart', async () => {
    await at.close()
    const clock = createFakeClock(Date.now())
    await start({ clock })
    const inbox = await at.inbox()
    await interact(act.command('ask')).answer
    const message = await inbox.next()
    await at.relay.restart()
    const say = (content: string) => at.client.post('/reply', { channelId, content, replyTo: message.id })
    await say('at once')
    expect((await at.discord.nextSent()).by).toBe('interaction')
    await clock.advance(14 * 60_000)
    await say('in time')
    expect((await at.discord.nextSent()).by).toBe('interaction')
    await clock.advance(60_000)
    await say('late')
    expect(await at.discord.nextSent()).toMatchObject({ by: 'channel', content: 'late' })
  })

  it('relay:REP9 an answer by token whose outcome is not known may be there twice, and the owner is told so', async () => {
    const inbox = await at.inbox()
    await interact(act.command('ask')).answer
    const message = await inbox.next()
    at.discord.faults.next('POST /webhooks/:applicationId/:token', { kind: 'dropAfterAccept' })
    await at.client.post('/reply', { channelId, content: 'because', replyTo: message.id })
    const status = await inbox.settled()
    expect(status).toMatchObject({ state: 'sent', reason: expect.stringContaining('twice') })
  })

  it('relay:DC6 interactions also come by the Gateway, where no endpoint is set, and are answered there', async () => {
    const inbox = await at.inbox()
    const interaction = at.discord.interaction(ada, ada.direct(), act.command('ask', { q: 'by gateway' }))
    at.discord.dispatchInteraction(interaction)
    const message = await inbox.next()
    expect(message.content).toBe('/ask q:by gateway')
    expect(await at.discord.bot.callbacks.next()).toEqual({ interactionId: interaction.id, body: { type: 5 } })
    await at.client.post('/reply', { channelId, content: 'heard', replyTo: message.id })
    expect(await at.discord.nextSent()).toMatchObject({ by: 'interaction', content: 'heard' })
    at.discord.dispatchInteraction(at.discord.interaction(at.discord.user('eve'), ada.direct(), act.press('x')))
    expect((await at.discord.bot.callbacks.next()).body).toMatchObject({ type: 4, data: { flags: 64 } })
  })
})
