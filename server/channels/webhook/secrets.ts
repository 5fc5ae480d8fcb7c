import { matchesDigest, secretDigest } from '../../auth/secrets.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { tryUnseal } from '../view.ts'

export type SigningKey = { scheme: 'standard' | 'github'; secret: string }
/** `until` in epoch milliseconds. */
type Opened = {
  tokens: { digest: Buffer; until: number }[]
  keys: (SigningKey & { until: number })[]
}

const FOREVER = Number.POSITIVE_INFINITY

/**
 * A channel's secrets, decrypted once per record: records are never changed in place, so what belongs to an older one is forgotten with it. A secret
 * that cannot be decrypted any more (relay:STO3) opens nothing. relay:GEN4, CH13
 */
export function createWebhookSecrets({ unseal, now }: { unseal: (sealed: string) => string; now: () => number }) {
  const opened = new WeakMap<ChannelRecord, Opened>()

  function open(channel: ChannelRecord): Opened {
    let known = opened.get(channel)
    if (!known) {
      known = { tokens: tokensOf(channel), keys: keysOf(channel) }
      opened.set(channel, known)
    }
    return known
  }

  function tokensOf({ secrets: { webhook, webhookPrevious } }: ChannelRecord): Opened['tokens'] {
    const current = tryUnseal(webhook, unseal)
    const previous = tryUnseal(webhookPrevious?.sealed, unseal)
    return [
      ...(current === undefined ? [] : [{ digest: secretDigest(current), until: FOREVER }]),
      ...(previous === undefined ? [] : [{ digest: secretDigest(previous), until: webhookPrevious?.until ?? 0 }]),
    ]
  }

  /** A key that cannot be read stays in the list, as one that signs nothing: signatures do not become optional by it. */
  function keysOf({ secrets: { signing, signingPrevious } }: ChannelRecord): Opened['keys'] {
    if (!signing) return []
    const current = { scheme: signing.scheme, secret: tryUnseal(signing.sealed, unseal) ?? '', until: FOREVER }
    if (!signingPrevious) return [current]
    const { scheme, sealed, until } = signingPrevious
    return [current, { scheme, secret: tryUnseal(sealed, unseal) ?? '', until }]
  }

  return {
    /** Whether this is the channel's token, or the one before for as long as it is valid. */
    isToken(channel: ChannelRecord, given: string | null): boolean {
      if (given === null) return false
      let right = false
      // Every token is compared, so that time does not tell which one was close.
      for (const { digest, until } of open(channel).tokens) if (matchesDigest(given, digest) && now() < until) right = true
      return right
    },
    /** The keys a signature may be made with; empty when the channel wants none. relay:WH10 */
    signingKeys(channel: ChannelRecord): readonly SigningKey[] {
      const { keys } = open(channel)
      return keys.length === 0 ? keys : keys.filter(({ until }) => now() < until)
    },
  }
}
