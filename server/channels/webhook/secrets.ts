import { equalSecret } from '../../auth/secrets.ts'
import type { ChannelRecord } from '../../store/records.ts'

export type SigningKey = { scheme: 'standard' | 'github'; secret: string }
type Opened = {
  tokens: { plain: string; until: number }[]
  keys: (SigningKey & { until: number })[]
}

/**
 * A channel's secrets, decrypted once per record: records are never changed in place, so what belongs to an older one is forgotten with it.
 * relay:GEN4, CH13
 */
export function createWebhookSecrets({ unseal, now }: { unseal: (sealed: string) => string; now: () => number }) {
  const opened = new WeakMap<ChannelRecord, Opened>()

  function open(channel: ChannelRecord): Opened {
    const known = opened.get(channel)
    if (known) return known
    const { webhook, webhookPrevious, signing, signingPrevious } = channel.secrets
    const fresh: Opened = { tokens: [], keys: [] }
    if (webhook !== undefined) fresh.tokens.push({ plain: unseal(webhook), until: Number.POSITIVE_INFINITY })
    if (webhookPrevious) fresh.tokens.push({ plain: unseal(webhookPrevious.sealed), until: webhookPrevious.until })
    if (signing) fresh.keys.push({ scheme: signing.scheme, secret: unseal(signing.sealed), until: Number.POSITIVE_INFINITY })
    if (signing && signingPrevious)
      fresh.keys.push({ scheme: signingPrevious.scheme, secret: unseal(signingPrevious.sealed), until: signingPrevious.until })
    opened.set(channel, fresh)
    return fresh
  }

  return {
    /** Whether this is the channel's token, or the one before for as long as it is valid. */
    isToken(channel: ChannelRecord, given: string | null): boolean {
      if (given === null) return false
      let right = false
      // Every token is compared, so that time does not tell which one was close.
      for (const { plain, until } of open(channel).tokens) if (equalSecret(plain, given) && now() < until) right = true
      return right
    },
    /** The keys a signature may be made with; empty when the channel wants none. relay:WH10 */
    signingKeys: (channel: ChannelRecord): SigningKey[] => open(channel).keys.filter(({ until }) => now() < until),
  }
}
