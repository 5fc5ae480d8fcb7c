import { VERIFICATION_LIFE_MS } from '#protocol/limits.ts'
import { equalSecret } from '../../auth/secrets.ts'
import type { Clock } from '../../clock.ts'
import type { ChannelRecord, ChannelSecrets } from '../../store/records.ts'
import type { ChannelHost } from '../port.ts'
import { type EmailFacts, emailFacts } from './channelFacts.ts'

/** 192 random bits: a link cannot be guessed. */
const TOKEN_BYTES = 24

/** What a link leads to. */
export type LinkState =
  | { kind: 'unknown' | 'expired' }
  | { kind: 'pending' | 'alreadyVerified' | 'confirmed'; channel: ChannelRecord; facts: EmailFacts }

export type Verification = ReturnType<typeof createVerification>

/** Links that prove an address belongs to the owner of a channel. The newest works, for 24 hours, once. relay:EML3, EML5 */
export function createVerification(relay: { host: ChannelHost; clock: Clock; random: (bytes: number) => Uint8Array }) {
  const { host, clock, random } = relay

  function look(channel: ChannelRecord | undefined, token: string): LinkState {
    const facts = channel && emailFacts(channel)
    const link = channel?.secrets.verification
    if (!channel || !facts || !link || !equalSecret(host.unseal(link.sealed), token)) return { kind: 'unknown' }
    // A used link is kept only to say so: it opens nothing any more.
    if (facts.verified) return { kind: 'alreadyVerified', channel, facts }
    return clock.now() < link.expiresAt ? { kind: 'pending', channel, facts } : { kind: 'expired' }
  }

  return {
    /** A fresh link; whoever stores `secret` makes every older one void. */
    issue(): { token: string; secret: NonNullable<ChannelSecrets['verification']> } {
      const token = Buffer.from(random(TOKEN_BYTES)).toString('base64url')
      return { token, secret: { sealed: host.seal(token), expiresAt: clock.now() + VERIFICATION_LIFE_MS } }
    },

    /** Changes nothing. relay:EML4 */
    look: (channelId: string, token: string): LinkState => look(host.channel(channelId), token),

    /** relay:EML5 */
    async confirm(channelId: string, token: string): Promise<LinkState> {
      let found = look(host.channel(channelId), token)
      if (found.kind !== 'pending') return found
      const changed = await host.update(channelId, (channel) => {
        found = look(channel, token)
        return found.kind === 'pending' ? verified(found.channel, found.facts) : channel
      })
      if (found.kind !== 'pending') return found
      return changed ? { ...found, kind: 'confirmed' } : { kind: 'unknown' }
    },
  }
}

/** The owner's own address may always write. relay:EML5 */
function verified(channel: ChannelRecord, { userEmail }: EmailFacts): ChannelRecord {
  const given = channel.metadata.allowedSenders
  const senders = Array.isArray(given) ? given : []
  return {
    ...channel,
    metadata: { ...channel.metadata, allowedSenders: senders.includes(userEmail) ? senders : [...senders, userEmail] },
    platform: { ...channel.platform, verified: true },
    status: { state: 'ok' },
  }
}
