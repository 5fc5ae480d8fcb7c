import type { API } from '@discordjs/core/http-only'
import type { ChannelRecord } from '../../store/records.ts'
import { createRequests } from './requests.ts'

/** Enough to upload 5 MiB on a slow line. */
const CALL_TIMEOUT_MS = 60_000

export type DiscordClients = ReturnType<typeof createClients>

/**
 * Typed calls to Discord's API at `apiRoot`, one client per token, because it remembers the rate limits of its token. The library is loaded with the
 * first of them: it takes more memory than the rest of the relay, and not everybody has a Discord bot.
 */
export function createClients(relay: { apiRoot: string; fetch: typeof fetch; unseal(sealed: string): string }) {
  const makeRequest = createRequests(relay.fetch)
  const known = new Map<string, Promise<API>>()

  async function create(token: string): Promise<API> {
    const [{ REST }, { API }] = await Promise.all([import('@discordjs/rest'), import('@discordjs/core/http-only')])
    const rest = new REST({
      api: relay.apiRoot,
      version: '10',
      makeRequest,
      timeout: CALL_TIMEOUT_MS,
      // Waiting and trying again are the outbox's and the Gateway's business: they survive a restart.
      retries: 0,
      rejectOnRateLimit: () => true,
    })
    return new API(rest.setToken(token))
  }

  function tokenOf(channel: ChannelRecord): string | undefined {
    return channel.secrets.botToken === undefined ? undefined : relay.unseal(channel.secrets.botToken)
  }

  function byToken(token: string): Promise<API> {
    const client = known.get(token) ?? create(token)
    known.set(token, client)
    return client
  }

  return {
    tokenOf,
    byToken,
    /** Undefined before registration and after the token was wiped. */
    async of(channel: ChannelRecord): Promise<API | undefined> {
      const token = tokenOf(channel)
      return token === undefined ? undefined : byToken(token)
    },
    /** The token is not good any more: the library gives it up for ever after a refusal. */
    forget: (token: string | undefined): boolean => token !== undefined && known.delete(token),
  }
}
