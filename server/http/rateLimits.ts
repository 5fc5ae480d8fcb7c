import { RelayError } from '#protocol/errors.ts'
import type { Clock } from '../clock.ts'
import { LIMITS, type Limit, type LimitOverrides } from './limitTable.ts'
import type { LimitKey, RateLimits } from './route.ts'

/** Subjects remembered per limit (about 100 bytes each); beyond it the oldest window is forgotten. */
const MAX_SUBJECTS = 50_000

type Window = { endsAt: number; count: number }

/**
 * Fixed windows that begin with a subject's first request. `consume` is synchronous and touches one map entry, because it stands in front of
 * every webhook. Memory is bounded: windows of a limit have one length, so the map's order is the order in which they end. relay:RL1, RL2
 */
export function createRateLimits({
  clock,
  overrides = {},
  maxSubjects = MAX_SUBJECTS,
  onLimited = () => {},
}: {
  clock: Pick<Clock, 'now'>
  overrides?: LimitOverrides
  maxSubjects?: number
  /** Somebody was refused. */
  onLimited?: (key: LimitKey) => void
}): RateLimits & {
  /** Throws as `consume` does, but counts nothing: for what counts only when it fails. */
  check(key: LimitKey, subject: string): void
} {
  const table: Readonly<Record<LimitKey, Limit>> = { ...LIMITS, ...overrides }
  const windows = new Map<LimitKey, Map<string, Window>>()

  function open(subjects: Map<string, Window>, subject: string, now: number, windowMs: number): void {
    subjects.delete(subject)
    if (subjects.size >= maxSubjects) forgetOldest(subjects, now)
    subjects.set(subject, { endsAt: now + windowMs, count: 1 })
  }

  /** One that ends later than any can was begun before the clock was set back. */
  const isOver = (window: Window, now: number, windowMs: number): boolean => now >= window.endsAt || window.endsAt - now > windowMs

  function refuse(key: LimitKey, limit: number, waitMs: number): never {
    onLimited(key)
    throw limited(key, limit, waitMs)
  }

  return {
    check(key, subject) {
      const { limit, windowSec } = table[key]
      const window = windows.get(key)?.get(subject)
      const now = clock.now()
      if (limit === 0 || !window || isOver(window, now, windowSec * 1000) || window.count < limit) return
      refuse(key, limit, window.endsAt - now)
    },
    consume(key, subject) {
      const { limit, windowSec } = table[key]
      if (limit === 0) return
      let subjects = windows.get(key)
      if (subjects === undefined) {
        subjects = new Map()
        windows.set(key, subjects)
      }
      const now = clock.now()
      const window = subjects.get(subject)
      const windowMs = windowSec * 1000
      if (window === undefined || isOver(window, now, windowMs)) open(subjects, subject, now, windowMs)
      else if (window.count < limit) window.count += 1
      else refuse(key, limit, window.endsAt - now)
    },
  }
}

/** Drops every ended window from the front, or the very oldest when none has ended. */
function forgetOldest(subjects: Map<string, Window>, now: number): void {
  let first = true
  for (const [subject, window] of subjects) {
    if (!first && window.endsAt > now) return
    subjects.delete(subject)
    first = false
  }
}

function limited(key: LimitKey, limit: number, waitMs: number): RelayError {
  const retryAfter = Math.max(1, Math.ceil(waitMs / 1000))
  return new RelayError('rate_limited', `Too many requests (limit "${key}"). Try again in ${retryAfter} seconds.`, {
    retryAfter,
    headers: {
      'Retry-After': String(retryAfter),
      'RateLimit-Limit': String(limit),
      'RateLimit-Remaining': '0',
      'RateLimit-Reset': String(retryAfter),
    },
  })
}
