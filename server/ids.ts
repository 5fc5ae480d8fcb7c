import { randomUUID } from 'node:crypto'

/** From here on a random UUID is the same in versions 4 and 7: 12 random bits, the variant, 62 random bits. */
const RANDOM_FROM = 15

/**
 * UUIDs of version 7: they begin with the time, so that rows made after each other lie beside each other in the index of their ids, and a busy
 * relay writes to one page of it instead of to all.
 */
export function createIds({ now }: { now: () => number }): () => string {
  let millisecond = -1
  let prefix = ''
  return () => {
    const time = now()
    if (time !== millisecond) {
      const hex = time.toString(16).padStart(12, '0')
      prefix = `${hex.slice(0, 8)}-${hex.slice(8)}-7`
      millisecond = time
    }
    return prefix + randomUUID().slice(RANDOM_FROM)
  }
}
