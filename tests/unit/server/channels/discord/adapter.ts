import { randomBytes } from 'node:crypto'
import { createDiscord } from '../../../../../server/channels/discord/discord.ts'
import { createPairing } from '../../../../../server/channels/pairing.ts'
import type { Taken } from '../../../../../server/channels/port.ts'
import { systemClock } from '../../../../../server/clock.ts'
import { silentLog } from '../../../../../server/log.ts'
import type { ReplyRecord } from '../../../../../server/store/port.ts'
import type { ChannelRecord } from '../../../../../server/store/records.ts'
import { createFakeHost } from '../../../../fakes/channelHost.ts'
import { type FakeDiscord, startFakeDiscord } from '../../../../fakes/discord/fake.ts'

/** The Discord adapter between the fake Discord and a host in memory, with one channel of the fake's bot that `ada` may write to. */
export async function startAdapter(options: Partial<Parameters<typeof createDiscord>[0]> = {}) {
  const clock = options.clock ?? systemClock()
  const discord: FakeDiscord = await startFakeDiscord({ now: clock.now })
  const fake = createFakeHost()
  const pairing = createPairing({ host: fake.host, clock, random: randomBytes })
  const ada = discord.user('ada')
  const { user, application } = discord.bot
  const channel = fake.channel({
    type: 'discord',
    metadata: { allowedUsers: [ada.id] },
    platform: { botId: user.id, botUsername: user.username, applicationId: application.id, verifyKey: application.verify_key },
    secrets: { botToken: `sealed(${discord.bot.token})`, platform: 'sealed(address-secret)' },
    status: { state: 'connecting' },
  })
  const { adapter } = createDiscord({
    host: fake.host,
    pairing,
    guards: { bearer: () => unused, signed: () => unused, perAddress: () => unused },
    limits: { consume() {} },
    clock,
    random: randomBytes,
    chance: () => 0,
    log: silentLog(),
    apiRoot: discord.apiRoot,
    gatewayUrl: undefined,
    ...options,
  })

  function reply(content: string, given: Partial<ReplyRecord> = {}): ReplyRecord {
    return {
      responseId: 'r1',
      userId: channel.userId,
      channelId: channel.id,
      channelType: 'discord',
      content,
      metadata: {},
      attachments: [],
      target: ada.direct().id,
      state: 'queued',
      attempts: 0,
      partsSent: 0,
      createdAt: clock.now(),
      updatedAt: clock.now(),
      dueAt: 0,
      ...given,
    }
  }

  const current = (): ChannelRecord => fake.host.channel(channel.id) ?? channel

  return {
    adapter,
    discord,
    fake,
    ada,
    reply,
    current,
    /** Sends every part of a reply, as the outbox does. */
    async sendAll(record: ReplyRecord): Promise<Taken[]> {
      const parts = adapter.parts(record, current())
      const taken: Taken[] = []
      for (const part of parts)
        taken.push(
          await adapter.send({
            channel: current(),
            reply: record,
            part,
            parts: parts.length,
            file: () => Promise.reject(new Error('no files here')),
          }),
        )
      return taken
    },
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
