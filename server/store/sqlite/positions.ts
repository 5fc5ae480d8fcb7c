import type { DatabaseSync } from 'node:sqlite'

const GET_POSITION = 'SELECT value FROM positions WHERE channel_id = ? AND key = ?'
const SET_POSITION = `
  INSERT INTO positions (channel_id, key, value) VALUES (?, ?, ?)
  ON CONFLICT (channel_id, key) DO UPDATE SET value = excluded.value`
const DELETE_POSITIONS = 'DELETE FROM positions WHERE channel_id = ?'

export type Positions = ReturnType<typeof createPositions>

/** How far a channel has read its platform (Telegram offset, e-mail cursor). `set` and `remove` inside jobs only. relay:TG3, EML7 */
export function createPositions(database: DatabaseSync) {
  const get = database.prepare(GET_POSITION)
  const set = database.prepare(SET_POSITION)
  const remove = database.prepare(DELETE_POSITIONS)
  return {
    get: (channelId: string, key: string) => (get.get(channelId, key) as { value: string } | undefined)?.value,
    set: (channelId: string, key: string, value: string): void => void set.run(channelId, key, value),
    remove: (channelId: string): void => void remove.run(channelId),
  }
}
