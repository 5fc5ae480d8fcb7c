import type { DatabaseSync } from 'node:sqlite'
import type { ChannelStore } from '../port.ts'
import type { ChannelRecord } from '../records.ts'
import type { ChannelKeys } from './channelKeys.ts'
import type { Positions } from './positions.ts'
import type { CommitQueue } from './queue.ts'

export const ALL_CHANNELS = 'SELECT record, revision FROM channels ORDER BY row'
const INSERT_CHANNEL = 'INSERT INTO channels (id, user_id, revision, record) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
const PUT_CHANNEL = 'UPDATE channels SET user_id = ?, revision = ?, record = ? WHERE id = ? AND revision = ?'
const DELETE_CHANNEL = 'DELETE FROM channels WHERE id = ?'
const CHANNELS_OF = 'SELECT id FROM channels WHERE user_id = ?'
const DELETE_CONVERSATIONS = 'DELETE FROM conversations WHERE channel = ?'

type Parts = { database: DatabaseSync; queue: CommitQueue; channelKeys: ChannelKeys; positions: Positions }

export type Channels = ReturnType<typeof createChannels>

export function createChannels({ database, queue, channelKeys, positions }: Parts) {
  const all = database.prepare(ALL_CHANNELS)
  const insert = database.prepare(INSERT_CHANNEL)
  const put = database.prepare(PUT_CHANNEL)
  const remove = database.prepare(DELETE_CHANNEL)
  const channelsOf = database.prepare(CHANNELS_OF)
  const deleteConversations = database.prepare(DELETE_CONVERSATIONS)

  function removeNow(channelId: string): boolean {
    const removed = Number(remove.run(channelId).changes) > 0
    const channel = channelKeys.remove(channelId)
    if (channel !== undefined) deleteConversations.run(channel)
    positions.remove(channelId)
    return removed
  }

  const store: ChannelStore = {
    load: () =>
      queue.read(() =>
        (all.all() as { record: string; revision: number }[]).map(
          ({ record, revision }) => ({ ...JSON.parse(record), revision }) as ChannelRecord,
        ),
      ),
    insert: (channel) =>
      queue.add(() => Number(insert.run(channel.id, channel.userId, channel.revision, JSON.stringify(channel)).changes) > 0),
    put: (channel, expected) =>
      queue.add(() => Number(put.run(channel.userId, expected + 1, JSON.stringify(channel), channel.id, expected).changes) > 0),
    remove: (channelId) => queue.add(() => removeNow(channelId)),
    position: (channelId, key) => queue.read(() => positions.get(channelId, key)),
    setPosition: (channelId, key, value) => queue.add(() => positions.set(channelId, key, value)),
    positions: (channelId, prefix) => queue.read(() => positions.list(channelId, prefix)),
  }
  return {
    store,
    /** Inside a job only. */
    removeAllOf(userId: string): void {
      for (const { id } of channelsOf.all(userId) as { id: string }[]) removeNow(id)
    },
  }
}
