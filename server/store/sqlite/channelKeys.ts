import type { DatabaseSync } from 'node:sqlite'

const FIND_KEY = 'SELECT key FROM channel_keys WHERE id = ?'
const INSERT_KEY = 'INSERT INTO channel_keys (id) VALUES (?)'
const DELETE_KEY = 'DELETE FROM channel_keys WHERE id = ?'

export type ChannelKeys = ReturnType<typeof createChannelKeys>

/** The number under which a channel's conversations, repeated ids and responses are kept. A deleted channel's number never comes back. */
export function createChannelKeys(database: DatabaseSync) {
  const find = database.prepare(FIND_KEY)
  const insert = database.prepare(INSERT_KEY)
  const remove = database.prepare(DELETE_KEY)
  const keys = new Map<string, number>()

  function lookUp(channelId: string): number | undefined {
    const known = keys.get(channelId)
    if (known !== undefined) return known
    const row = find.get(channelId) as { key: number } | undefined
    if (row) keys.set(channelId, row.key)
    return row?.key
  }

  return {
    lookUp,
    /** Inside a job only: makes the number at the first use. */
    of(channelId: string): number {
      const known = lookUp(channelId)
      if (known !== undefined) return known
      const key = Number(insert.run(channelId).lastInsertRowid)
      keys.set(channelId, key)
      return key
    },
    /** Inside a job only. The number that was. */
    remove(channelId: string): number | undefined {
      const key = lookUp(channelId)
      remove.run(channelId)
      keys.delete(channelId)
      return key
    },
    reload: () => keys.clear(),
  }
}
