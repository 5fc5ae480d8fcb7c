import { RelayError } from '#protocol/errors.ts'
import { equalSecret } from '../../auth/secrets.ts'
import { jsonObject } from '../../http/json.ts'
import type { Answer, RateLimits, RelayRequest, Route } from '../../http/route.ts'
import type { ChannelRecord } from '../../store/records.ts'
import type { ChannelHost } from '../port.ts'
import { tryUnseal } from '../view.ts'
import { kept } from './bot.ts'
import { readForwarded } from './forwarded.ts'
import type { Interact } from './interact.ts'
import { interactionSchema } from './interaction.ts'
import type { Receive } from './receive.ts'
import { isSigned, isSignedByDiscord } from './signature.ts'

type Head = Omit<RelayRequest, 'body'>

/** POST /discord/:id: interactions signed by Discord, or messages forwarded with the secret. relay:DC6, DC7, RL4 */
export function inboundRoute(relay: { host: ChannelHost; limits: RateLimits; receive: Receive; interact: Interact }): Route {
  const { host, limits, receive, interact } = relay

  /** Who has no proof at all is refused before anything is read. */
  function admit(request: Head): void {
    const channel = discordChannel(request)
    if (isSigned(request.headers)) return
    if (!showsSecret(request, channel)) refuse(request, 'invalid_token', 'The secret of this address is missing or wrong.')
    admitProven(channel)
  }

  function discordChannel({ params }: Head): ChannelRecord {
    const channel = host.channel(params.id ?? '')
    if (!channel) throw new RelayError('unknown_channel', 'There is no such channel.')
    if (channel.type !== 'discord') throw new RelayError('wrong_channel_type', 'This is not a Discord channel.')
    return channel
  }

  function showsSecret({ query }: Head, channel: ChannelRecord): boolean {
    const shown = query.get('secret')
    const secret = tryUnseal(channel.secrets.platform, host.unseal)
    return shown !== null && secret !== undefined && equalSecret(shown, secret)
  }

  function refuse({ ip }: Head, code: 'invalid_token' | 'bad_signature', sentence: string): never {
    limits.consume('inboundAuthFail', ip)
    throw new RelayError(code, sentence)
  }

  function admitProven(channel: ChannelRecord): void {
    if (!channel.enabled) throw new RelayError('channel_disabled', 'This channel is switched off.', { status: 403 })
    limits.consume('inbound', channel.id)
  }

  async function interaction(request: RelayRequest, channel: ChannelRecord): Promise<Answer> {
    if (!isSignedByDiscord(request.headers, request.body, kept(channel, 'verifyKey')))
      refuse(request, 'bad_signature', 'The signature of this interaction is missing or wrong.')
    admitProven(channel)
    const body = jsonObject(request.body)
    const parsed = interactionSchema.safeParse(body)
    if (parsed.success) return { json: await interact(channel, parsed.data, []) }
    // The portal's first PING has all an interaction has; who tests by hand sends less.
    if (body.type === 1) return { json: { type: 1 } }
    throw new RelayError('invalid_body', 'This is not an interaction of Discord.')
  }

  async function forwarded({ body }: RelayRequest, channel: ChannelRecord): Promise<Answer> {
    const given = readForwarded(jsonObject(body))
    if (given.kind === 'ping') return { json: { type: 1 } }
    const messageId = given.kind === 'message' ? await receive(channel, given, []) : undefined
    return { json: { ok: true, ...(messageId !== undefined && { messageId }) } }
  }

  return {
    method: 'POST',
    path: '/discord/:id',
    before: admit,
    handle(request) {
      const channel = discordChannel(request)
      return isSigned(request.headers) ? interaction(request, channel) : forwarded(request, channel)
    },
  }
}
