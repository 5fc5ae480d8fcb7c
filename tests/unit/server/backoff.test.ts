import { describe, expect, it } from 'vitest'
import { nextAttempt, retryDelay, TRIED_FOR_MS } from '../../../server/outbox/backoff.ts'

describe('when a reply is tried again', () => {
  it('relay:REP8 the waits double from 1 s to 300 s, spread by 20 % either way', () => {
    for (const [attempts, seconds] of [
      [1, 1],
      [2, 2],
      [3, 4],
      [8, 128],
      [9, 256],
      [10, 300],
      [500, 300],
      [5000, 300],
    ] as const) {
      expect(retryDelay(attempts, () => 0)).toBe(Math.round(seconds * 800))
      expect(retryDelay(attempts, () => 0.5)).toBe(seconds * 1000)
      expect(retryDelay(attempts, () => 0.999999)).toBeLessThanOrEqual(seconds * 1200)
      expect(retryDelay(attempts, () => 0.999999)).toBeGreaterThan(seconds * 1190)
    }
  })

  it('relay:REP8 the last attempt is at the end of 24 h, and the platform’s wait is never cut short', () => {
    const at = (now: number, retryAfterMs?: number) => nextAttempt({ createdAt: 0 }, { attempts: 20, retryAfterMs, now }, () => 0.5)
    expect(at(0)).toBe(300_000)
    expect(at(TRIED_FOR_MS - 1000)).toBe(TRIED_FOR_MS)
    expect(at(TRIED_FOR_MS)).toBeUndefined()
    expect(at(1000, 0)).toBe(2000)
    expect(at(1000, 5000)).toBe(6000)
    expect(at(TRIED_FOR_MS - 1000, 1000)).toBe(TRIED_FOR_MS)
    expect(at(TRIED_FOR_MS - 1000, 1001)).toBeUndefined()
  })
})
