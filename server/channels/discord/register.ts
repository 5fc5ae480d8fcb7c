import { RelayError } from '#protocol/errors.ts'
import type { BotRegistered } from '#protocol/http.ts'
import type { Guards, Route } from '../../http/route.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { type BotRequest, namedFields, readBotRequest } from '../botRequest.ts'
import type { FreshCode, Pairing } from '../pairing.ts'
import type { ChannelHost } from '../port.ts'
import { createSerially } from '../serially.ts'
import { discordUrl, tryUnseal } from '../view.ts'
import { askDiscord, type Bot, inviteUrl, platformOf } from './bot.ts'
import type { DiscordClients } from './client.ts'

/** Everything a token may consist of: it becomes part of a header. */
const TOKEN = /^[A-Za-z0-9._-]{1,256}$/

type Wanted = BotRequest & { userId: string; baseUrl: string }

/** POST /channels/discord/register. `restart` connects a repaired channel anew. relay:DC1, TG2, CH11 */
export function registerRoute(relay: {
  host: ChannelHost
  pairing: Pairing
  guards: Guards
  clients: DiscordClients
  random: (bytes: number) => Uint8Array
  now: () => number
  restart(channelId: string): Promise<void>
}): Route {
  const { host, pairing, guards, clients, random, now, restart } = relay
  const serially = createSerially()

  async function register(wanted: Wanted): Promise<{ status: number; answer: BotRegistered }> {
    const bot = await askDiscord(clients, wanted.token)
    return serially(bot.id, async () => {
      const code = pairing.fresh()
      const known = host.find(({ type, platform }) => type === 'discord' && platform.botId === bot.id)
      if (known && known.userId !== wanted.userId) {
        throw new RelayError(
          'bot_in_use',
          'This bot already belongs to another session of this relay. Make a new app in the developer portal.',
        )
      }
      const channel = known ? await repair(known, wanted, bot, code) : await host.insert(newChannel(wanted, bot, code))
      return { status: known ? 200 : 201, answer: answerFor(channel, bot, code, wanted.baseUrl) }
    })
  }

  async function repair(known: ChannelRecord, wanted: Wanted, bot: Bot, code: FreshCode): Promise<ChannelRecord> {
    clients.forget(tryUnseal(known.secrets.botToken, host.unseal))
    const repaired = await host.update(known.id, (channel) => ({
      ...channel,
      ...namedFields(wanted),
      platform: { ...channel.platform, ...platformOf(bot) },
      secrets: {
        ...channel.secrets,
        botToken: host.seal(wanted.token),
        // The key that sealed the address's secret may be lost. relay:STO3
        ...(tryUnseal(channel.secrets.platform, host.unseal) === undefined && { platform: addressSecret() }),
        pairing: code.secret,
      },
    }))
    if (!repaired) throw new RelayError('channel_not_found', 'The channel of this bot was just deleted. Try again.')
    await restart(known.id)
    return repaired
  }

  /** Sealed; for `inboundUrl`. relay:DC7 */
  function addressSecret(): string {
    return host.seal(Buffer.from(random(32)).toString('base64url'))
  }

  function newChannel(wanted: Wanted, bot: Bot, code: FreshCode): ChannelRecord {
    return {
      id: `discord_${Buffer.from(random(9)).toString('base64url')}`,
      userId: wanted.userId,
      type: 'discord',
      revision: 1,
      agentId: '',
      direction: 'bidirectional',
      enabled: true,
      createdAt: now(),
      ...namedFields(wanted),
      metadata: { allowedUsers: [] },
      platform: platformOf(bot),
      secrets: {
        botToken: host.seal(wanted.token),
        platform: addressSecret(),
        pairing: code.secret,
      },
      status: { state: 'connecting' },
    }
  }

  function answerFor(channel: ChannelRecord, bot: Bot, { code, expiresAt }: FreshCode, baseUrl: string): BotRegistered {
    const secret = tryUnseal(channel.secrets.platform, host.unseal)
    return {
      channelId: channel.id,
      botUsername: bot.username,
      pairingCode: code,
      pairingExpiresAt: new Date(expiresAt).toISOString(),
      inviteUrl: inviteUrl(bot),
      ...(secret !== undefined && { inboundUrl: discordUrl(baseUrl, channel.id, secret) }),
    }
  }

  return {
    method: 'POST',
    path: '/channels/discord/register',
    handle: guards.bearer('channelRegister', async ({ body, session, baseUrl }) => {
      const { status, answer } = await register({ ...readBotRequest(body, TOKEN), userId: session.userId, baseUrl })
      return { status, json: answer }
    }),
  }
}
