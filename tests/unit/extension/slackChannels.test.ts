import { beforeEach, describe, expect, it } from 'vitest'
import { listChannels, listSteps } from '../../../lib/channels/queries.ts'
import { createRecovery } from '../../../lib/channels/recovery.ts'
import { saveChannel } from '../../../lib/channels/saveChannel.ts'
import { createChannelService } from '../../../lib/channels/service.ts'
import { createVault, type Vault } from '../../../lib/channels/vault.ts'
import type { Database } from '../../../lib/database/open.ts'
import type { ChannelConfig } from '../../../lib/protocol/channel.ts'
import { recoveryKey } from '../../../lib/relay/account.ts'
import type { RelayClient, RelayRequest } from '../../../lib/relay/http.ts'
import { databaseWithProfile } from './support/database.ts'
import { createTestLocks } from './support/locks.ts'

const PROFILE = 'default'
let db: Database
let vault: Vault
let asked: RelayRequest[]
let answers: Record<string, unknown>
let service: ReturnType<typeof createChannelService>
let recovery: ReturnType<typeof createRecovery>

beforeEach(async () => {
  db = await databaseWithProfile('https://relay.test')
  vault = createVault({ db })
  asked = []
  answers = { 'GET /channels': { channels: [] } }
  const client: Pick<RelayClient, 'ask'> = {
    async ask(_profileId, request, schema) {
      asked.push(request)
      return schema.parse(answers[`${request.method} ${request.target}`]) as never
    },
  }
  recovery = createRecovery({ db, client, vault, locks: createTestLocks(), now: () => 1, onMoved: async () => undefined })
  service = createChannelService({ db, client, vault, now: () => 1, tell: () => undefined, waiting: recovery.waiting })
})

const addressOf = (team: string) => `https://slack.com/app_redirect?app=A1&team=${team}`
const app = (id: string, team: string): ChannelConfig => ({
  id,
  type: 'slack',
  agentId: '',
  direction: 'bidirectional',
  enabled: true,
  createdAt: '2026-01-01T00:00:00.000Z',
  status: { state: 'ok' },
  metadata: { botUsername: 'chaosrelay', botUrl: addressOf(team) },
})
const registered = (channelId: string, team: string) => ({
  ...{ channelId, botUsername: 'chaosrelay', pairingCode: 'K7M4PX2Q', pairingExpiresAt: '', pairingUrl: addressOf(team) },
})
async function lose(...configs: ChannelConfig[]): Promise<void> {
  for (const config of configs) await saveChannel(db, PROFILE, config.id, config, 1)
  const channels = configs.map((config) => ({ id: config.id, config }))
  await db.put('settings', { key: recoveryKey(PROFILE), value: { channels, done: [] } })
}

describe('Slack apps in this browser', () => {
  it('client:REC4 an app that gets a new bot token keeps the app-level token that was kept before', async () => {
    answers['POST /channels/slack/register'] = registered('s', 'T1')
    await service.handlers.addSlack({ profileId: PROFILE, botToken: ' xoxb-1', appToken: '"xapp-1"', remember: true })
    expect(asked[0]?.body).toEqual({ botToken: 'xoxb-1', appToken: 'xapp-1' })
    await service.handlers.addSlack({ profileId: PROFILE, botToken: 'xoxb-2', remember: true })
    expect(asked[2]?.body).toEqual({ botToken: 'xoxb-2' })
    expect(JSON.parse((await vault.open(PROFILE, 'token', 's')) ?? '')).toEqual({ botToken: 'xoxb-2', appToken: 'xapp-1' })
  })

  it('client:REC2, REC4 an app whose tokens were kept registers again with both', async () => {
    await lose(app('old', 'T1'))
    const both = { botToken: 'xoxb-1', appToken: 'xapp-1' }
    await vault.keep(PROFILE, 'token', 'old', JSON.stringify(both))
    answers['POST /channels/slack/register'] = registered('new', 'T1')
    answers['PATCH /channels/new'] = { ok: true, channel: app('new', 'T1') }
    await recovery.run(PROFILE)
    expect(asked[0]).toMatchObject({ target: '/channels/slack/register', body: both })
    expect(JSON.parse((await vault.open(PROFILE, 'token', 'new')) ?? '')).toEqual(both)
    expect(await listSteps(db, PROFILE)).toEqual([])
  })

  it('client:REC2, REC5 of two lost apps of one name, each takes the place of its own record', async () => {
    await lose(app('work', 'T1'), app('club', 'T2'))
    await recovery.run(PROFILE)
    const kinds = (await listSteps(db, PROFILE)).map(({ channelId, kind }) => `${channelId} ${kind}`)
    expect(kinds.sort()).toEqual(['club paste_token', 'work paste_token'])
    answers['POST /channels/slack/register'] = registered('new', 'T2')
    answers['GET /channels'] = { channels: [app('new', 'T2')] }
    await service.handlers.addSlack({ profileId: PROFILE, botToken: 'xoxb-2', appToken: 'xapp-2', remember: false })
    expect((await listChannels(db, PROFILE)).map(({ id }) => id).sort()).toEqual(['new', 'work'])
  })
})
