/** A map that forgets its least recently used entry above `max`. */
export function createLru<K, V extends object>(max: number) {
  const entries = new Map<K, V>()
  return {
    get(key: K): V | undefined {
      const value = entries.get(key)
      if (value === undefined) return undefined
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set(key: K, value: V): void {
      entries.delete(key)
      entries.set(key, value)
      if (entries.size > max) for (const oldest of entries.keys()) return void entries.delete(oldest)
    },
    delete(key: K): void {
      entries.delete(key)
    },
    deleteWhere(matches: (value: V) => boolean): void {
      for (const [key, value] of entries) if (matches(value)) entries.delete(key)
    },
  }
}
