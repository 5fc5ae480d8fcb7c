import type { DatabaseSync } from 'node:sqlite'

const GET_POSITION = 'SELECT value FROM positions WHERE channel_id = ? AND key = ?'
const SET_POSITION = `
  INSERT INTO positions (channel_id, key, value) VALUES (?, ?, ?)
  ON CONFLICT (channel_id, key) DO UPDATE SET value = excluded.value`
const LIST_POSITIONS = 'SELECT key, value FROM positions WHERE channel_id = ? AND substr(key, 1, length(?)) = ? ORDER BY key'
const DELETE_POSITIONS = 'DELETE FROM positions WHERE channel_id = ?'

export type Positions = ReturnType<typeof createPositions>

/** How far a channel has read its platform (Telegram offset, e-mail cursor, Discord's session). `set` and `remove` inside jobs only. relay:TG3, EML7 */
export function createPositions(database: DatabaseSync) {
  const get = database.prepare(GET_POSITION)
  const set = database.prepare(SET_POSITION)
  const list = database.prepare(LIST_POSITIONS)
  const remove = database.prepare(DELETE_POSITIONS)
  return {
    get: (channelId: string, key: string) => (get.get(channelId, key) as { value: string } | undefined)?.value,
    set: (channelId: string, key: string, value: string): void => void set.run(channelId, key, value),
    list: (channelId: string, prefix: string) => list.all(channelId, prefix, prefix) as { key: string; value: string }[],
    remove: (channelId: string): void => void remove.run(channelId),
  }
}
