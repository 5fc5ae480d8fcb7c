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
  inboundAddress?: string
  userEmail?: string
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
  inboundAddress: text,
  userEmail: text,
  signingScheme: z.catch(z.optional(signingSchemeSchema), undefined),
  allowedUsers: names,
  allowedSenders: names,
})

export function channelFacts(config: ChannelConfig): ChannelFacts {
  const { botUsername, botUrl, pairingCode, pairingExpiresAt, inboundAddress, userEmail, signingScheme, ...lists } =
    factsSchema.parse(config.metadata)
  const expires = pairingExpiresAt === undefined ? Number.NaN : Date.parse(pairingExpiresAt)
  return {
    ...lists,
    ...(botUsername && { botUsername: botUsername.replace(/^@/, '') }),
    ...(botUrl && { botUrl }),
    ...(pairingCode && { pairingCode }),
    ...(Number.isFinite(expires) && { pairingExpiresAt: expires }),
    ...(inboundAddress && { inboundAddress }),
    ...(userEmail && { userEmail }),
    ...(signingScheme && { signingScheme }),
  }
}

/** What a person calls this channel: its name, else what it is known by outside. Empty where nothing is known. */
export function channelTitle(config: ChannelConfig): string {
  const { botUsername, inboundAddress, userEmail } = channelFacts(config)
  return config.name?.trim() || (botUsername ? `@${botUsername}` : (inboundAddress ?? userEmail ?? ''))
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
