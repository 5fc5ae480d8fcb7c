/**
 * Shapes of credentials that an exception's text may quote: a bearer, a Telegram bot token, an apiKey of ours, a query string, a provider key, a
 * ticket. relay:LOG1
 */
const CREDENTIALS: [RegExp, string][] = [
  [/\b(bearer)\s+[^\s"\\]+/gi, '$1 [hidden]'],
  [/\b\d{5,}:[A-Za-z0-9_-]{20,}/g, '[hidden]'],
  [/\bchaos_[A-Za-z0-9_-]{16,}/g, '[hidden]'],
  [/\bticket\.[A-Za-z0-9_-]{16,}/g, 'ticket.[hidden]'],
  [/\b(?:re|xox[abeprs]|xapp|whsec)[_-][A-Za-z0-9+/=_-]{8,}/g, '[hidden]'],
  [/((?:https?|wss?):\/\/[^\s"\\?#]*|\/[A-Za-z0-9_\-./%]*)\?[^\s"\\]+/g, '$1?[hidden]'],
]

/** Blanks whatever looks like a credential in one finished log line. */
export function scrub(line: string): string {
  let text = line
  for (const [pattern, instead] of CREDENTIALS) text = text.replace(pattern, instead)
  return text
}
