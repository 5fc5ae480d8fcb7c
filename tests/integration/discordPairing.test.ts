import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DiscordRelay, startDiscordRelay } from '../fakes/discord/relay.ts'

describe('pairing with a Discord bot', () => {
  let at: DiscordRelay

  beforeEach(async () => {
    at = await startDiscordRelay()
  })
  afterEach(() => at.close())

  it('relay:PAIR2, PAIR3 the code in a direct message pairs; nothing of it is stored', async () => {
    const { json } = await at.register()
    const inbox = await at.inbox()
    const ada = at.discord.user('ada')
    await at.discord.bot.sessionStarts.next()
    ada.send(`  ${json.pairingCode.slice(0, 4).toLowerCase()}-${json.pairingCode.slice(4)} `)
    expect(await at.discord.nextSent()).toMatchObject({
      content: expect.stringMatching(/^You are paired/),
      allowedMentions: { parse: [] },
    })
    let { channel } = await inbox.socket.nextOf('channel_update')
    while (channel.status.state !== 'ok') channel = (await inbox.socket.nextOf('channel_update')).channel
    expect(channel.metadata).toMatchObject({ allowedUsers: [ada.id] })
    expect(channel.metadata).not.toHaveProperty('pairingCode')
    ada.send('hello')
    expect((await inbox.next()).content).toBe('hello')
    expect(await at.messages()).toHaveLength(1)
  })

  it('relay:PAIR2 a code in a server, or in an edit, pairs nobody', async () => {
    const { json } = await at.register()
    await at.discord.bot.sessionStarts.next()
    const ada = at.discord.user('ada')
    const { channel } = at.discord.guild('Team')
    ada.send(json.pairingCode, { channel })
    const first = ada.send('hello')
    await at.discord.nextSent()
    ada.edit(first, json.pairingCode)
    ada.send(json.pairingCode)
    expect((await at.discord.nextSent()).content).toMatch(/^You are paired/)
    expect((await at.channel(json.channelId)).status.rejected).toBe(3)
  })

  it('relay:PAIR4, PAIR6 strangers are told once, servers never; the fifth wrong code ends it', async () => {
    const { json } = await at.register()
    await at.discord.bot.sessionStarts.next()
    const eve = at.discord.user('eve')
    const { channel } = at.discord.guild('Team')
    eve.send('hello there', { channel })
    eve.send('hello')
    expect((await at.discord.nextSent()).content).toMatch(/^You are not authorised/)
    eve.send('hello again')
    for (let guess = 0; guess < 5; guess++) eve.send(`2222222${guess}`)
    for (let guess = 0; guess < 4; guess++) expect((await at.discord.nextSent()).content).toMatch(/^That code is not right\. Check/)
    expect((await at.discord.nextSent()).content).toMatch(/no longer valid/)
    eve.send(json.pairingCode)
    const late = at.discord.user('late')
    late.send('x')
    expect((await at.discord.nextSent()).channelId).toBe(late.direct().id)
    expect(at.discord.sent.filter(({ channelId }) => channelId === channel.id)).toEqual([])
    const { status, metadata } = await at.channel(json.channelId)
    expect(metadata.allowedUsers).toEqual([])
    expect(status).toMatchObject({ state: 'waiting_pairing', rejected: 10 })
    expect(await at.messages()).toEqual([])
  })
})
