import { Refusal } from './refusal.ts'

/** What shall go wrong with the next call of a route. `dropAfterAccept` does the work and cuts the line instead of answering. */
export type Fault =
  | { kind: 'refuse'; status: number; code?: number; message: string; retryAfter?: number; global?: boolean }
  | { kind: 'dropAfterAccept' }
  | { kind: 'hangUp' }
  /** Text that is not JSON, as a proxy in between would answer. */
  | { kind: 'page'; status: number }

/** Faults on demand, each used once, in the order given. Routes are named like `POST /channels/:channelId/messages`. */
export function createFaults() {
  const waiting: { route: string; fault: Fault }[] = []
  return {
    next(route: string, fault: Fault): void {
      waiting.push({ route, fault })
    },
    take(route: string): Fault | undefined {
      const at = waiting.findIndex((entry) => entry.route === route)
      return at < 0 ? undefined : waiting.splice(at, 1)[0]?.fault
    },
  }
}

export function asRefusal({ status, code = 0, message, retryAfter, global = false }: Extract<Fault, { kind: 'refuse' }>): Refusal {
  return new Refusal(status, code, message, retryAfter === undefined ? undefined : { retryAfter, global })
}
