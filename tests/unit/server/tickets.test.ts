import { describe, expect, it } from 'vitest'
import { createTickets } from '../../../server/auth/tickets.ts'
import { createFakeClock } from '../../support/fakeClock.ts'

describe('tickets', () => {
  it('relay:WS3 a ticket has 128 bits or more, works once, and belongs to its session', () => {
    const tickets = createTickets({ clock: createFakeClock() })
    const { ticket, expiresInSeconds } = tickets.issue({ userId: 'u1', tokenHash: 'h1' })
    expect(ticket).toMatch(/^[A-Za-z0-9_-]{22,}$/)
    expect(expiresInSeconds).toBe(30)
    expect(tickets.take(ticket)).toEqual({ userId: 'u1', tokenHash: 'h1' })
    expect(tickets.take(ticket)).toBeUndefined()
    expect(tickets.take('x'.repeat(32))).toBeUndefined()
  })

  it('relay:WS3 a ticket is valid for 30 s', async () => {
    const clock = createFakeClock()
    const tickets = createTickets({ clock })
    const early = tickets.issue({ userId: 'u1', tokenHash: 'h1' }).ticket
    const late = tickets.issue({ userId: 'u1', tokenHash: 'h1' }).ticket
    await clock.advance(29_999)
    expect(tickets.take(early)).toBeDefined()
    await clock.advance(1)
    expect(tickets.take(late)).toBeUndefined()
  })

  it('relay:WS3 tickets of an ended apiKey are void', () => {
    const tickets = createTickets({ clock: createFakeClock() })
    const ended = tickets.issue({ userId: 'u1', tokenHash: 'old' }).ticket
    const kept = tickets.issue({ userId: 'u1', tokenHash: 'new' }).ticket
    tickets.voidWhere(({ tokenHash }) => tokenHash === 'old')
    expect(tickets.take(ended)).toBeUndefined()
    expect(tickets.take(kept)).toBeDefined()
  })

  it('relay:WS3 memory is bounded: the oldest tickets go first', () => {
    const tickets = createTickets({ clock: createFakeClock(), maxTickets: 10 })
    const all = Array.from({ length: 25 }, () => tickets.issue({ userId: 'u1', tokenHash: 'h1' }).ticket)
    expect(all.map((ticket) => tickets.take(ticket) !== undefined)).toEqual(all.map((_, index) => index >= 15))
  })
})
