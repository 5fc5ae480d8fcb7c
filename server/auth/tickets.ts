import { TICKET_LIFE_MS } from '#protocol/limits.ts'
import type { Clock } from '../clock.ts'
import { hashToken, randomSecret } from './secrets.ts'

/** Who a ticket speaks for. */
export type TicketOwner = { userId: string; tokenHash: string }

/** Far above what wsTicket lets one session hold; the oldest go first. */
const MAX_TICKETS = 20_000

export type Tickets = ReturnType<typeof createTickets>

/** Single-use tickets for opening a socket, kept in memory by their hash. relay:WS3 */
export function createTickets({ clock, maxTickets = MAX_TICKETS }: { clock: Pick<Clock, 'now'>; maxTickets?: number }) {
  const tickets = new Map<string, TicketOwner & { issuedAt: number }>()

  /** All live equally long, so the map's order is the order in which they expire. */
  function forgetOld(now: number): void {
    for (const [hash, ticket] of tickets) {
      if (isFresh(ticket, now) && tickets.size < maxTickets) return
      tickets.delete(hash)
    }
  }

  return {
    issue({ userId, tokenHash }: TicketOwner): { ticket: string; expiresInSeconds: number } {
      const now = clock.now()
      forgetOld(now)
      const ticket = randomSecret()
      tickets.set(hashToken(ticket), { userId, tokenHash, issuedAt: now })
      return { ticket, expiresInSeconds: TICKET_LIFE_MS / 1000 }
    },

    /** The owner, once; `undefined` for an unknown, used or expired ticket. */
    take(ticket: string): TicketOwner | undefined {
      const hash = hashToken(ticket)
      const found = tickets.get(hash)
      if (!found) return undefined
      tickets.delete(hash)
      return isFresh(found, clock.now()) ? { userId: found.userId, tokenHash: found.tokenHash } : undefined
    },

    /** Voids the tickets of ended apiKeys or a removed session. */
    voidWhere(matches: (owner: TicketOwner) => boolean): void {
      for (const [hash, owner] of tickets) if (matches(owner)) tickets.delete(hash)
    },
  }
}

/** A clock that was set back does not lengthen a ticket's life. */
function isFresh({ issuedAt }: { issuedAt: number }, now: number): boolean {
  return Math.abs(now - issuedAt) < TICKET_LIFE_MS
}
