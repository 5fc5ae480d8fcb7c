import { DatabaseSync } from 'node:sqlite'
import type { PublicKeyJwk } from '#protocol/keys.ts'
import { SESSIONS_BEGINNING } from './sessionsSql.ts'

const READ_META = 'SELECT value FROM meta WHERE key = ?'

/** One value of a store, read without its lock, so also beside a running relay. `undefined` when there is no such file or value. */
export function peekMeta(path: string, key: string): string | undefined {
  return peek(path, (database) => (database.prepare(READ_META).get(key) as { value: string } | undefined)?.value)
}

/** The sessions whose userId begins so, two at most, read in the same way. */
export function peekSessions(path: string, beginning: string): { userId: string; publicKey?: PublicKeyJwk }[] {
  const rows = peek(path, (database) => database.prepare(SESSIONS_BEGINNING).all(beginning)) ?? []
  return (rows as { user_id: string; public_key: string | null }[]).map(({ user_id, public_key }) => ({
    userId: user_id,
    ...(public_key !== null && { publicKey: JSON.parse(public_key) as PublicKeyJwk }),
  }))
}

function peek<T>(path: string, read: (database: DatabaseSync) => T): T | undefined {
  let database: DatabaseSync
  try {
    database = new DatabaseSync(path, { readOnly: true })
  } catch {
    return undefined
  }
  try {
    return read(database)
  } finally {
    database.close()
  }
}
