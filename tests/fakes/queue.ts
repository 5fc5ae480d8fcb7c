export type Queue<T> = ReturnType<typeof createQueue<T>>

/** Everything that was put in, and a way to wait for each item in turn without sleeping. */
export function createQueue<T>() {
  const all: T[] = []
  const waiting: (() => void)[] = []
  let taken = 0
  const arrival = () => new Promise<void>((resolve) => waiting.push(resolve))
  return {
    all: all as readonly T[],
    put(item: T): void {
      all.push(item)
      for (const wake of waiting.splice(0)) wake()
    },
    /** The next item nobody has taken, in order; with `wanted`, those before it are skipped. */
    async next(wanted: (item: T) => boolean = () => true): Promise<T> {
      for (;;) {
        while (taken < all.length) {
          const item = all[taken++] as T
          if (wanted(item)) return item
        }
        await arrival()
      }
    },
  }
}
