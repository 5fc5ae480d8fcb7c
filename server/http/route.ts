import type { IncomingHttpHeaders } from 'node:http'
import type { SessionRecord } from '../store/port.ts'

/** A request whose body is read. `pathname` and `target` are as sent, without CHAOS_PUBLIC_URL's path prefix (relay:GEN7). */
export type RelayRequest = {
  id: string
  method: string
  pathname: string
  /** Path and query as sent. relay:SIG2 */
  target: string
  query: URLSearchParams
  params: Record<string, string | undefined>
  headers: IncomingHttpHeaders
  /** relay:RL3 */
  ip: string
  /** Exact bytes. relay:SIG5 */
  body: Buffer
  /** relay:GEN6: for answers to the caller only, never for mails or platforms. */
  baseUrl: string
}

/** A request of a known session. `tokenHash` tells which apiKey it came with. */
export type SessionRequest = RelayRequest & { session: SessionRecord; tokenHash: string }

/** What a handler returns. `json` becomes the body; `bytes` needs its own content type. */
export type Answer = {
  status?: number
  headers?: Record<string, string>
} & ({ json: unknown } | { bytes: Uint8Array; contentType: string } | { html: string } | { empty: true })

export type Handler<R extends RelayRequest = RelayRequest> = (request: R) => Promise<Answer> | Answer

/** One line of the route table. `maxBody` in bytes, read before the handler runs; relay:WH7. */
export type Route = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  maxBody?: number
  /** Runs before the body is read, to refuse early (relay:WH1). Throws RelayError. */
  before?: (request: Omit<RelayRequest, 'body'>) => Promise<void> | void
  handle: Handler
}

/** A route of a session's owner before it is said how they prove who they are; `limit` is per user. */
export type OwnerRoute = Omit<Route, 'before' | 'handle'> & { limit?: LimitKey; handle: Handler<SessionRequest> }

/** relay §2's limits by name. */
export type LimitKey =
  | 'register'
  | 'channelRegister'
  | 'poll'
  | 'reply'
  | 'wsReply'
  | 'wsTicket'
  | 'typing'
  | 'inbound'
  | 'inboundAuthFail'
  | 'emailInbound'
  | 'pairing'
  | 'verification'
  | 'adminLogin'
  | 'deepHealth'
  | 'approval'
  | 'approvalWatch'

export type RateLimits = {
  /** Counts one; over the limit throws rate_limited with relay:RL1's headers. */
  consume(key: LimitKey, subject: string): void
}

/** Wrap a handler; read them like a sentence: `guards.bearer('reply', acceptReply)`. */
export type Guards = {
  /** Auth B: bearer, plus signature if the session is keyed; then the limit per user. relay:AUTH5 */
  bearer(limit: LimitKey | undefined, handler: Handler<SessionRequest>): Handler
  /** Auth S: always signed. relay:AUTH4 */
  signed(limit: LimitKey | undefined, handler: Handler<SessionRequest>): Handler
  /** A limit per caller's address. */
  perAddress(limit: LimitKey, handler: Handler): Handler
}
