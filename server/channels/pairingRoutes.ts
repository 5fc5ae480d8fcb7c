import { RelayError } from '#protocol/errors.ts'
import type { PairingAnswer } from '#protocol/http.ts'
import type { OwnerRoute, RateLimits } from '../http/route.ts'
import type { Pairing } from './pairing.ts'
import type { ChannelHost } from './port.ts'

/** Kinds of channel whose users pair with a code. relay §10 */
const PAIRED_TYPES = new Set(['telegram', 'discord', 'slack'])

/** POST /channels/:id/pairing. relay:PAIR5, CH7 */
export function createPairingRoutes(relay: { host: ChannelHost; pairing: Pairing; limits: RateLimits }): OwnerRoute[] {
  const { host, pairing, limits } = relay
  return [
    {
      method: 'POST',
      path: '/channels/:id/pairing',
      async handle({ params, session }) {
        const channel = host.channel(params.id ?? '')
        if (!channel || channel.userId !== session.userId) throw new RelayError('channel_not_found', 'There is no such channel.')
        if (!PAIRED_TYPES.has(channel.type)) {
          throw new RelayError('wrong_channel_type', 'Only Telegram, Discord and Slack channels are paired with a code.')
        }
        limits.consume('pairing', channel.id)
        const { code, expiresAt } = await pairing.renew(channel.id)
        return { json: { pairingCode: code, expiresAt: new Date(expiresAt).toISOString() } satisfies PairingAnswer }
      },
    },
  ]
}
