/** The exact texts that are signed. Both sides build them here, so they cannot drift apart. All are UTF-8, joined by `|`. */

/** SHA-256 of nothing: the body hash of GET and bodiless requests. relay:SIG5 */
export const EMPTY_BODY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** relay:SIG1. `pathname` percent-encoded as sent, without the query. */
export function requestTextV1(parts: { timestamp: string; nonce: string; pathname: string; bodyHash: string }): string {
  return [parts.timestamp, parts.nonce, parts.pathname, parts.bodyHash].join('|')
}

/** relay:SIG2. `target` is path and query as sent, without the relay's path prefix. */
export function requestTextV2(parts: {
  timestamp: string
  nonce: string
  method: string
  target: string
  bodyHash: string
}): string {
  return ['v2', parts.timestamp, parts.nonce, parts.method, parts.target, parts.bodyHash].join('|')
}

/** relay:SRV1. `nonce` is the request's X-Nonce or empty. */
export function answerText(parts: { timestamp: string; nonce: string; status: number; bodyHash: string }): string {
  return [parts.timestamp, parts.nonce, String(parts.status), parts.bodyHash].join('|')
}

/** relay:SRV2. `credentialHash` is the SHA-256 hex of the ticket or token the socket was opened with. */
export function helloText(parts: { timestamp: string; credentialHash: string; userId: string; epoch: string }): string {
  return ['ws-hello', parts.timestamp, parts.credentialHash, parts.userId, parts.epoch].join('|')
}

/** relay:SIG7 */
export const NONCE_PATTERN = /^[!-{}~]{8,128}$/
