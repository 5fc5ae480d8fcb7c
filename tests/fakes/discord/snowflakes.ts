/** Discord's ids count milliseconds from here. */
const EPOCH = 1_420_070_400_000

export type Snowflakes = ReturnType<typeof createSnowflakes>

/** Ids like Discord's: they tell when they were made, and grow. `now` in epoch milliseconds. */
export function createSnowflakes(now: () => number) {
  let last = 0n
  let others = 0n
  const of = (at: number) => BigInt(Math.floor(at) - EPOCH) << 22n
  return {
    next(): string {
      const wanted = of(now())
      last = wanted > last ? wanted : last + 1n
      return String(last)
    },
    /** One of another time. */
    at(time: number): string {
      others += 1n
      return String(of(time) + others)
    },
  }
}
