/** relay:COR1. What goes by cookie belongs to the relay's own origin and gets none of this; the link is asked for by the extension, signed. */
const NO_CORS = /^\/(?:admin|app(?!\/device-link$))(?:\/|$)/

export const EXPOSED_HEADERS = [
  'X-Server-Signature',
  'X-Server-Timestamp',
  'X-Request-Id',
  'Retry-After',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
].join(', ')

const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'GET, POST, PATCH, DELETE, OPTIONS',
  'Access-Control-Allow-Headers':
    'Content-Type, Authorization, X-Timestamp, X-Nonce, X-Signature, X-Signature-Version, X-Want-Signature, X-Webhook-Source, Idempotency-Key',
  'Access-Control-Max-Age': '600',
}

export function allowsOrigins(pathname: string): boolean {
  return !NO_CORS.test(pathname)
}

/** What an answer to OPTIONS has besides the headers of every answer. */
export function preflightHeaders(pathname: string): Record<string, string> {
  return allowsOrigins(pathname) ? PREFLIGHT : {}
}
