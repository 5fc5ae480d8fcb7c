import { GrammyError, HttpError } from 'grammy'
import * as z from 'zod'
import { RelayError } from '#protocol/errors.ts'
import type { BotRegistered } from '#protocol/http.ts'
import type { Guards, Route } from '../../http/route.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { type BotRequest, namedFields, readBotRequest } from '../botRequest.ts'
import type { FreshCode, Pairing } from '../pairing.ts'
import type { ChannelHost } from '../port.ts'
import { createSerially } from '../serially.ts'
import { tryUnseal } from '../view.ts'
import { signalFor, type TelegramClients } from './client.ts'
import { readTrouble } from './trouble.ts'

/** How long a caller waits for Telegram's word on a token. */
const CHECK_TIMEOUT_MS = 15_000

/** Everything a token may consist of: it becomes part of an address. */
const TOKEN = /^[A-Za-z0-9:_-]{1,256}$/

const botSchema = z.object({ id: z.int(), username: z.string().min(1) })

type Wanted = BotRequest & { userId: string }
type Bot = { id: string; username: string }

/** POST /channels/telegram/register. `mode` is told to the caller; `restart` connects a repaired channel anew. relay:TG1, TG2, CH11 */
export function registerRoute(relay: {
  host: ChannelHost
  pairing: Pairing
  guards: Guards
  clients: TelegramClients
  random: (bytes: number) => Uint8Array
  now: () => number
  mode: 'webhook' | 'polling'
  restart(channelId: string): Promise<void>
}): Route {
  const { host, pairing, guards, clients, random, now, mode, restart } = relay
  const serially = createSerially()

  async function register(wanted: Wanted): Promise<{ status: number; answer: BotRegistered }> {
    const bot = await askTelegram(clients, wanted.token)
    return serially(bot.id, async () => {
      const code = pairing.fresh()
      const known = host.find(({ type, platform }) => type === 'telegram' && platform.botId === bot.id)
      if (known && known.userId !== wanted.userId) {
        throw new RelayError(
          'bot_in_use',
          'This bot already belongs to another session of this relay. Make a new bot with @BotFather.',
        )
      }
      const channel = known ? await repair(known, wanted, bot, code) : await host.insert(newChannel(wanted, bot, code))
      return { status: known ? 200 : 201, answer: answerFor(channel.id, bot, code) }
    })
  }

  async function repair(known: ChannelRecord, wanted: Wanted, bot: Bot, code: FreshCode): Promise<ChannelRecord> {
    const repaired = await host.update(known.id, (channel) => ({
      ...channel,
      ...namedFields(wanted),
      platform: { ...channel.platform, botUsername: bot.username },
      secrets: {
        ...channel.secrets,
        botToken: host.seal(wanted.token),
        // The key that sealed the webhook's secret may be lost. relay:STO3
        ...(tryUnseal(channel.secrets.platform, host.unseal) === undefined && { platform: webhookSecret() }),
        pairing: code.secret,
      },
    }))
    if (!repaired) throw new RelayError('channel_not_found', 'The channel of this bot was just deleted. Try again.')
    await restart(known.id)
    return repaired
  }

  /** Sealed; for setWebhook's `secret_token`. relay:TG4 */
  function webhookSecret(): string {
    return host.seal(Buffer.from(random(32)).toString('base64url'))
  }

  function newChannel(wanted: Wanted, bot: Bot, code: FreshCode): ChannelRecord {
    return {
      id: `telegram_${Buffer.from(random(9)).toString('base64url')}`,
      userId: wanted.userId,
      type: 'telegram',
      revision: 1,
      agentId: '',
      direction: 'bidirectional',
      enabled: true,
      createdAt: now(),
      ...namedFields(wanted),
      metadata: { allowedUsers: [] },
      platform: { botId: bot.id, botUsername: bot.username },
      secrets: {
        botToken: host.seal(wanted.token),
        platform: webhookSecret(),
        pairing: code.secret,
      },
      status: { state: 'connecting' },
    }
  }

  function answerFor(channelId: string, bot: Bot, { code, expiresAt }: FreshCode): BotRegistered {
    return {
      channelId,
      botUsername: bot.username,
      pairingCode: code,
      pairingExpiresAt: new Date(expiresAt).toISOString(),
      pairingUrl: `https://t.me/${bot.username}?start=${code}`,
      mode,
    }
  }

  return {
    method: 'POST',
    path: '/channels/telegram/register',
    handle: guards.bearer('channelRegister', async ({ body, session }) => {
      const { status, answer } = await register({ ...readBotRequest(body, TOKEN), userId: session.userId })
      return { status, json: answer }
    }),
  }
}

async function askTelegram(clients: TelegramClients, token: string): Promise<Bot> {
  try {
    const me = botSchema.safeParse(await clients.byToken(token).getMe(signalFor(AbortSignal.timeout(CHECK_TIMEOUT_MS))))
    if (me.success) return { id: String(me.data.id), username: me.data.username }
  } catch (error) {
    if (!(error instanceof GrammyError || error instanceof HttpError)) throw error
    throw registrationFailed(error)
  }
  throw new RelayError(
    'provider_unreachable',
    failed('What answers at the address for Telegram is not Telegram. Check the configuration.'),
  )
}

const failed = (cause: string) => `Telegram registration failed: ${cause}`

/** relay:TG1. Without a cause: the library's errors hold the address and what was sent. */
function registrationFailed(error: GrammyError | HttpError): RelayError {
  const trouble = readTrouble(error)
  switch (trouble.kind) {
    case 'unreachable':
      return new RelayError(
        'provider_unreachable',
        failed('Telegram is not reachable. Check the connection of the relay and try again.'),
      )
    case 'unauthorised':
      return new RelayError('provider_rejected', failed('Telegram does not know this token. Copy it again from @BotFather.'))
    case 'tooFast':
      return new RelayError('provider_rejected', failed('Telegram asks to slow down. Try again in a minute.'))
    case 'conflict':
    case 'refused':
      return new RelayError('provider_rejected', failed((error as GrammyError).description))
  }
}
