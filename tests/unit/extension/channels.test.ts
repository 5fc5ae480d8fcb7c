import { beforeEach, describe, expect, it } from 'vitest'
import { createChannelChores } from '../../../lib/channels/choreHandlers.ts'
import { listChannels, listSteps } from '../../../lib/channels/queries.ts'
import { saveChannel } from '../../../lib/channels/saveChannel.ts'
import { createChannelService } from '../../../lib/channels/service.ts'
import { Failure } from '../../../lib/messaging/failure.ts'
import type { ChannelConfig } from '../../../lib/protocol/channel.ts'
import { bot, type ChannelWorld, channel, channelWorld, PROFILE, registered } from './support/channels.ts'

let db: ChannelWorld['db']
let client: ChannelWorld['client']
let vault: ChannelWorld['vault']
let clock: ChannelWorld['clock']
let asked: ChannelWorld['asked']
let routes: ChannelWorld['routes']
let service: ChannelWorld['service']

beforeEach(async () => {
  ;({ db, client, vault, clock, asked, routes, service } = await channelWorld())
})
const gone = () => new Failure('channel_not_found', 'gone')

const lists = (...channels: ChannelConfig[]) => {
  routes['GET /channels'] = () => ({ channels })
}
const chores = () => createChannelChores({ db, tell: () => undefined })
const ids = async () => (await listChannels(db, PROFILE)).map(({ id }) => id)
const steps = async () => (await listSteps(db, PROFILE)).map(({ channelId, kind }) => [channelId, kind])

describe('the list', () => {
  it('client:CHN2 follows the relay’s list and order; what is gone there disappears', async () => {
    lists(channel('a'), channel('b'), channel('c'))
    await service.refresh(PROFILE)
    lists(channel('c'), channel('a'))
    await service.refresh(PROFILE)
    expect(await ids()).toEqual(['c', 'a'])
  })

  it('client:PRF5 nothing is written for a profile that was deleted meanwhile', async () => {
    lists(channel('a'))
    await db.delete('profiles', PROFILE)
    await service.refresh(PROFILE)
    await saveChannel(db, PROFILE, 'b', channel('b'), 1)
    expect(await ids()).toEqual([])
  })

  it('client:ARC7 a channel this version cannot read is left out and noted, the others stay', async () => {
    routes['GET /channels'] = () => ({ channels: [channel('a'), { id: 'b', type: 'pigeon' }] })
    await service.refresh(PROFILE)
    expect(await ids()).toEqual(['a'])
    expect((await db.getAll('quarantine'))[0]?.source).toBe('channel')
  })

  it('client:REC1, STA2 an empty list under the same user keeps what is known and only offers to register it again', async () => {
    lists(channel('a'), bot('b', 'ok'))
    await service.refresh(PROFILE)
    lists()
    await service.refresh(PROFILE)
    expect(await ids()).toEqual(['a', 'b'])
    expect(await steps()).toEqual([
      ['a', 'register_again'],
      ['b', 'paste_token'],
    ])
    for (const channelId of ['a', 'b']) await chores().dismissStep({ profileId: PROFILE, channelId })
    await service.refresh(PROFILE)
    expect(await ids()).toEqual([])
  })

  it('client:WIZ6, SOC12 a pairing is a step until it is done, by the list or by news', async () => {
    lists(bot('a'), bot('b'), channel('mail', { type: 'email', status: { state: 'waiting_verification' } }))
    await service.refresh(PROFILE)
    expect(await steps()).toEqual([
      ['a', 'pair'],
      ['b', 'pair'],
      ['mail', 'verify'],
    ])
    await saveChannel(db, PROFILE, 'a', bot('a', 'ok'), 2)
    lists(bot('a', 'ok'), bot('b', 'ok'), channel('mail', { type: 'email' }))
    await service.refresh(PROFILE)
    expect(await steps()).toEqual([])
  })

  it('client:SOC12, WIZ6 what came while the list was on its way is newer than the list, and stays with its step', async () => {
    routes['GET /channels'] = async () => {
      clock.now = 2
      await saveChannel(db, PROFILE, 'a', bot('a'), clock.now)
      await saveChannel(db, PROFILE, 'b', channel('b'), clock.now)
      clock.now = 3
      return { channels: [channel('c'), bot('a', 'connecting')] }
    }
    await service.refresh(PROFILE)
    expect(await ids()).toEqual(['c', 'a', 'b'])
    expect(await steps()).toEqual([['a', 'pair']])
    lists(channel('c'), bot('a', 'ok'))
    await service.refresh(PROFILE)
    expect([await ids(), await steps()]).toEqual([['c', 'a'], []])
    // What was written before the clock was set back is not newer for ever.
    clock.now = 1
    lists(bot('a'))
    await service.refresh(PROFILE)
    expect([await ids(), await steps()]).toEqual([['a'], [['a', 'pair']]])
  })

  it('client:SOC12 news that comes after the answer, while the list waits for its turn to be written, is newer too', async () => {
    const service = createChannelService({
      ...{ db, client, vault, now: () => clock.now, tell: () => undefined },
      waiting: async () => {
        clock.now = 5
        await saveChannel(db, PROFILE, 'a', channel('a', { status: { state: 'auth_failed' } }), clock.now)
        return new Set()
      },
    })
    lists(channel('a'))
    await service.refresh(PROFILE)
    expect((await listChannels(db, PROFILE)).map(({ config }) => config.status.state)).toEqual(['auth_failed'])
  })

  it('client:WIZ6 a bot with a trouble of its own still waits for its first person', async () => {
    const degraded = (allowedUsers: string[]) =>
      channel('d', {
        type: 'discord',
        status: { state: 'degraded', detail: 'Switch on the intent.' },
        metadata: { pairingCode: 'K7M4PX2Q', pairingExpiresAt: '2099-01-01T00:00:00.000Z', allowedUsers },
      })
    lists(degraded([]))
    await service.refresh(PROFILE)
    expect(await steps()).toEqual([['d', 'pair']])
    lists(degraded(['7']))
    await service.refresh(PROFILE)
    expect(await steps()).toEqual([])
  })

  it('client:WIZ7 a dismissed step stays dismissed while nothing changes', async () => {
    lists(bot('a'))
    await service.refresh(PROFILE)
    await chores().dismissStep({ profileId: PROFILE, channelId: 'a' })
    await service.refresh(PROFILE)
    expect(await steps()).toEqual([])
  })
})

describe('adding and changing', () => {
  it('client:CHN3, REC4 a webhook’s secret goes into the vault, sealed, and nowhere else', async () => {
    const webhookUrl = 'https://relay.test/webhook/a?token=s3cret-s3cret'
    routes['POST /channels'] = () => ({ channel: channel('a', { metadata: { webhookSecret: 's3cret-s3cret' } }), webhookUrl })
    const added = await service.handlers.addWebhook({ profileId: PROFILE, name: ' ci ' })
    expect(asked[0]?.body).toEqual({ type: 'webhook', name: 'ci' })
    expect(added.webhookUrl).toBe(webhookUrl)
    expect(added.channel.metadata).toEqual({})
    expect((await db.getAll('channels'))[0]?.config.metadata).toEqual({})
    const [row] = await db.getAll('vault')
    expect(new TextDecoder().decode(row?.sealed)).not.toContain('s3cret')
    expect(await vault.open(PROFILE, 'secret', 'a')).toBe('s3cret-s3cret')
    const [{ key } = { key: undefined }] = await db.getAll('vaultKeys')
    expect(key?.extractable).toBe(false)
  })

  it('client:REC4, WIZ8 a token is kept only if asked to, and cleaned of what a paste brings along', async () => {
    routes['POST /channels/telegram/register'] = () => registered('a')
    lists(bot('a'))
    await service.handlers.addTelegram({ profileId: PROFILE, botToken: ' "123:abc\n" ', remember: false })
    expect(asked[0]?.body).toEqual({ botToken: '123:abc' })
    expect(await vault.open(PROFILE, 'token', 'a')).toBeUndefined()
    expect(await steps()).toEqual([['a', 'pair']])
    await service.handlers.addTelegram({ profileId: PROFILE, botToken: '123:abc', remember: true })
    expect(await vault.open(PROFILE, 'token', 'a')).toBe('{"botToken":"123:abc"}')
  })

  it('client:REC5 a bot that is registered again takes the place of the lost record', async () => {
    lists(bot('old', 'ok'))
    await service.refresh(PROFILE)
    lists()
    await service.refresh(PROFILE)
    routes['POST /channels/telegram/register'] = () => registered('new')
    lists(bot('new'))
    await service.handlers.addTelegram({ profileId: PROFILE, botToken: '1:2', remember: false })
    expect(await ids()).toEqual(['new'])
    expect(await steps()).toEqual([['new', 'pair']])
  })

  it('client:CHN1 saving sends only the changed fields', async () => {
    routes['PATCH /channels/a'] = () => ({ ok: true, channel: channel('a', { name: 'new' }) })
    await service.handlers.change({ profileId: PROFILE, channelId: 'a', change: { name: 'new' } })
    expect(asked[0]?.body).toEqual({ name: 'new' })
    expect((await listChannels(db, PROFILE))[0]?.config.name).toBe('new')
  })

  it('client:CHN2 a channel that is gone on the relay disappears with the refusal; removing it is no error', async () => {
    lists(channel('a'), channel('b'))
    await service.refresh(PROFILE)
    routes['PATCH /channels/a'] = () => {
      throw gone()
    }
    await expect(service.handlers.change({ profileId: PROFILE, channelId: 'a', change: {} })).rejects.toMatchObject({
      code: 'channel_not_found',
    })
    expect(await ids()).toEqual(['b'])
    routes['DELETE /channels/b'] = () => {
      throw gone()
    }
    await service.handlers.remove({ profileId: PROFILE, channelId: 'b' })
    expect(await ids()).toEqual([])
  })

  it('client:WIZ6 a new code is in the list at once', async () => {
    lists(bot('a'))
    await service.refresh(PROFILE)
    routes['POST /channels/a/pairing'] = () => ({ pairingCode: 'NEWCODE1', expiresAt: '2026-01-01T00:15:00.000Z' })
    await service.handlers.newPairingCode({ profileId: PROFILE, channelId: 'a' })
    expect((await listChannels(db, PROFILE))[0]?.config.metadata).toMatchObject({ pairingCode: 'NEWCODE1' })
  })

  it('client:WIZ5 the test message goes to the address its senders use', async () => {
    lists(channel('a', { webhookUrl: 'https://outside.example/chaos/webhook/a?token=abc' }))
    await service.refresh(PROFILE)
    routes['POST /webhook/a?token=abc'] = () => ({ ok: true, messageId: 'm1' })
    expect(await service.handlers.sendTest({ profileId: PROFILE, channelId: 'a' })).toEqual({ messageId: 'm1' })
  })
})

describe('a webhook’s secrets', () => {
  const rotate = (wanted: { which: 'url' | 'signing'; scheme?: 'standard' | 'github' | 'none' }) =>
    service.handlers.rotateSecret({ profileId: PROFILE, channelId: 'a', ...wanted })
  const answers = (answer: object) => {
    routes['POST /channels/a/rotate-secret'] = () => answer
  }
  beforeEach(async () => {
    lists(channel('a', { webhookUrl: 'https://relay.test/webhook/a?token=old' }))
    await service.refresh(PROFILE)
  })
  const config = async () => (await listChannels(db, PROFILE))[0]?.config

  it('client:CHN3, REC4 a new address is in the list at once, and the vault has its secret', async () => {
    await vault.keep(PROFILE, 'secret', 'a', 'old')
    const answer = {
      secret: 'new',
      webhookUrl: 'https://relay.test/webhook/a?token=new',
      previousValidUntil: '2026-01-02T00:00:00.000Z',
    }
    answers(answer)
    expect(await rotate({ which: 'url' })).toEqual(answer)
    expect(asked.at(-1)?.body).toEqual({ which: 'url' })
    expect((await config())?.webhookUrl).toBe(answer.webhookUrl)
    expect(await vault.open(PROFILE, 'secret', 'a')).toBe('new')
  })

  it('client:CHN3, REC4 a signing secret is answered once and kept nowhere but sealed in the vault; ended, it is forgotten', async () => {
    answers({ secret: 'whsec_first' })
    expect(await rotate({ which: 'signing', scheme: 'standard' })).toEqual({ secret: 'whsec_first' })
    expect(await config()).toMatchObject({
      webhookUrl: 'https://relay.test/webhook/a?token=old',
      metadata: { signingScheme: 'standard' },
    })
    expect(JSON.stringify(await db.getAll('channels'))).not.toContain('whsec_first')
    expect(await vault.open(PROFILE, 'signing', 'a')).toBe('whsec_first')
    answers({ secret: '' })
    await rotate({ which: 'signing', scheme: 'none' })
    expect((await config())?.metadata).toEqual({})
    expect(await db.count('vault')).toBe(0)
  })

  it('client:CHN2, CHN3 a refusal changes nothing here; a channel that is gone goes', async () => {
    await vault.keep(PROFILE, 'secret', 'a', 'old')
    routes['POST /channels/a/rotate-secret'] = () => {
      throw new Failure('network', 'down')
    }
    await expect(rotate({ which: 'url' })).rejects.toMatchObject({ code: 'network' })
    expect(await vault.open(PROFILE, 'secret', 'a')).toBe('old')
    routes['POST /channels/a/rotate-secret'] = () => {
      throw gone()
    }
    await expect(rotate({ which: 'url' })).rejects.toMatchObject({ code: 'channel_not_found' })
    expect(await ids()).toEqual([])
  })
})
