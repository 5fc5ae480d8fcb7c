import { WebClient, type WebClientOptions } from '@slack/web-api'
import type { ChannelRecord } from '../../store/records.ts'
import { quietLogger } from './quietLogger.ts'

/** How long a call may take, ms. Slack answers within a second or two. */
const CALL_TIMEOUT_MS = 20_000
/** When Slack asks to slow down without saying for how long, in seconds. */
const DEFAULT_WAIT_S = 30

export type SlackClients = ReturnType<typeof createClients>

/** Typed calls to the Web API at `apiRoot`, by token. Each call is one attempt: waiting and trying again is the relay's own business. */
export function createClients(relay: { apiRoot: string; fetch: typeof fetch; unseal(sealed: string): string }) {
  const options = {
    slackApiUrl: `${relay.apiRoot}/`,
    allowAbsoluteUrls: false,
    fetch: namingItsWait(relay.fetch),
    timeout: CALL_TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quietLogger,
  } satisfies WebClientOptions

  const unsealed = (sealed: string | undefined) => (sealed === undefined ? undefined : relay.unseal(sealed))
  const byToken = (token: string) => new WebClient(token, options)

  return {
    byToken,
    /** For Socket Mode, whose client makes its own. */
    options,
    botToken: ({ secrets }: ChannelRecord) => unsealed(secrets.botToken),
    appToken: ({ secrets }: ChannelRecord) => unsealed(secrets.appToken),
    /** Undefined before registration and after the token was wiped. */
    of({ secrets }: ChannelRecord): WebClient | undefined {
      const token = unsealed(secrets.botToken)
      return token === undefined ? undefined : byToken(token)
    },
  }
}

/** The library knows a limit only with its Retry-After; without one it would throw what cannot be told from a fault of ours. */
function namingItsWait(ours: typeof fetch): NonNullable<WebClientOptions['fetch']> {
  return async (url, init) => {
    const answer = await ours(url, init)
    if (answer.status !== 429 || /^\d+$/.test(answer.headers.get('retry-after') ?? '')) return answer
    return new Response(null, { status: 429, headers: { 'retry-after': String(DEFAULT_WAIT_S) } })
  }
}
