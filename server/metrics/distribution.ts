import type { Named } from './tally.ts'

export type Distribution = ReturnType<typeof createDistribution>

/** How values spread over `bounds` (ascending): one comparison per bound and one addition, no allocation. */
export function createDistribution({ bounds, ...named }: Named & { bounds: readonly number[] }) {
  /** The last one is for what is above every bound. */
  const counts = bounds.map(() => 0).concat(0)
  let sum = 0
  return {
    ...named,
    bounds,
    observe(value: number): void {
      let at = 0
      while (at < bounds.length && value > (bounds[at] ?? 0)) at++
      counts[at] = (counts[at] ?? 0) + 1
      sum += value
    },
    /** For the scrape: how many were at most as large as each bound, and all of them. */
    read(): { upTo: number[]; count: number; sum: number } {
      let count = 0
      const upTo = counts.map((here) => {
        count += here
        return count
      })
      return { upTo: upTo.slice(0, -1), count, sum }
    },
  }
}
