import { describe, expect, it } from 'vitest'
import { RelayError } from '#protocol/errors.ts'
import { createRateLimits } from '../../../server/http/rateLimits.ts'
import { createFakeClock } from '../../support/fakeClock.ts'

function attempt(run: () => void): RelayError | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof RelayError) return error
    throw error
  }
}

describe('rate limits', () => {
  it('relay:RL1 the request over the limit is refused with the seconds to wait, and passes after them', async () => {
    const clock = createFakeClock()
    const limits = createRateLimits({ clock })
    for (let i = 0; i < 30; i++) limits.consume('reply', 'u1')
    await clock.advance(18_500)
    const refused = attempt(() => limits.consume('reply', 'u1'))
    expect(refused?.code).toBe('rate_limited')
    expect(refused?.status).toBe(429)
    expect(refused?.details.retryAfter).toBe(42)
    expect(refused?.details.headers).toEqual({
      'Retry-After': '42',
      'RateLimit-Limit': '30',
      'RateLimit-Remaining': '0',
      'RateLimit-Reset': '42',
    })
    await clock.advance(41_499)
    expect(attempt(() => limits.consume('reply', 'u1'))?.details.retryAfter).toBe(1)
    await clock.advance(1)
    expect(attempt(() => limits.consume('reply', 'u1'))).toBeUndefined()
  })

  it('relay:RL1 subjects and limits do not share a count', () => {
    const limits = createRateLimits({ clock: createFakeClock(), overrides: { reply: { limit: 1, windowSec: 60 } } })
    limits.consume('reply', 'u1')
    expect(attempt(() => limits.consume('reply', 'u2'))).toBeUndefined()
    expect(attempt(() => limits.consume('poll', 'u1'))).toBeUndefined()
    expect(attempt(() => limits.consume('reply', 'u1'))?.code).toBe('rate_limited')
  })

  it('relay:RL2 an override replaces one limit, and 0 is no limit', () => {
    const limits = createRateLimits({
      clock: createFakeClock(),
      overrides: { inbound: { limit: 0, windowSec: 60 }, typing: { limit: 2, windowSec: 10 } },
    })
    for (let i = 0; i < 10_000; i++) limits.consume('inbound', 'c1')
    limits.consume('typing', 'u1')
    limits.consume('typing', 'u1')
    expect(attempt(() => limits.consume('typing', 'u1'))?.details.retryAfter).toBe(10)
    for (let i = 0; i < 120; i++) limits.consume('poll', 'u1')
    expect(attempt(() => limits.consume('poll', 'u1'))?.code).toBe('rate_limited')
  })

  it('relay:RL1 a flood of subjects forgets the oldest and never one of the newest', async () => {
    const clock = createFakeClock()
    const limits = createRateLimits({ clock, overrides: { register: { limit: 1, windowSec: 3600 } }, maxSubjects: 100 })
    for (let i = 0; i < 1000; i++) limits.consume('register', `ip${i}`)
    expect(attempt(() => limits.consume('register', 'ip999'))?.code).toBe('rate_limited')
    expect(attempt(() => limits.consume('register', 'ip950'))?.code).toBe('rate_limited')
    expect(attempt(() => limits.consume('register', 'ip0'))).toBeUndefined()
  })
})
