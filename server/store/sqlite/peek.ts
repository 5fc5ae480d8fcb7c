import { DatabaseSync } from 'node:sqlite'

const READ_META = 'SELECT value FROM meta WHERE key = ?'

/** One value of a store, read without its lock, so also beside a running relay. `undefined` when there is no such file or value. */
export function peekMeta(path: string, key: string): string | undefined {
  let database: DatabaseSync
  try {
    database = new DatabaseSync(path, { readOnly: true })
  } catch {
    return undefined
  }
  try {
    return (database.prepare(READ_META).get(key) as { value: string } | undefined)?.value
  } finally {
    database.close()
  }
}
