import type { ChannelType } from '#protocol/message.ts'
import { useLive } from '../../ui/live.ts'
import type { PageContext } from '../page.ts'
import type { Shared } from './shared.ts'

/** Kinds a relay names among its features when it has them; Telegram, Discord and webhooks need no mention. relay:HLT1 */
const NAMED = ['slack', 'email'] as const

/** Kinds the relay says it does not have; `undefined` while it has not been heard. */
export function useNotOffered({ connection, profileId }: PageContext, shared: Shared): ReadonlySet<ChannelType> | undefined {
  const isConnected = shared.connection.value?.now?.state === 'connected'
  const details = useLive(() => connection.details({ profileId }), [], [profileId, shared.profile.value?.relayUrl, isConnected])
  const relay = details.value?.relay
  if (!relay?.ok || !relay.features) return undefined
  const { features } = relay
  return new Set(NAMED.filter((kind) => !features.includes(kind)))
}
