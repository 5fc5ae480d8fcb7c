import { statfs } from 'node:fs/promises'

/** How many bytes the relay can still write; `undefined` where it keeps nothing or the file system does not say. */
export function diskFreeOf(dataDir: string): () => Promise<number | undefined> {
  return async () => {
    if (dataDir === ':memory:') return undefined
    try {
      const { bavail, bsize } = await statfs(dataDir)
      return bavail * bsize
    } catch {
      return undefined
    }
  }
}
