import { randomBytes } from 'node:crypto'
import { createPairing } from '../../../../../server/channels/pairing.ts'
import type { Delivery, Part } from '../../../../../server/channels/port.ts'
import { createTelegram } from '../../../../../server/channels/telegram/telegram.ts'
import { systemClock } from '../../../../../server/clock.ts'
import { silentLog } from '../../../../../server/log.ts'
import type { ReplyRecord } from '../../../../../server/store/port.ts'
import type { ChannelRecord } from '../../../../../server/store/records.ts'
import { createFakeHost } from '../../../../fakes/channelHost.ts'
import { type FakeTelegram, startFakeTelegram } from '../../../../fakes/telegram/fake.ts'

/** The Telegram adapter between the fake Bot API and a host in memory, with one channel of the fake's bot that user 77 may write to. */
export async function startAdapter(options: Partial<Parameters<typeof createTelegram>[0]> = {}) {
  const telegram: FakeTelegram = await startFakeTelegram()
  const fake = createFakeHost()
  const clock = options.clock ?? systemClock()
  const pairing = createPairing({ host: fake.host, clock, random: randomBytes })
  const channel = fake.channel({
    platform: { botId: String(telegram.bot.me.id), botUsername: telegram.bot.me.username },
    secrets: { botToken: `sealed(${telegram.bot.token})`, platform: 'sealed(hook-secret)' },
    status: { state: 'connecting' },
  })
  const { adapter } = createTelegram({
    host: fake.host,
    pairing,
    guards: { bearer: () => unused, signed: () => unused, perAddress: () => unused },
    limits: { consume() {} },
    clock,
    random: randomBytes,
    log: silentLog(),
    apiRoot: telegram.apiRoot,
    publicUrl: undefined,
    ...options,
  })

  function reply(content: string, given: Partial<ReplyRecord> = {}): ReplyRecord {
    return {
      responseId: 'r1',
      userId: channel.userId,
      channelId: channel.id,
      channelType: 'telegram',
      content,
      metadata: {},
      attachments: [],
      state: 'queued',
      attempts: 0,
      partsSent: 0,
      createdAt: 0,
      updatedAt: 0,
      dueAt: 0,
      ...given,
    }
  }

  /** Sends every part of a reply, as the outbox does. */
  async function sendAll(record: ReplyRecord, files: { filename: string; mimeType: string; bytes: Uint8Array }[] = []) {
    const parts = adapter.parts(record, current())
    for (const part of parts) await adapter.send(delivery(record, part, parts.length, files))
  }

  function delivery(
    record: ReplyRecord,
    part: Part,
    parts: number,
    files: { filename: string; mimeType: string; bytes: Uint8Array }[],
  ): Delivery {
    const file = async (index: number) => {
      const found = files[index]
      if (!found) throw new Error('no such file')
      return found
    }
    return { channel: current(), reply: record, part, parts, file }
  }

  const current = (): ChannelRecord => fake.host.channel(channel.id) ?? channel

  return {
    adapter,
    telegram,
    fake,
    pairing,
    reply,
    sendAll,
    current,
    allow: (...ids: number[]) =>
      fake.host.update(channel.id, (record) => ({ ...record, metadata: { allowedUsers: ids.map(String) } })),
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
