import { CLOCK_TOLERANCE_MS } from '#protocol/limits.ts'
import { type Finding, fail, ok, skip, warn } from './finding.ts'

const CHECK = 'clock'
const NOTICEABLE_MS = 60_000

/** Passes requests on, and compares the clock of whoever answers (to the second) with ours. relay:SIG6, CLI3 */
export function createClockCheck({ fetch, now }: { fetch: typeof globalThis.fetch; now: () => number }) {
  let off: { ms: number; host: string } | undefined
  const watched: typeof globalThis.fetch = async (input, init) => {
    const answer = await fetch(input, init)
    const theirs = Date.parse(answer.headers.get('date') ?? '')
    if (!Number.isNaN(theirs)) off ??= { ms: now() - theirs, host: new URL(input instanceof Request ? input.url : input).host }
    return answer
  }
  return {
    fetch: watched,
    finding(): Finding {
      if (!off) return skip(CHECK, 'nobody answered whose clock it could be compared with')
      const seconds = Math.round(Math.abs(off.ms) / 1000)
      const detail = `${seconds} s ${off.ms < 0 ? 'behind' : 'ahead of'} ${off.host}`
      const fix = 'Switch on time synchronisation (NTP).'
      if (Math.abs(off.ms) > CLOCK_TOLERANCE_MS) return fail(CHECK, `${detail}; clients are refused`, fix)
      return Math.abs(off.ms) > NOTICEABLE_MS ? warn(CHECK, detail, fix) : ok(CHECK, `agrees with ${off.host}`)
    },
  }
}
