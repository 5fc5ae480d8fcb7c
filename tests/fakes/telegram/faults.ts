import { Refusal } from './refusal.ts'

/** What shall go wrong with the next call of a method. `dropAfterAccept` does the work and cuts the line instead of answering. */
export type Fault =
  | { kind: 'refuse'; code: number; description: string; retryAfter?: number }
  | { kind: 'dropAfterAccept' }
  | { kind: 'hangUp' }

/** Faults on demand, each used once, in the order given. */
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

export function asRefusal({ code, description, retryAfter }: Extract<Fault, { kind: 'refuse' }>): Refusal {
  return new Refusal(code, description, retryAfter === undefined ? undefined : { retry_after: retryAfter })
}
