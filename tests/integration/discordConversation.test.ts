import { createServer } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DiscordRelay, startDiscordRelay } from '../fakes/discord/relay.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

describe('a Discord conversation', () => {
  let at: DiscordRelay

  beforeEach(async () => {
    at = await startDiscordRelay()
  })
  afterEach(() => at.close())

  it('relay:DC2, DC5, CUR11 a direct message reaches the socket at once, and says where it comes from', async () => {
    const { user, channelId } = await at.paired()
    await at.client.patch(`/channels/${channelId}`, { name: 'Family' })
    const inbox = await at.inbox()
    const sent = user.send('hello <you> & \u202Ethem')
    const message = await inbox.next()
    expect(message).toMatchObject({
      seq: 1,
      channelId,
      channelType: 'discord',
      from: 'ada',
      content: 'hello <you> & \uFFFDthem',
      metadata: {
        discordChannelId: sent.channel_id,
        senderId: user.id,
        messageId: sent.id,
        channelName: 'Family',
        channelDirection: 'bidirectional',
      },
    })
    expect(message.metadata).not.toHaveProperty('guildId')
    expect(message.metadata).not.toHaveProperty('edited')
  })

  it('relay:DC5, CUR11 messages in a server arrive with its id, edits as new ones', async () => {
    const { user } = await at.paired()
    const { id: guildId, channel } = at.discord.guild('Team')
    const inbox = await at.inbox()
    const sent = user.send('good morning', { channel })
    expect((await inbox.next()).metadata).toMatchObject({ guildId, discordChannelId: channel.id, messageId: sent.id })
    user.edit(sent, 'good evening')
    expect(await inbox.next()).toMatchObject({ content: 'good evening', metadata: { guildId, messageId: sent.id, edited: true } })
    user.edit(sent, 'good night')
    expect(await inbox.next()).toMatchObject({ content: 'good night', metadata: { edited: true } })
  })

  it('relay:DC5, DUR2 what Discord announces as an edit and nobody wrote is no message', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const sent = user.send('look: https://example.org')
    await inbox.next()
    user.touch(sent, { embeds: [{ title: 'A preview' }] })
    user.edit(sent, 'look')
    expect((await inbox.next()).content).toBe('look')
    user.touch(sent, { pinned: true })
    const old = user.send('of last week')
    await inbox.next()
    user.touch(old, { pinned: true, edited_timestamp: new Date(Date.now() - 8 * 24 * 60 * 60_000).toISOString() })
    user.send('next')
    expect((await inbox.next()).content).toBe('next')
    expect(await at.messages()).toHaveLength(4)
  })

  it('relay:DC5 bots, webhooks, joins and empty messages are ignored', async () => {
    const { user, channelId } = await at.paired()
    const { channel } = at.discord.guild('Team')
    const inbox = await at.inbox()
    const bot = at.discord.addBot('other')
    await at.client.patch(`/channels/${channelId}`, { allowedUsers: [user.id, bot.user.id, at.discord.bot.user.id] })
    at.discord.write(channel, { author: bot.user, content: 'I am a bot' })
    at.discord.write(channel, { author: at.discord.bot.user, content: 'it is me' })
    at.discord.write(channel, { author: user, content: 'by webhook', more: { webhook_id: '1' } })
    at.discord.write(channel, { author: user, content: 'ada', more: { type: 7 } })
    user.send('')
    user.send('at last')
    expect((await inbox.next()).content).toBe('at last')
    expect(await at.messages()).toHaveLength(1)
    expect((await at.channel(channelId)).status.rejected ?? 0).toBe(0)
  })

  it('relay:DC5 with mentionOnly a server is heard only where it speaks to the bot; direct messages always', async () => {
    const { user, channelId } = await at.paired()
    const { channel } = at.discord.guild('Team')
    const inbox = await at.inbox()
    await at.client.patch(`/channels/${channelId}`, { mentionOnly: true })
    user.send('not for you', { channel })
    user.send('hey', { channel, mentions: [at.discord.bot.user] })
    expect((await inbox.next()).content).toBe('hey')
    const own = at.discord.write(channel, { author: at.discord.bot.user, content: 'yes?' })
    user.send('an answer', { channel, replyTo: own })
    expect((await inbox.next()).content).toBe('an answer')
    const others = at.discord.write(channel, { author: at.discord.user('bob'), content: 'hm' })
    user.send('to bob', { channel, replyTo: others })
    user.send('directly')
    expect((await inbox.next()).content).toBe('directly')
    await at.client.patch(`/channels/${channelId}`, { mentionOnly: false })
    user.send('for everybody', { channel })
    expect((await inbox.next()).content).toBe('for everybody')
    expect((await at.channel(channelId)).status.rejected ?? 0).toBe(0)
  })

  it('relay:DC5 stickers, polls and what was forwarded inside Discord are shown in words', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    user.send('', { more: { sticker_items: [{ id: '1', name: 'Wave', format_type: 1 }] } })
    expect((await inbox.next()).content).toBe('[sticker Wave]')
    const answers = ['Yes', 'No'].map((text, index) => ({ answer_id: index, poll_media: { text } }))
    user.send('', { more: { poll: { question: { text: 'Lunch?' }, answers } as never } })
    expect((await inbox.next()).content).toBe('[poll Lunch? • Yes • No]')
    const snapshot = { message: { content: 'from elsewhere', attachments: [] } } as never
    user.send('', { more: { message_snapshots: [snapshot] } })
    expect((await inbox.next()).content).toBe('from elsewhere')
  })

  it('relay:ATT6, ATT2 a picture is stored before it is fetched, and read byte for byte, also after its address has ended', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const fetched = async () => {
      const message = await inbox.next()
      const path = `/messages/${message.id}/attachments/${message.attachments[0].id}`
      let answer = await at.client.get(path)
      while (answer.status === 503) answer = await at.client.get(path)
      return { message, answer }
    }
    user.sendFile({ filename: 'look.png', bytes: PNG, contentType: 'image/png', content: 'look' })
    const { message, answer } = await fetched()
    expect(message.content).toBe('look')
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/png'])
    expect(answer.bytes).toEqual(PNG)
    const sent = user.sendFile({ filename: 'late.bin', bytes: Buffer.from('late') })
    at.discord.expireFiles()
    expect((await fetched()).answer.bytes.toString()).toBe('late')
    expect(at.discord.bot.calls.all.at(-1)?.path).toBe(`/channels/${sent.channel_id}/messages/${sent.id}`)
  })

  it('relay:ATT6, ATT5 a file that is gone is gone; one from another host is never fetched', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const status = async () => {
      const message = await inbox.next()
      const path = `/messages/${message.id}/attachments/${message.attachments[0].id}`
      let answer = await at.client.get(path)
      while (answer.status === 503) answer = await at.client.get(path)
      return answer.status
    }
    const missing = {
      id: '1',
      filename: 'x',
      size: 1,
      url: `${new URL(at.discord.apiRoot).origin}/attachments/1/x?ex=ff`,
      proxy_url: '',
    }
    user.send('where is it?', { more: { attachments: [missing] } })
    expect(await status()).toBe(410)
    let canary = 0
    const server = createServer((_request, response) => response.end(String(canary++)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    for (const url of [
      `http://127.0.0.1:${port}/x`,
      `http://cdn.discordapp.com.127.0.0.1.nip.io:${port}/x`,
      `http://cdn.discordapp.com@127.0.0.1:${port}/x`,
      'file:///etc/passwd',
      'not an address',
    ]) {
      user.send('guess', { more: { attachments: [{ ...missing, url }] } })
      expect(await status(), url).toBe(410)
    }
    server.close()
    expect(canary).toBe(0)
  })

  it('relay:ATT1, DC5 more than three files, and one too large, are named with their reason; the text still arrives', async () => {
    const { user } = await at.paired()
    const inbox = await at.inbox()
    const small = (filename: string) => ({ filename, bytes: Buffer.from(filename) })
    user.sendFiles([{ filename: 'big.bin', bytes: Buffer.alloc(5 * 1024 * 1024 + 1) }, ...['a', 'b', 'c', 'd'].map(small)])
    const message = await inbox.next()
    expect(message.attachments.map(({ filename }: { filename: string }) => filename)).toEqual(['a', 'b', 'c'])
    expect(message.metadata.attachmentsOmitted.map(({ filename }: { filename: string }) => filename)).toEqual(['big.bin', 'd'])
  })
})
