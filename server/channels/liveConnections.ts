import type { Log } from '../log.ts'
import type { ChannelRecord } from '../store/records.ts'
import type { Adapters } from './adapters.ts'
import type { Connection } from './port.ts'
import { createSerially } from './serially.ts'

/**
 * Keeps what each enabled channel needs open, and nothing else. Changes of one channel follow each other: a connection is closed before the next is
 * opened. relay:CH9, CH10
 */
export function createLiveConnections({
  adapters,
  channel,
  log,
}: {
  adapters: Adapters
  channel: (id: string) => ChannelRecord | undefined
  log: Pick<Log, 'error'>
}) {
  const open = new Map<string, Connection>()
  const serially = createSerially()
  let running = false

  function wanted(id: string): ChannelRecord | undefined {
    const record = channel(id)
    return running && record?.enabled ? record : undefined
  }

  async function sync(id: string): Promise<void> {
    const current = open.get(id)
    const record = wanted(id)
    if (record && !current) {
      const started = adapters.of(record.type)?.start?.(record)
      if (started) open.set(id, started)
    } else if (!record && current) {
      open.delete(id)
      await current.close()
    }
  }

  /** Makes what is open follow the record as it is when its turn comes. Never rejects. */
  async function follow(id: string): Promise<void> {
    try {
      await serially(id, () => sync(id))
    } catch (error) {
      log.error({ channelId: id, err: error }, 'a channel could not be opened or closed')
    }
  }

  return {
    follow,
    start(ids: Iterable<string>): void {
      running = true
      for (const id of ids) void follow(id)
    },
    async close(): Promise<void> {
      running = false
      await Promise.all([...open.keys()].map(follow))
    },
  }
}
