import { describe, expect, it } from 'vitest'
import type { ChannelConfig } from '#protocol/channel.ts'
import { channelFacts, channelTitle, curlExample, pairingOf, responsesUrl, telegramLink } from '../../../lib/channels/facts.ts'

const NOW = Date.parse('2026-03-01T12:00:00.000Z')

function config(over: Partial<ChannelConfig> = {}): ChannelConfig {
  return {
    id: 'c',
    type: 'telegram',
    agentId: '',
    direction: 'bidirectional',
    enabled: true,
    createdAt: '2026-03-01T11:00:00.000Z',
    status: { state: 'ok' },
    metadata: {},
    ...over,
  }
}

describe('what a channel’s metadata says', () => {
  it('client:ARC7 values of another shape count as absent and spoil nothing else', () => {
    const metadata = {
      botUsername: 7,
      pairingCode: null,
      pairingExpiresAt: 'soon',
      allowedUsers: [1, 2],
      allowedSenders: ['ada@x.example'],
      userEmail: '',
    }
    expect(channelFacts(config({ metadata }))).toEqual({ allowedUsers: [], allowedSenders: ['ada@x.example'] })
  })

  it('client:CHN1, ARC7 where to write to a bot is known only from a web address', () => {
    const botUrl = 'https://slack.com/app_redirect?app=A1&team=T1'
    expect(channelFacts(config({ metadata: { botUrl } })).botUrl).toBe(botUrl)
    for (const address of ['javascript:alert(1)', 'http://slack.com', ' https://slack.com', 7, ''])
      expect(channelFacts(config({ metadata: { botUrl: address } })).botUrl).toBeUndefined()
  })

  it('client:WIZ2, ARC7 an invitation counts only when it leads to Discord', () => {
    const invite = 'https://discord.com/oauth2/authorize?client_id=1&scope=bot'
    expect(channelFacts(config({ metadata: { inviteUrl: invite, mentionOnly: true } }))).toMatchObject({
      inviteUrl: invite,
      mentionOnly: true,
    })
    for (const inviteUrl of [
      'https://discord.com.example.org/oauth2/authorize?client_id=1',
      'https://discord.com/oauth2/authorize',
      'https://discord.com/login?to=1',
      'http://discord.com/oauth2/authorize?client_id=1',
      'javascript:alert(1)',
      7,
    ])
      expect(channelFacts(config({ metadata: { inviteUrl, mentionOnly: 'yes' } }))).toEqual({
        allowedUsers: [],
        allowedSenders: [],
      })
  })

  it.each([
    [{ name: 'Family', metadata: { botUsername: 'b' } }, 'Family'],
    [{ name: '  ', metadata: { botUsername: '@b' } }, '@b'],
    [{ metadata: { inboundAddress: 'in@x.example', userEmail: 'a@x.example' } }, 'in@x.example'],
    [{ metadata: { userEmail: 'a@x.example' } }, 'a@x.example'],
    [{}, ''],
  ])('client:CHN1 a channel is called by its name, else by what is known of it outside: %j', (over, title) => {
    expect(channelTitle(config(over))).toBe(title)
  })
})

describe('the pairing code', () => {
  const soon = new Date(NOW + 1).toISOString()
  it.each([
    ['live until its last millisecond', { pairingCode: 'K7M4PX2Q', pairingExpiresAt: soon }, 'live'],
    ['expired from then on', { pairingCode: 'K7M4PX2Q', pairingExpiresAt: new Date(NOW).toISOString() }, 'expired'],
    ['used up when it is gone before its time', { pairingExpiresAt: soon }, 'used_up'],
    ['ended when the relay names none', {}, 'ended'],
  ])('client:WIZ6 is %s', (_name, metadata, state) => {
    expect(pairingOf(channelFacts(config({ metadata })), NOW).state).toBe(state)
  })
})

describe('addresses to hand out', () => {
  it('client:WIZ1 the link opens the bot with the code filled in', () => {
    expect(telegramLink('ada_bot', 'K7M4PX2Q')).toBe('https://t.me/ada_bot?start=K7M4PX2Q')
    expect(telegramLink('a/../b?c')).toBe('https://t.me/a%2F..%2Fb%3Fc')
  })

  it('client:WIZ5 replies are read beside the webhook, without its secret', () => {
    const webhookUrl = 'https://relay.example/chaos/webhook/ci-5b21?token=secret'
    expect(responsesUrl(config({ webhookUrl }))).toBe('https://relay.example/chaos/responses/ci-5b21')
    expect(responsesUrl(config())).toBeUndefined()
  })

  it('client:WIZ5 the example survives a shell', () => {
    expect(curlExample("https://relay.example/webhook/x?token=a'b")).toContain(
      `curl 'https://relay.example/webhook/x?token=a'\\''b'`,
    )
  })
})
