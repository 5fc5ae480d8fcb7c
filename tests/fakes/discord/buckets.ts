/** So many calls of a route and a channel per window, told in the headers of every answer, refused beyond. */
export type Limit = { limit: number; windowMs: number }

/** Discord's rate limits, for the routes a test limits. */
export function createBuckets(now: () => number) {
  const limits = new Map<string, Limit>()
  const used = new Map<string, { count: number; resetAt: number }>()
  return {
    limit: (route: string, limit: Limit): void => void limits.set(route, limit),
    /** Counts one call; `retryAfter` in seconds when it is one too many. */
    take(route: string, major: string): { headers: Record<string, string>; retryAfter?: number } {
      const limit = limits.get(route)
      if (!limit) return { headers: {} }
      const key = `${route} ${major}`
      const known = used.get(key)
      const window = known && known.resetAt > now() ? known : { count: 0, resetAt: now() + limit.windowMs }
      used.set(key, window)
      window.count += 1
      const resetAfter = (window.resetAt - now()) / 1000
      const headers = {
        'x-ratelimit-bucket': Buffer.from(route).toString('hex').slice(0, 32),
        'x-ratelimit-limit': String(limit.limit),
        'x-ratelimit-remaining': String(Math.max(0, limit.limit - window.count)),
        'x-ratelimit-reset-after': resetAfter.toFixed(3),
      }
      return window.count > limit.limit ? { headers, retryAfter: resetAfter } : { headers }
    },
  }
}
