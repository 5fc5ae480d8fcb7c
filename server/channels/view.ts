import type { ChannelConfig, ChannelStatus } from '#protocol/channel.ts'
import type { Metadata } from '#protocol/message.ts'
import type { ChannelRecord } from '../store/records.ts'
import { livePairing } from './pairing.ts'

/** What of `platform` its owner sees. */
const SHOWN = ['botUsername', 'botUrl', 'inviteUrl', 'inboundAddress', 'userEmail', 'verified'] as const
/** Names that only the relay may fill: a caller's metadata cannot claim them, and never holds a secret. relay:CH2, CH6 */
export const RESERVED_METADATA: readonly string[] = [
  ...SHOWN,
  'pairingCode',
  'pairingExpiresAt',
  'webhookSecret',
  'signingScheme',
  'signingSecret',
  'botToken',
  'appToken',
  'verificationToken',
]

/**
 * A channel as its owner sees it: the webhook URL and a live pairing code are shown, secrets as such never. `activity` is what was counted. relay:CH6
 */
export function viewChannel(
  channel: ChannelRecord,
  context: {
    baseUrl: string
    now: number
    unseal: (sealed: string) => string
    activity: Omit<ChannelStatus, 'state' | 'detail'>
  },
): ChannelConfig {
  const { id, type, name, prompt, agentId, direction, enabled, runInBackground, notifyOnComplete } = channel
  const secret = type === 'webhook' ? tryUnseal(channel.secrets.webhook, context.unseal) : undefined
  const inbound = inboundUrl(channel, context)
  return {
    id,
    type,
    ...(name !== undefined && { name }),
    ...(prompt !== undefined && { prompt }),
    agentId,
    direction,
    enabled,
    ...(runInBackground !== undefined && { runInBackground }),
    ...(notifyOnComplete !== undefined && { notifyOnComplete }),
    createdAt: new Date(channel.createdAt).toISOString(),
    status: { ...(enabled ? channel.status : { state: 'disabled' }), ...context.activity },
    ...(secret !== undefined && { webhookUrl: webhookUrl(context.baseUrl, id, secret) }),
    ...(inbound !== undefined && { inboundUrl: inbound }),
    takenOver: channel.takenOver ?? [],
    metadata: { ...channel.metadata, ...shownPlatform(channel), ...shownSigning(channel), ...shownPairing(channel, context) },
  }
}

/** Where a platform, or a forwarder, posts to this channel; its owner tells it so. */
function inboundUrl(channel: ChannelRecord, { baseUrl, unseal }: { baseUrl: string; unseal: (sealed: string) => string }) {
  const { id, type, secrets } = channel
  const secret = type === 'discord' ? tryUnseal(secrets.platform, unseal) : undefined
  if (secret !== undefined) return discordUrl(baseUrl, id, secret)
  return isPosted(channel) ? `${baseUrl}/slack/${id}` : undefined
}

/** Slack posts the events of this channel, because it has no Socket Mode. relay:SL3 */
function isPosted({ type, secrets }: ChannelRecord): boolean {
  return type === 'slack' && secrets.platform !== undefined && secrets.appToken === undefined
}

/** relay:CH3 */
export function webhookUrl(baseUrl: string, id: string, secret: string): string {
  return `${baseUrl}/webhook/${id}?token=${encodeURIComponent(secret)}`
}

/** Where Discord posts interactions, and forwarders messages. relay:DC1, DC7 */
export function discordUrl(baseUrl: string, id: string, secret: string): string {
  return `${baseUrl}/discord/${id}?secret=${encodeURIComponent(secret)}`
}

function shownPlatform({ platform }: ChannelRecord): Metadata {
  return Object.fromEntries(SHOWN.flatMap((name) => (platform[name] === undefined ? [] : [[name, platform[name]]])))
}

/** How its senders have to sign; never with what. relay:CH13 */
function shownSigning({ secrets: { signing } }: ChannelRecord): Metadata {
  return signing ? { signingScheme: signing.scheme } : {}
}

function shownPairing(channel: ChannelRecord, { now, unseal }: { now: number; unseal: (sealed: string) => string }): Metadata {
  const pairing = livePairing(channel, now)
  const pairingCode = tryUnseal(pairing?.sealed, unseal)
  return pairing && pairingCode !== undefined ? { pairingCode, pairingExpiresAt: new Date(pairing.expiresAt).toISOString() } : {}
}

/** Undefined when there is nothing, or the key that sealed it is lost (relay:STO3): the channel itself is still shown. */
export function tryUnseal(sealed: string | undefined, unseal: (sealed: string) => string): string | undefined {
  if (sealed === undefined) return undefined
  try {
    return unseal(sealed)
  } catch {
    return undefined
  }
}
