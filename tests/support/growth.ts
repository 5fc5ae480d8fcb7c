/** Processor time of this thread in milliseconds: other programs on the machine do not count. */
function cpuMs(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

/**
 * How many times the processor time of `work` for `length` it takes for four times that length: about 4 where the time grows with the length,
 * 16 where it grows with its square. What takes less than 5 ms counts as 5.
 */
export function growth(work: (length: number) => void, length: number): number {
  const least = (size: number) => Math.min(...[1, 2].map(() => cpuMs(() => work(size))))
  work(length / 4)
  return least(4 * length) / Math.max(least(length), 5)
}

/** Below this the time does not grow with the square of the length. */
export const SQUARE = 12
