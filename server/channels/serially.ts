/** Runs what belongs to one key one after the other, so that two registrations of one bot do not make two channels. relay:TG2 */
export function createSerially() {
  const last = new Map<string, Promise<unknown>>()
  return async function serially<T>(key: string, run: () => Promise<T>): Promise<T> {
    const before = last.get(key) ?? Promise.resolve()
    const mine = before.then(run, run)
    last.set(key, mine)
    try {
      return await mine
    } finally {
      if (last.get(key) === mine) last.delete(key)
    }
  }
}
