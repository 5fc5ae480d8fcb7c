import type { AdminChannel } from '#protocol/admin.ts'
import type { ChannelConfig } from '#protocol/channel.ts'
import { scrub } from '../logScrub.ts'

/** Names of a channel's metadata that the operator sees. */
const LISTS = ['allowedUsers', 'allowedSenders'] as const
const TEXTS = ['botUsername', 'inboundAddress'] as const

/** What the operator sees of a channel: of what its owner sees, all that cannot open anything. relay:ADM6, ADM9 */
export function toAdminChannel({ id, type, agentId, enabled, status, metadata }: ChannelConfig): AdminChannel {
  const { detail, lastRejectedReason, ...rest } = status
  const lists = LISTS.flatMap((name) => (Array.isArray(metadata[name]) ? [[name, metadata[name].map(String)]] : []))
  const texts = TEXTS.flatMap((name) => (typeof metadata[name] === 'string' ? [[name, metadata[name]]] : []))
  return {
    id,
    type,
    agentId,
    enabled,
    status: {
      ...rest,
      ...(detail !== undefined && { detail: scrub(detail) }),
      ...(lastRejectedReason !== undefined && { lastRejectedReason: scrub(lastRejectedReason) }),
    },
    ...Object.fromEntries([...lists, ...texts]),
    ...(typeof metadata.verified === 'boolean' && { verified: metadata.verified }),
    hasPairingCode: metadata.pairingCode !== undefined,
  }
}
