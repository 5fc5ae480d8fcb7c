import { SlackError, WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api'

/** Why a call to Slack failed. Never holds a token or what was sent, unlike the library's errors. */
export type Trouble =
  | { kind: 'unauthorised'; error: string }
  | { kind: 'tooFast'; retryAfterMs: number }
  | { kind: 'unreachable' }
  /** `needed` is the permission that is missing. */
  | { kind: 'refused'; error: string; needed?: string }

/** The token, or whom it belongs to, is no longer good for anything. relay:CH11 */
const UNAUTHORISED = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'invalid_token',
  'not_allowed_token_type',
  'team_disabled',
  'user_removed_from_team',
])
/** Slack's own passing troubles, told with status 200. */
const PASSING = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org'])
const LIMITED = new Set(['ratelimited', 'rate_limited', 'accesslimited'])
/** For limits told without their wait. */
const LIMITED_WAIT_MS = 30_000

/** Reads what the library threw. Anything else is a fault of ours and thrown on. */
export function readTrouble(error: unknown): Trouble {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'tooFast', retryAfterMs: error.retryAfter * 1000 }
  if (error instanceof WebAPIPlatformError) return readRefusal(error)
  if (error instanceof WebAPIHTTPError && (error.statusCode === 401 || error.statusCode === 403))
    return { kind: 'unauthorised', error: 'invalid_auth' }
  if (error instanceof SlackError) return { kind: 'unreachable' }
  throw error
}

function readRefusal({ data }: WebAPIPlatformError): Trouble {
  const { error } = data
  const needed = 'needed' in data && typeof data.needed === 'string' ? data.needed : undefined
  // An answer that is not Slack's stands there whole.
  if (typeof error !== 'string' || !/^[a-z0-9_]{1,80}$/.test(error) || PASSING.has(error)) return { kind: 'unreachable' }
  if (UNAUTHORISED.has(error)) return { kind: 'unauthorised', error }
  if (LIMITED.has(error)) return { kind: 'tooFast', retryAfterMs: LIMITED_WAIT_MS }
  return { kind: 'refused', error, ...(needed !== undefined && { needed }) }
}

export const BOT_TOKEN_FIX =
  'Slack does not accept the bot token any more. Install the app again under "Install App", copy the new bot token and add it here.'
export const APP_TOKEN_FIX =
  'Slack does not accept the app-level token any more. Make a new one with connections:write under "Basic Information" and add both tokens again.'

/** The sentence for the owner; `token` says which of the two was shown. */
export function explain(trouble: Trouble, token: 'bot' | 'app' = 'bot'): string {
  switch (trouble.kind) {
    case 'unauthorised':
      return token === 'bot' ? BOT_TOKEN_FIX : APP_TOKEN_FIX
    case 'tooFast':
      return 'Slack asks this app to slow down.'
    case 'unreachable':
      return 'Slack is not reachable.'
    case 'refused':
      return trouble.error === 'missing_scope' ? lacking(trouble.needed) : `Slack refused: ${trouble.error}`
  }
}

function lacking(needed: string | undefined): string {
  return `The app lacks the permission ${needed ?? 'for this'}. Add it under "OAuth & Permissions", install the app again and add its new bot token here.`
}
