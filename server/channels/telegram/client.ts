import { Api, type ApiClientOptions } from 'grammy'
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
    fetch: libraryFetch(relay.fetch),
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

type LibraryFetch = NonNullable<ApiClientOptions['fetch']>
type LibrarySignal = NonNullable<Parameters<Api['getMe']>[0]>

/** The library is written for the fetch and the AbortSignal of other packages; ours takes all but that signal. */
function libraryFetch(ours: typeof fetch): LibraryFetch {
  const call = (url: string, { signal, ...init }: RequestInit & { signal?: LibrarySignal }) => {
    const abort = new AbortController()
    if (signal?.aborted) abort.abort()
    signal?.addEventListener('abort', () => abort.abort())
    return ours(url, { ...init, signal: abort.signal })
  }
  return call as unknown as LibraryFetch
}

/** Our AbortSignal as the library's types want it. */
export function signalFor(signal: AbortSignal): LibrarySignal {
  return signal as unknown as LibrarySignal
}
