import { createRecovery } from '../../../../lib/channels/recovery.ts'
import { createChannelService } from '../../../../lib/channels/service.ts'
import { createVault } from '../../../../lib/channels/vault.ts'
import { Failure } from '../../../../lib/messaging/failure.ts'
import type { ChannelConfig } from '../../../../lib/protocol/channel.ts'
import type { RelayClient, RelayRequest } from '../../../../lib/relay/http.ts'
import { databaseWithProfile } from './database.ts'
import { createTestLocks } from './locks.ts'

export const PROFILE = 'default'

export function channel(id: string, more: Partial<ChannelConfig> = {}): ChannelConfig {
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
export const bot = (id: string, state: ChannelConfig['status']['state'] = 'waiting_pairing', more: Partial<ChannelConfig> = {}) =>
  channel(id, { type: 'telegram', direction: 'bidirectional', status: { state }, metadata: { botUsername: 'ada_bot' }, ...more })
export const registered = (channelId: string) => ({
  channelId,
  botUsername: 'ada_bot',
  pairingCode: 'K7M4PX2Q',
  pairingExpiresAt: '',
})

export type ChannelWorld = Awaited<ReturnType<typeof channelWorld>>

/** The channel service and the recovery over a database and a relay that answers by `routes`, remembering what it was asked. */
export async function channelWorld() {
  const db = await databaseWithProfile('https://relay.test')
  const vault = createVault({ db })
  const clock = { now: 1 }
  const asked: RelayRequest[] = []
  const routes: Record<string, (request: RelayRequest) => unknown> = {}
  const client: Pick<RelayClient, 'ask'> = {
    async ask(_profileId, request, schema) {
      asked.push(request)
      const route = routes[`${request.method} ${request.target}`]
      if (!route) throw new Failure('not_found', `${request.method} ${request.target}`)
      return schema.parse(await route(request)) as never
    },
  }
  const moved: string[] = []
  const recovery = createRecovery({
    ...{ db, client, vault, locks: createTestLocks(), now: () => 1 },
    onMoved: async (_profileId, from, to) => void moved.push(`${from} ${to}`),
  })
  const service = createChannelService({
    db,
    client,
    vault,
    now: () => clock.now,
    tell: () => undefined,
    waiting: recovery.waiting,
  })
  return { db, client, vault, clock, asked, routes, moved, service, recovery }
}
