import type { DatabaseSync } from 'node:sqlite'
import type { MetaStore } from '../port.ts'
import type { CommitQueue } from './queue.ts'

const GET_META = 'SELECT value FROM meta WHERE key = ?'
const SET_META = 'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value'

export function createMeta({ database, queue }: { database: DatabaseSync; queue: CommitQueue }): MetaStore {
  const get = database.prepare(GET_META)
  const set = database.prepare(SET_META)
  return {
    get: (key) => queue.read(() => (get.get(key) as { value: string } | undefined)?.value),
    set: (key, value) => queue.add(() => void set.run(key, value)),
  }
}
