import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DiscordRelay, startDiscordRelay } from '../fakes/discord/relay.ts'

describe('somebody who writes on Discord', () => {
  let at: DiscordRelay
  beforeEach(async () => {
    at = await startDiscordRelay()
  })
  afterEach(() => at.close())

  it('relay:TPS1 is told to the open sockets, with the conversation, and never stored', async () => {
    const { user, channelId } = await at.paired()
    const inbox = await at.inbox()
    const { channel_id: discordChannelId } = user.send('hello')
    await inbox.next()
    user.startTyping()
    expect(await inbox.socket.nextOf('typing')).toEqual({
      type: 'typing',
      channelId,
      channelType: 'discord',
      metadata: { discordChannelId },
    })
    expect(await at.messages()).toHaveLength(1)
  })

  it('relay:TPS1 is nobody’s business where nothing was written yet, of a stranger, or in a server where only mentions count', async () => {
    const { user, channelId } = await at.paired()
    const { channel } = at.discord.guild('Team')
    const { channel: other } = at.discord.guild('Other')
    const inbox = await at.inbox()
    const { channel_id: home } = user.send('hello')
    user.send('hello all', { channel })
    await inbox.next()
    await inbox.next()
    const stranger = at.discord.user('mallory')
    stranger.startTyping(channel)
    user.startTyping(other)
    user.startTyping(channel)
    expect((await inbox.socket.nextOf('typing')).metadata).toEqual({ discordChannelId: channel.id })
    await at.client.patch(`/channels/${channelId}`, { metadata: { mentionOnly: true } })
    user.startTyping(channel)
    user.startTyping()
    expect((await inbox.socket.nextOf('typing')).metadata).toEqual({ discordChannelId: home })
  })
})
