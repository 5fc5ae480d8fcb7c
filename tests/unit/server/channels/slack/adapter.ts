import { randomBytes } from 'node:crypto'
import { createPairing } from '../../../../../server/channels/pairing.ts'
import { asPlatform } from '../../../../../server/channels/slack/bot.ts'
import { createSlack } from '../../../../../server/channels/slack/slack.ts'
import { systemClock } from '../../../../../server/clock.ts'
import { silentLog } from '../../../../../server/log.ts'
import type { ChannelRecord } from '../../../../../server/store/records.ts'
import { createFakeHost } from '../../../../fakes/channelHost.ts'
import { type FakeSlack, startFakeSlack } from '../../../../fakes/slack/fake.ts'

/** The Slack adapter between the fake Slack and a host in memory, with one channel of the fake's app by Socket Mode. */
export async function startAdapter(options: Partial<Parameters<typeof createSlack>[0]> = {}) {
  const slack: FakeSlack = await startFakeSlack()
  const fake = createFakeHost()
  const clock = options.clock ?? systemClock()
  const pairing = createPairing({ host: fake.host, clock, random: randomBytes })
  const { app } = slack
  const channel = fake.channel({
    type: 'slack',
    platform: asPlatform({ id: app.botUserId, username: app.name, team: app.teamId, appId: app.appId }),
    secrets: { botToken: `sealed(${app.botToken})`, appToken: `sealed(${app.appToken})` },
    status: { state: 'connecting' },
  })
  const { adapter } = createSlack({
    host: fake.host,
    pairing,
    guards: { bearer: () => unused, signed: () => unused, perAddress: () => unused },
    limits: { consume() {} },
    clock,
    random: randomBytes,
    log: silentLog(),
    apiRoot: slack.apiRoot,
    publicUrl: undefined,
    ...options,
  })
  const current = (): ChannelRecord => fake.host.channel(channel.id) ?? channel

  return {
    adapter,
    slack,
    fake,
    current,
    allow: (...ids: string[]) => fake.host.update(channel.id, (record) => ({ ...record, metadata: { allowedUsers: ids } })),
    start() {
      const connection = adapter.start?.(current())
      if (!connection) throw new Error('not started')
      return connection
    },
  }
}

function unused(): never {
  throw new Error('No route is called here.')
}
