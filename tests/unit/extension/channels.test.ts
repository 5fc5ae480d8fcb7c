import { beforeEach, describe, expect, it } from 'vitest'
import { listChannels, listSteps } from '../../../lib/channels/queries.ts'
import { createRecovery } from '../../../lib/channels/recovery.ts'
import { saveChannel } from '../../../lib/channels/saveChannel.ts'
import { createChannelService } from '../../../lib/channels/service.ts'
import { createVault, type Vault } from '../../../lib/channels/vault.ts'
import type { Database } from '../../../lib/database/open.ts'
import { Failure } from '../../../lib/messaging/failure.ts'
import type { ChannelConfig } from '../../../lib/protocol/channel.ts'
import { recoveryKey } from '../../../lib/relay/account.ts'
import type { RelayClient, RelayRequest } from '../../../lib/relay/http.ts'
import { freshDatabase } from './support/database.ts'
import { createTestLocks } from './support/locks.ts'

const PROFILE = 'default'
let db: Database
let vault: Vault
let asked: RelayRequest[]
let routes: Record<string, (request: RelayRequest) => unknown>
let service: ReturnType<typeof createChannelService>
let recovery: ReturnType<typeof createRecovery>

function channel(id: string, more: Partial<ChannelConfig> = {}): ChannelConfig {
  return {
    id,
    type: 'webhook',
    agentId: '',
    direction: 'inbound',
    enabled: true,
    createdAt: '2026-01-01T00:00:00.000Z',
    status: { state: 'ok' },
    metadata: {},
    ...more,
  }
}
const bot = (id: string, state: ChannelConfig['status']['state'] = 'waiting_pairing', more: Partial<ChannelConfig> = {}) =>
  channel(id, { type: 'telegram', direction: 'bidirectional', status: { state }, metadata: { botUsername: 'ada_bot' }, ...more })
const registered = (channelId: string) => ({ channelId, botUsername: 'ada_bot', pairingCode: 'K7M4PX2Q', pairingExpiresAt: '' })
const gone = () => new Failure('channel_not_found', 'gone')

beforeEach(async () => {
  db = await freshDatabase()
  vault = createVault({ db })
  asked = []
  routes = {}
  const client: Pick<RelayClient, 'ask'> = {
    async ask(_profileId, request, schema) {
      asked.push(request)
      const route = routes[`${request.method} ${request.target}`]
      if (!route) throw new Failure('not_found', `${request.method} ${request.target}`)
      return schema.parse(await route(request)) as never
    },
  }
  recovery = createRecovery({ db, client, vault, locks: createTestLocks(), now: () => 1 })
  service = createChannelService({ db, client, vault, now: () => 1, tell: () => undefined, waiting: recovery.waiting })
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

describe('the list', () => {
  it('client:CHN2 follows the relay’s list and order; what is gone there disappears', async () => {
    lists(channel('a'), channel('b'), channel('c'))
    await service.refresh(PROFILE)
    lists(channel('c'), channel('a'))
    await service.refresh(PROFILE)
    expect(await ids()).toEqual(['c', 'a'])
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
    for (const channelId of ['a', 'b']) await service.handlers.dismissStep({ profileId: PROFILE, channelId })
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

  it('client:WIZ7 a dismissed step stays dismissed while nothing changes', async () => {
    lists(bot('a'))
    await service.refresh(PROFILE)
    await service.handlers.dismissStep({ profileId: PROFILE, channelId: 'a' })
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
