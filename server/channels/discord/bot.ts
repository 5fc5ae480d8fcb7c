import { PermissionFlagsBits } from 'discord-api-types/v10'
import * as z from 'zod'
import { RelayError } from '#protocol/errors.ts'
import type { ChannelRecord } from '../../store/records.ts'
import type { DiscordClients } from './client.ts'
import { isTrouble, readTrouble } from './trouble.ts'

/** How long a caller waits for Discord's word on a token. */
const CHECK_TIMEOUT_MS = 15_000

const userSchema = z.object({ id: z.string().regex(/^\d+$/), username: z.string().min(1) })
const applicationSchema = z.object({ id: z.string().regex(/^\d+$/), verify_key: z.string().regex(/^[0-9a-f]{64}$/i) })

/** What Discord says about a bot. `verifyKey` (hex) proves its interactions. */
export type Bot = { id: string; username: string; applicationId: string; verifyKey: string }

/** Throws provider_rejected, provider_unreachable. relay:DC1 */
export async function askDiscord(clients: DiscordClients, token: string): Promise<Bot> {
  try {
    const api = await clients.byToken(token)
    const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS)
    const user = userSchema.safeParse(await api.users.getCurrent({ signal }))
    const application = applicationSchema.safeParse(await api.applications.getCurrent({ signal }))
    if (user.success && application.success) {
      const { id, verify_key } = application.data
      return { ...user.data, applicationId: id, verifyKey: verify_key }
    }
  } catch (error) {
    if (!isTrouble(error)) throw error
    // Also a client that was refused: whoever corrects the token begins anew.
    clients.forget(token)
    throw registrationFailed(error)
  }
  throw new RelayError(
    'provider_unreachable',
    failed('What answers at the address for Discord is not Discord. Check the configuration.'),
  )
}

const failed = (cause: string) => `Discord registration failed: ${cause}`

/** relay:DC1. Without a cause: the library's errors hold what was sent. */
function registrationFailed(error: unknown): RelayError {
  const trouble = readTrouble(error)
  switch (trouble.kind) {
    case 'unreachable':
      return new RelayError(
        'provider_unreachable',
        failed('Discord is not reachable. Check the connection of the relay and try again.'),
      )
    case 'unauthorised':
      return new RelayError(
        'provider_rejected',
        failed(
          'Discord does not know this token. Press Reset Token in the developer portal (your app > Bot) and copy the new one.',
        ),
      )
    case 'tooFast':
      return new RelayError('provider_rejected', failed('Discord asks to slow down. Try again in a minute.'))
    case 'refused':
      return new RelayError('provider_rejected', failed(trouble.description))
  }
}

/** Reading, answering, files and threads; nothing else. */
const PERMISSIONS =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.SendMessagesInThreads |
  PermissionFlagsBits.EmbedLinks |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.ReadMessageHistory

/** Where somebody adds the bot to a server of theirs. relay:DC1 */
export function inviteUrl({ applicationId }: Pick<Bot, 'applicationId'>): string {
  return `https://discord.com/oauth2/authorize?client_id=${applicationId}&scope=bot+applications.commands&permissions=${PERMISSIONS}`
}

/** What the record keeps of a bot. */
export function platformOf(bot: Bot): Record<string, string> {
  const { id, username, applicationId, verifyKey } = bot
  return { botId: id, botUsername: username, applicationId, verifyKey, inviteUrl: inviteUrl(bot) }
}

/** One of `platformOf`, where the channel is registered. */
export function kept(channel: ChannelRecord, name: 'botId' | 'botUsername' | 'applicationId' | 'verifyKey'): string {
  return String(channel.platform[name] ?? '')
}
