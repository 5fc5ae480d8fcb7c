import type { IncomingMessage } from 'node:http'
import { RelayError } from '#protocol/errors.ts'
import { SOCKET_PROTOCOL, TICKET_PREFIX } from '#protocol/limits.ts'
import type { Known, Sessions } from '../auth/sessions.ts'
import type { Tickets } from '../auth/tickets.ts'

/** What a client asks for in its handshake. */
export type Handshake = { kind: 'v2' | 'legacy'; ticket: string | undefined; token: string | undefined }

/** The offered subprotocols and `?token=`. A ticket in the URL is none. relay:WS2, WS4, WS5 */
export function readHandshake(request: IncomingMessage, query: URLSearchParams): Handshake {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
  const ticket = offered.find((protocol) => protocol.startsWith(TICKET_PREFIX))?.slice(TICKET_PREFIX.length)
  return {
    kind: offered.includes(SOCKET_PROTOCOL) ? 'v2' : 'legacy',
    ticket,
    token: query.get('token') || undefined,
  }
}

/** Who is opening the socket, and what they showed for it. Throws missing_token, invalid_token, ticket_invalid. relay:WS1, WS2, WS4 */
export async function proveHandshake(
  { ticket, token }: Handshake,
  { sessions, tickets }: { sessions: Pick<Sessions, 'byToken' | 'byTokenHash'>; tickets: Pick<Tickets, 'take'> },
): Promise<{ known: Known; credential: string }> {
  if (ticket !== undefined) {
    const owner = tickets.take(ticket)
    const known = owner && (await sessions.byTokenHash(owner.tokenHash))
    if (!known)
      throw new RelayError('ticket_invalid', 'This ticket is used up, expired or unknown. Get a new one from POST /ws/ticket.')
    return { known, credential: ticket }
  }
  if (token === undefined)
    throw new RelayError('missing_token', 'Open the socket with a ticket from POST /ws/ticket, or with ?token=<apiKey>.')
  const known = await sessions.byToken(token)
  if (!known) throw new RelayError('invalid_token', 'This apiKey is not valid (any more). Register again.')
  return { known, credential: token }
}
