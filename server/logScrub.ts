/**
 * Shapes of credentials that an exception's text may quote: a bearer, a Telegram bot token (also behind "bot" in its URL), a Discord bot token, the
 * token of a Discord interaction in its URL, an apiKey of ours, a ticket, a provider's key, a query string. relay:LOG1
 */
const CREDENTIALS: [RegExp, string][] = [
  [/\b(bearer)\s+[^\s"\\]+/gi, '$1 [hidden]'],
  [/(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}/g, '[hidden]'],
  [/\b[A-Za-z0-9_-]{18,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{20,}/g, '[hidden]'],
  [/(\/(?:interactions|webhooks)\/\d+\/)[^\s"\\/]+/g, '$1[hidden]'],
  [/\bchaos_[A-Za-z0-9_-]{16,}/g, '[hidden]'],
  [/\bticket\.[A-Za-z0-9_-]{16,}/g, 'ticket.[hidden]'],
  [/\b(?:re|xox[abeprs]|xapp|whsec)[_-][A-Za-z0-9+/=_-]{8,}/g, '[hidden]'],
  [/\?[^\s"\\]+/g, '?[hidden]'],
]

/** Escape sequences of a JSON text; of them the ones that stand for terminal controls and would act in a text log. */
const ESCAPE = /\\(?:u[0-9a-f]{4}|.)/gi
const CONTROL = /^\\(?:u00[01][0-9a-f]|u007f|u00[89][0-9a-f]|r|b|f)$/i

/** Blanks whatever looks like a credential in one finished log line (JSON) and drops terminal controls. */
export function scrub(line: string): string {
  let text = line.includes('\\') ? line.replace(ESCAPE, (sequence) => (CONTROL.test(sequence) ? '' : sequence)) : line
  for (const [pattern, instead] of CREDENTIALS) text = text.replace(pattern, instead)
  return text
}
