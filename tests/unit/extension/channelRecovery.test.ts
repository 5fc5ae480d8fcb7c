import { beforeEach, describe, expect, it } from 'vitest'
import { listChannels, listSteps } from '../../../lib/channels/queries.ts'
import { saveChannel } from '../../../lib/channels/saveChannel.ts'
import { Failure } from '../../../lib/messaging/failure.ts'
import type { ChannelConfig } from '../../../lib/protocol/channel.ts'
import { recoveryKey } from '../../../lib/relay/account.ts'
import { bot, type ChannelWorld, channel, channelWorld, PROFILE, registered } from './support/channels.ts'

let db: ChannelWorld['db']
let vault: ChannelWorld['vault']
let asked: ChannelWorld['asked']
let routes: ChannelWorld['routes']
let service: ChannelWorld['service']
let recovery: ChannelWorld['recovery']

beforeEach(async () => {
  ;({ db, vault, asked, routes, service, recovery } = await channelWorld())
})

const lists = (...channels: ChannelConfig[]) => {
  routes['GET /channels'] = () => ({ channels })
}
const ids = async () => (await listChannels(db, PROFILE)).map(({ id }) => id)
const steps = async () => (await listSteps(db, PROFILE)).map(({ channelId, kind }) => [channelId, kind])
const lose = (...channels: ChannelConfig[]) =>
  db.put('settings', {
    key: recoveryKey(PROFILE),
    value: { channels: channels.map((config) => ({ id: config.id, config })), done: [] },
  })

describe('recovery', () => {
  it('client:REC2 a webhook comes back with id, secret and name, so its address stays', async () => {
    await vault.keep(PROFILE, 'secret', 'hook', 'kept-secret')
    await lose(channel('hook', { name: 'ci', direction: 'bidirectional', prompt: 'Be kind.' }))
    routes['POST /channels'] = ({ body }) => ({ channel: { ...channel('hook'), ...(body as object) } })
    expect(await recovery.run(PROFILE)).toBe(true)
    expect(asked[0]?.body).toMatchObject({
      type: 'webhook',
      id: 'hook',
      name: 'ci',
      direction: 'bidirectional',
      prompt: 'Be kind.',
      metadata: { webhookSecret: 'kept-secret' },
    })
    expect((await listChannels(db, PROFILE))[0]?.config.metadata).toEqual({})
  })

  it('client:REC2, REC4 senders that signed go on signing with the secret that was kept', async () => {
    await vault.keep(PROFILE, 'secret', 'hook', 'kept-secret')
    await vault.keep(PROFILE, 'signing', 'hook', 'whsec_kept')
    await lose(channel('hook', { metadata: { signingScheme: 'standard', jsonFormat: 'pretty' } }))
    routes['POST /channels'] = () => ({
      channel: channel('hook', { metadata: { signingScheme: 'standard', webhookSecret: 'kept-secret' } }),
    })
    await recovery.run(PROFILE)
    const signing = { signingScheme: 'standard', signingSecret: 'whsec_kept' }
    expect(asked.map(({ body }) => (body as { metadata: object }).metadata)).toEqual([
      { jsonFormat: 'pretty', webhookSecret: 'kept-secret', ...signing },
    ])
    expect(await steps()).toEqual([])
    expect(await vault.open(PROFILE, 'signing', 'hook')).toBe('whsec_kept')
  })

  it('client:REC3 without that secret nothing unsigned gets in: another one is demanded, and its owner asked to make it', async () => {
    await lose(channel('hook', { metadata: { signingScheme: 'github' } }))
    routes['POST /channels'] = () => ({ channel: channel('hook') })
    routes['POST /channels/hook/rotate-secret'] = () => ({ secret: 'nobody-knows' })
    await recovery.run(PROFILE)
    expect(asked.at(-1)).toMatchObject({ target: '/channels/hook/rotate-secret', body: { which: 'signing', scheme: 'github' } })
    expect(await steps()).toEqual([['hook', 'renew_signing']])
    // The step stays until a secret was made that somebody has seen.
    lists(channel('hook', { metadata: { signingScheme: 'github' } }))
    await service.refresh(PROFILE)
    expect(await steps()).toEqual([['hook', 'renew_signing']])
    await service.handlers.rotateSecret({ profileId: PROFILE, channelId: 'hook', which: 'signing', scheme: 'github' })
    expect(await steps()).toEqual([])
  })

  it('client:REC3, IDN3 what the relay holds for a lost identity says so, and becomes another channel with a new address', async () => {
    const old = channel('hook', {
      name: 'ci',
      webhookUrl: 'https://relay.test/webhook/hook?token=old',
      metadata: { jsonFormat: 'pretty' },
    })
    await saveChannel(db, PROFILE, 'hook', old, 1)
    await vault.keep(PROFILE, 'secret', 'hook', 'old')
    await lose(old, bot('b', 'ok'))
    await vault.keep(PROFILE, 'token', 'b', '{"botToken":"1:2"}')
    routes['POST /channels'] = () => {
      throw new Failure('channel_exists', 'taken')
    }
    routes['POST /channels/telegram/register'] = () => {
      throw new Failure('bot_in_use', 'taken')
    }
    await recovery.run(PROFILE)
    expect((await listSteps(db, PROFILE)).map(({ channelId, kind, taken }) => [channelId, kind, taken]).sort()).toEqual([
      ['b', 'paste_token', true],
      ['hook', 'register_again', true],
    ])
    routes['POST /channels'] = () => ({
      channel: channel('fresh', {
        name: 'ci',
        webhookUrl: 'https://relay.test/webhook/fresh?token=new',
        metadata: { webhookSecret: 'new' },
      }),
    })
    expect(await recovery.registerAgain(PROFILE, 'hook', true)).toBe('fresh')
    const { body } = asked.at(-1) ?? {}
    expect(body).toMatchObject({ type: 'webhook', name: 'ci', metadata: { jsonFormat: 'pretty' } })
    expect(body).not.toHaveProperty('id')
    expect(body).not.toHaveProperty('metadata.webhookSecret')
    expect(await ids()).toEqual(['fresh'])
    expect(await vault.open(PROFILE, 'secret', 'fresh')).toBe('new')
    expect(await vault.open(PROFILE, 'secret', 'hook')).toBeUndefined()
  })

  it('client:REC2 an address that changed after it was kept comes back as it is now', async () => {
    await vault.keep(PROFILE, 'secret', 'hook', 'kept-before')
    await lose(channel('hook', { webhookUrl: 'https://relay.test/webhook/hook?token=as-told-last' }))
    routes['POST /channels'] = () => ({ channel: channel('hook') })
    await recovery.run(PROFILE)
    expect(asked[0]?.body).toMatchObject({ metadata: { webhookSecret: 'as-told-last' } })
  })

  it('client:REC2 without a vault the secret is read from the address', async () => {
    await lose(channel('hook', { webhookUrl: 'https://relay.test/webhook/hook?token=from-url' }))
    routes['POST /channels'] = () => ({ channel: channel('hook') })
    await recovery.run(PROFILE)
    expect(asked[0]?.body).toMatchObject({ metadata: { webhookSecret: 'from-url' } })
  })

  it('client:REC2, REC4, REC5 a bot whose token was kept registers again and replaces its record; another one asks for the token', async () => {
    await vault.keep(PROFILE, 'token', 'kept', '{"botToken":"1:2"}')
    for (const config of [bot('kept', 'ok'), bot('lost', 'ok')]) await saveChannel(db, PROFILE, config.id, config, 1)
    await lose(bot('kept', 'ok'), bot('lost', 'ok'))
    routes['POST /channels/telegram/register'] = () => registered('again')
    await recovery.run(PROFILE)
    lists(bot('again'))
    await service.refresh(PROFILE)
    expect(await ids()).toEqual(['again', 'lost'])
    expect(await steps()).toEqual([
      ['again', 'pair'],
      ['lost', 'paste_token'],
    ])
    expect(await vault.open(PROFILE, 'token', 'again')).toBe('{"botToken":"1:2"}')
    expect(await vault.open(PROFILE, 'token', 'kept')).toBeUndefined()
  })

  it('client:REC2, REC4 a Discord bot whose token was kept registers again, with its settings', async () => {
    const config = {
      ...bot('kept', 'ok'),
      type: 'discord' as const,
      name: 'Team',
      metadata: { botUsername: 'b', mentionOnly: true },
    }
    await vault.keep(PROFILE, 'token', 'kept', '{"botToken":"a.b.c"}')
    await saveChannel(db, PROFILE, 'kept', config, 1)
    await lose(config)
    routes['POST /channels/discord/register'] = () => registered('again')
    routes['PATCH /channels/again'] = () => ({ ok: true, channel: { ...config, id: 'again' } })
    await recovery.run(PROFILE)
    expect(asked.map(({ body }) => body)).toEqual([
      { botToken: 'a.b.c' },
      expect.objectContaining({ name: 'Team', mentionOnly: true, enabled: true }),
    ])
  })

  it('client:REC2 an e-mail address registers again', async () => {
    const mail = channel('mail', { type: 'email', name: 'Ada', metadata: { userEmail: 'ada@example.com' } })
    await lose(mail)
    routes['POST /channels/email/register'] = () => ({
      channelId: 'mail2',
      inboundAddress: 'ada-x@relay.test',
      verificationExpiresAt: '',
    })
    await recovery.run(PROFILE)
    expect(asked[0]?.body).toMatchObject({ userEmail: 'ada@example.com', channelName: 'Ada' })
  })

  it('client:REC3 one failing channel does not stop the others, and becomes a step', async () => {
    await lose(channel('first'), channel('second'))
    routes['POST /channels'] = ({ body }) => {
      if ((body as { id: string }).id === 'first') throw new Failure('channel_exists', 'taken')
      return { channel: channel('second') }
    }
    await recovery.run(PROFILE)
    expect(await steps()).toEqual([['first', 'register_again']])
    expect(await ids()).toEqual(['second'])
  })

  it('client:REC1, REC5 a recovery that was interrupted goes on where it stopped; a second one does nothing', async () => {
    await lose(channel('first'), channel('second'))
    let down = true
    routes['POST /channels'] = ({ body }) => {
      const { id } = body as { id: string }
      if (id === 'second' && down) throw new Failure('network', 'down')
      return { channel: channel(id) }
    }
    await recovery.run(PROFILE)
    expect([...(await recovery.waiting(PROFILE))]).toEqual(['second'])
    down = false
    await recovery.run(PROFILE)
    expect(await recovery.run(PROFILE)).toBe(false)
    expect(asked.map(({ body }) => (body as { id: string }).id)).toEqual(['first', 'second', 'second'])
  })

  it('client:REC5 what waits to be rebuilt is not thrown away by the relay’s list', async () => {
    await saveChannel(db, PROFILE, 'waiting', channel('waiting'), 1)
    await lose(channel('waiting'))
    lists(channel('other'))
    await service.refresh(PROFILE)
    expect((await ids()).sort()).toEqual(['other', 'waiting'])
  })
})
