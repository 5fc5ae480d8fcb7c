import type { Locks } from '../../../../lib/platform/locks.ts'

/** Named locks in one process: a test's own, so that tests do not wait for each other. */
export function createTestLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>()
  return {
    hold(name, run) {
      const turn = (tails.get(name) ?? Promise.resolve()).then(run, run)
      tails.set(
        name,
        turn.catch(() => undefined),
      )
      return turn
    },
  }
}
