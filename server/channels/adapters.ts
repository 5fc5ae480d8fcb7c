import type { ChannelRecord } from '../store/records.ts'
import type { ChannelAdapter } from './port.ts'

export type Adapters = ReturnType<typeof createAdapters>

/** The kinds of channel this relay has. Kinds are made with the host, and the host works with them: they are added before it starts. */
export function createAdapters() {
  const byType = new Map<ChannelRecord['type'], ChannelAdapter>()
  return {
    add(...adapters: ChannelAdapter[]): void {
      for (const adapter of adapters) byType.set(adapter.type, adapter)
    },
    of: (type: ChannelRecord['type']): ChannelAdapter | undefined => byType.get(type),
    /** Throws when this kind of channel has no files to fetch. relay:ATT6 */
    async fetchFile(channel: ChannelRecord, source: string): Promise<{ bytes: Uint8Array; mimeType?: string }> {
      const fetchFile = byType.get(channel.type)?.fetchFile
      if (!fetchFile) throw new Error(`Channels of type ${channel.type} have no files to fetch.`)
      return fetchFile(channel, source)
    },
  }
}
