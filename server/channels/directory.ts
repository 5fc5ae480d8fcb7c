import type { ChannelRecord } from '../store/records.ts'

export type Directory = ReturnType<typeof createDirectory>

/**
 * Every channel of the relay, in memory: every post looks here first. It follows the store: it is changed only after a commit, and only by the host.
 * `records` in creation order. relay:CH6
 */
export function createDirectory(records: Iterable<ChannelRecord>) {
  const channels = new Map<string, ChannelRecord>()
  const owned = new Map<string, Set<string>>()

  function set(channel: ChannelRecord): void {
    channels.set(channel.id, channel)
    const ids = owned.get(channel.userId) ?? new Set()
    owned.set(channel.userId, ids.add(channel.id))
  }

  for (const channel of records) set(channel)

  return {
    byId: (id: string): ChannelRecord | undefined => channels.get(id),
    all: (): Iterable<ChannelRecord> => channels.values(),
    /** In creation order. */
    ownedBy(userId: string): ChannelRecord[] {
      const found: ChannelRecord[] = []
      for (const id of owned.get(userId) ?? []) {
        const channel = channels.get(id)
        if (channel) found.push(channel)
      }
      return found
    },
    set,
    remove({ id, userId }: ChannelRecord): void {
      channels.delete(id)
      const ids = owned.get(userId)
      ids?.delete(id)
      if (ids?.size === 0) owned.delete(userId)
    },
  }
}
