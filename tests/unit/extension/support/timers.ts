import type { Timers } from '../../../../lib/platform/timers.ts'

/** A transaction that reads and writes a few rows takes about ten. */
const TURNS = 24

export type FakeTimers = ReturnType<typeof createFakeTimers>

/** Time moved by hand. `advance` runs what falls due in order and lets promises and database requests settle in between. */
export function createFakeTimers(start = Date.parse('2026-03-01T12:00:00.000Z')) {
  let now = start
  let nextId = 1
  const waiting = new Map<number, { at: number; run: () => void }>()
  const timers: Timers = {
    now: () => now,
    after(ms, run) {
      const id = nextId++
      waiting.set(id, { at: now + ms, run })
      return () => {
        waiting.delete(id)
      }
    },
  }
  return {
    ...timers,
    async advance(ms: number): Promise<void> {
      const end = now + ms
      for (;;) {
        await settle()
        const [due] = [...waiting].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])
        if (!due) break
        waiting.delete(due[0])
        now = Math.max(now, due[1].at)
        due[1].run()
      }
      now = end
      await settle()
    },
    waiting: () => [...waiting.values()].map(({ at }) => at - now).sort((a, b) => a - b),
  }
}

/**
 * Many turns of the event loop: what only waits for promises, the in-memory database or signatures is done afterwards. Turns are counted,
 * not milliseconds, and signatures, which other threads make, are waited for: it holds however busy the machine is.
 */
export async function settle(rounds = 8): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < TURNS; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
    while (underWay.size > 0) await Promise.allSettled(underWay)
  }
}

/** What WebCrypto works on. */
const underWay = watchCrypto()

function watchCrypto(): Set<Promise<unknown>> {
  const working = new Set<Promise<unknown>>()
  for (const name of [
    'sign',
    'verify',
    'digest',
    'generateKey',
    'deriveKey',
    'deriveBits',
    'importKey',
    'exportKey',
    'encrypt',
    'decrypt',
  ] as const) {
    const real = crypto.subtle[name] as (...input: unknown[]) => Promise<unknown>
    const watched = (...input: unknown[]) => {
      const work = real.apply(crypto.subtle, input)
      working.add(work)
      const done = () => working.delete(work)
      work.then(done, done)
      return work
    }
    Object.defineProperty(crypto.subtle, name, { value: watched, configurable: true, writable: true })
  }
  return working
}

const UNTIL_MS = 25_000

/** Waits for something real (a socket, a relay) by looking again after every turn; fails after 25 s, before its test does. */
export async function until(look: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + UNTIL_MS
  while (!(await look())) {
    if (Date.now() > end) throw new Error(`waited ${UNTIL_MS} ms for ${what}`)
    await new Promise<void>((resolve) => setTimeout(resolve, 2))
  }
}
