import type { ChannelRecord } from '../store/records.ts'
import type { Connection } from './port.ts'

export type Connections = ReturnType<typeof createConnections>

/** The open connection of each channel, so that a channel whose token was renewed can be connected anew. relay:CH11 */
export function createConnections(open: (channelId: string) => Connection | undefined) {
  const restarts = new Map<string, () => Promise<void>>()

  return {
    start({ id }: ChannelRecord): Connection {
      let current = open(id)
      let closed = false
      const restart = async () => {
        await current?.close()
        if (!closed) current = open(id)
      }
      restarts.set(id, restart)
      return {
        async close() {
          closed = true
          if (restarts.get(id) === restart) restarts.delete(id)
          await current?.close()
        },
      }
    },
    /** Does nothing for a channel that is not started. */
    async restart(id: string): Promise<void> {
      await restarts.get(id)?.()
    },
  }
}
