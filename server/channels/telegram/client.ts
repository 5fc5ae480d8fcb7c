import { Api, type ApiClientOptions } from 'grammy/web'
import type { ChannelRecord } from '../../store/records.ts'

/** How updates are waited for. Telegram answers after this many seconds even if there is none. */
export const LONG_POLL_SECONDS = 25
/** More than a long poll takes, and enough to upload 5 MiB on a slow line. */
const CALL_TIMEOUT_SECONDS = 60

export type TelegramClients = ReturnType<typeof createClients>

/** Typed calls to the Bot API at `apiRoot`, by token. */
export function createClients(relay: { apiRoot: string; fetch: typeof fetch; unseal(sealed: string): string }) {
  const options = {
    apiRoot: relay.apiRoot,
    timeoutSeconds: CALL_TIMEOUT_SECONDS,
    // The library's types name the fetch of another package; it calls ours with what both take.
    fetch: relay.fetch as unknown as NonNullable<ApiClientOptions['fetch']>,
  }

  function tokenOf(channel: ChannelRecord): string | undefined {
    return channel.secrets.botToken === undefined ? undefined : relay.unseal(channel.secrets.botToken)
  }

  return {
    tokenOf,
    byToken: (token: string) => new Api(token, options),
    /** Undefined before registration and after the token was wiped. */
    of(channel: ChannelRecord): Api | undefined {
      const token = tokenOf(channel)
      return token === undefined ? undefined : new Api(token, options)
    },
  }
}

/** The library's types name the AbortSignal of another package; it listens to ours alike. */
export function signalFor(signal: AbortSignal): Parameters<Api['getMe']>[0] {
  return signal as unknown as Parameters<Api['getMe']>[0]
}
