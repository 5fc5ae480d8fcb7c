import * as z from 'zod/mini'
import { type ChannelConfig, type SigningScheme, signingSchemeSchema } from '#protocol/channel.ts'

/** What a channel's metadata says, as far as it fits; a value of another shape counts as absent. client:ARC7 */
export type ChannelFacts = {
  botUsername?: string
  /** Opens the conversation with the bot, where the platform has an address for it. */
  botUrl?: string
  pairingCode?: string
  /** Epoch ms. */
  pairingExpiresAt?: number
  /** Where somebody adds a Discord bot to a server. relay:DC1 */
  inviteUrl?: string
  inboundAddress?: string
  userEmail?: string
  /** In servers the bot hears only what is said to it. relay:DC5 */
  mentionOnly?: true
  /** Senders of this webhook have to sign. */
  signingScheme?: SigningScheme
  allowedUsers: string[]
  allowedSenders: string[]
}

const text = z.catch(z.optional(z.string().check(z.minLength(1))), undefined)
const names = z.catch(z.array(z.string()), [])
const factsSchema = z.object({
  botUsername: text,
  botUrl: z.catch(z.optional(z.string().check(z.regex(/^https:\/\//))), undefined),
  pairingCode: text,
  pairingExpiresAt: text,
  inviteUrl: text,
  inboundAddress: text,
  userEmail: text,
  mentionOnly: z.catch(z.optional(z.boolean()), undefined),
  signingScheme: z.catch(z.optional(signingSchemeSchema), undefined),
  allowedUsers: names,
  allowedSenders: names,
})

export function channelFacts(config: Pick<ChannelConfig, 'metadata'>): ChannelFacts {
  const { botUsername, botUrl, pairingCode, pairingExpiresAt, inviteUrl, inboundAddress, userEmail, ...rest } = factsSchema.parse(
    config.metadata,
  )
  const { mentionOnly, signingScheme, ...lists } = rest
  const expires = pairingExpiresAt === undefined ? Number.NaN : Date.parse(pairingExpiresAt)
  return {
    ...lists,
    ...(botUsername && { botUsername: botUsername.replace(/^@/, '') }),
    ...(botUrl && { botUrl }),
    ...(pairingCode && { pairingCode }),
    ...(Number.isFinite(expires) && { pairingExpiresAt: expires }),
    ...(inviteUrl && isDiscordInvite(inviteUrl) && { inviteUrl }),
    ...(inboundAddress && { inboundAddress }),
    ...(userEmail && { userEmail }),
    ...(mentionOnly && { mentionOnly }),
    ...(signingScheme && { signingScheme }),
  }
}

/** The relay names the address; that it leads to Discord is seen here. */
function isDiscordInvite(address: string): boolean {
  return address.startsWith('https://discord.com/oauth2/authorize?')
}

/** What a person calls this channel: its name, else what it is known by outside. Empty where nothing is known. */
export function channelTitle(config: ChannelConfig): string {
  const { botUsername, inboundAddress, userEmail } = channelFacts(config)
  return config.name?.trim() || (botUsername ? `@${botUsername}` : (inboundAddress ?? userEmail ?? ''))
}

/** When it was last heard of, epoch ms; `undefined` where it never was. */
export function lastInbound({ status: { lastInboundAt = '' } }: ChannelConfig): number | undefined {
  const at = Date.parse(lastInboundAt)
  return Number.isNaN(at) ? undefined : at
}

/** The state of a pairing code. client:WIZ6 */
export type Pairing =
  | { state: 'live'; code: string; expiresAt: number }
  | { state: 'expired' }
  /** The relay names no code at all. */
  | { state: 'ended' }
  /** Gone before its time: five wrong guesses. relay:PAIR4 */
  | { state: 'used_up' }

export function pairingOf(facts: ChannelFacts, now: number): Pairing {
  const { pairingCode, pairingExpiresAt } = facts
  if (pairingExpiresAt === undefined) return { state: 'ended' }
  if (pairingExpiresAt <= now) return { state: 'expired' }
  return pairingCode ? { state: 'live', code: pairingCode, expiresAt: pairingExpiresAt } : { state: 'used_up' }
}

/** Opens the bot with the code filled in. relay:PAIR2 takes `/start CODE`. */
export function telegramLink(botUsername: string, code?: string): string {
  const bot = `https://t.me/${encodeURIComponent(botUsername)}`
  return code ? `${bot}?start=${encodeURIComponent(code)}` : bot
}

/** Where senders read replies. relay:CH12 */
export function responsesUrl(config: ChannelConfig): string | undefined {
  return config.webhookUrl?.replace(/\/webhook\/([^/?#]+).*$/, '/responses/$1')
}

/** A command a person can paste into a terminal. */
export function curlExample(webhookUrl: string): string {
  return `curl '${webhookUrl.replaceAll("'", "'\\''")}' \\\n  -H 'Content-Type: application/json' \\\n  -d '{"from": "me", "text": "Hello"}'`
}
