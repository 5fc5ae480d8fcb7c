export type Operation = 'send' | 'list' | 'mail' | 'files' | 'file' | 'download'

/** What shall go wrong with the next call of an operation. `dropAfterAccept` does the work and cuts the line instead of answering. */
export type Fault =
  | { kind: 'refuse'; status: number; code: string; message?: string; retryAfter?: number }
  | { kind: 'garbage'; body: string }
  | { kind: 'dropAfterAccept' }
  | { kind: 'hangUp' }

/** Faults on demand, each used once, in the order given. */
export function createFaults() {
  const waiting: { operation: Operation; fault: Fault }[] = []
  return {
    next(operation: Operation, fault: Fault, times = 1): void {
      for (let n = 0; n < times; n++) waiting.push({ operation, fault })
    },
    take(operation: Operation): Fault | undefined {
      const at = waiting.findIndex((entry) => entry.operation === operation)
      return at < 0 ? undefined : waiting.splice(at, 1)[0]?.fault
    },
    clear: () => void waiting.splice(0),
  }
}
