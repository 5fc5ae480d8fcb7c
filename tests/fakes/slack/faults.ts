/** What shall go wrong with the next call of a method. `dropAfterAccept` does the work and cuts the line instead of answering. */
export type Fault =
  | { kind: 'error'; error: string }
  | { kind: 'rateLimit'; retryAfter?: number }
  | { kind: 'http'; status: number; body?: string; headers?: Record<string, string> }
  | { kind: 'dropAfterAccept' }
  | { kind: 'hangUp' }
  /** Never answers. */
  | { kind: 'silence' }

/** Faults on demand, each used once, in the order given. Besides methods there are `upload` and `download`. */
export function createFaults() {
  const waiting: { method: string; fault: Fault }[] = []
  return {
    next(method: string, fault: Fault): void {
      waiting.push({ method, fault })
    },
    take(method: string): Fault | undefined {
      const at = waiting.findIndex((entry) => entry.method === method)
      return at < 0 ? undefined : waiting.splice(at, 1)[0]?.fault
    },
  }
}
export type Faults = ReturnType<typeof createFaults>
