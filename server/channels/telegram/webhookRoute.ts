import { RelayError } from '#protocol/errors.ts'
import { equalSecret } from '../../auth/secrets.ts'
import { jsonObject } from '../../http/json.ts'
import type { RateLimits, RelayRequest, Route } from '../../http/route.ts'
import type { ChannelRecord } from '../../store/records.ts'
import type { ChannelHost } from '../port.ts'
import { tryUnseal } from '../view.ts'
import type { TelegramClients } from './client.ts'
import { parseUpdate, type Receive } from './receive.ts'

const SECRET_HEADER = 'x-telegram-bot-api-secret-token'

/** POST /telegram/:id, where Telegram delivers updates in webhook mode. relay:TG5, RL4 */
export function webhookRoute(relay: { host: ChannelHost; limits: RateLimits; clients: TelegramClients; receive: Receive }): Route {
  const { host, limits, clients, receive } = relay

  function admit(request: Omit<RelayRequest, 'body'>): void {
    const channel = telegramChannel(request)
    if (!showsSecret(request, channel)) {
      limits.consume('inboundAuthFail', request.ip)
      throw new RelayError('invalid_token', 'The secret of this Telegram webhook is missing or wrong.')
    }
    if (!channel.enabled) throw new RelayError('channel_disabled', 'This channel is switched off.', { status: 403 })
    limits.consume('inbound', channel.id)
  }

  function telegramChannel({ params }: Omit<RelayRequest, 'body'>): ChannelRecord {
    const channel = host.channel(params.id ?? '')
    if (!channel) throw new RelayError('unknown_channel', 'There is no such channel.')
    if (channel.type !== 'telegram') throw new RelayError('wrong_channel_type', 'This is not a Telegram channel.')
    return channel
  }

  function showsSecret({ headers, query }: Omit<RelayRequest, 'body'>, channel: ChannelRecord): boolean {
    const shown = headers[SECRET_HEADER] ?? query.get('secret')
    const secret = tryUnseal(channel.secrets.platform, host.unseal)
    return typeof shown === 'string' && secret !== undefined && equalSecret(shown, secret)
  }

  return {
    method: 'POST',
    path: '/telegram/:id',
    before: admit,
    async handle(request) {
      const value = jsonObject(request.body)
      const channel = telegramChannel(request)
      const api = clients.of(channel)
      const { id, update } = parseUpdate(value)
      if (!api || id === undefined) return { json: { ok: true } }
      if (!update) host.rejected(channel.id, 'a message of Telegram could not be read')
      const messageId = update && (await receive(channel, api, update, []))
      return { json: { ok: true, ...(messageId !== undefined && { messageId }) } }
    },
  }
}
