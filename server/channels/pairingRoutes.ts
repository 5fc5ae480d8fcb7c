import { RelayError } from '#protocol/errors.ts'
import type { PairingAnswer } from '#protocol/http.ts'
import type { Guards, RateLimits, Route } from '../http/route.ts'
import type { Pairing } from './pairing.ts'
import type { ChannelHost } from './port.ts'

/** Kinds of channel whose users pair with a code. relay §10 */
const PAIRED_TYPES = new Set(['telegram', 'discord', 'slack'])

/** POST /channels/:id/pairing. relay:PAIR5, CH7 */
export function createPairingRoutes(relay: { host: ChannelHost; pairing: Pairing; guards: Guards; limits: RateLimits }): Route[] {
  const { host, pairing, guards, limits } = relay
  return [
    {
      method: 'POST',
      path: '/channels/:id/pairing',
      handle: guards.bearer(undefined, async ({ params, session }) => {
        const channel = host.channel(params.id ?? '')
        if (!channel || channel.userId !== session.userId) throw new RelayError('channel_not_found', 'There is no such channel.')
        if (!PAIRED_TYPES.has(channel.type)) {
          throw new RelayError('wrong_channel_type', 'Only Telegram, Discord and Slack channels are paired with a code.')
        }
        limits.consume('pairing', channel.id)
        const { code, expiresAt } = await pairing.renew(channel.id)
        return { json: { pairingCode: code, expiresAt: new Date(expiresAt).toISOString() } satisfies PairingAnswer }
      }),
    },
  ]
}
