import { join } from 'node:path'
import { openServerKey, type Seal, type ServerKey } from '../auth/serverKey.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import type { Counts } from '../metrics/counts.ts'
import { openEncryptionKey } from '../store/keyFile.ts'
import type { Store } from '../store/port.ts'
import type { ChannelRecord } from '../store/records.ts'
import { createSealer } from '../store/seal.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import { failSealedChannels } from './keyLoss.ts'

/** `channels` as they were stored at the start. */
export type Storage = { store: Store; seal: Seal; serverKey: ServerKey; channels: ChannelRecord[]; close(): Promise<void> }

/** The file of the embedded store inside the data directory. */
export const STORE_FILE = 'relay.db'

/** The store, the key that seals what is secret in it, and the relay's own key. Throws StoreOpenFailure. relay:STO1-STO3, SRV3 */
export async function openStorage({
  config,
  log,
  counts,
}: {
  config: Config
  log: Log
  counts: Pick<Counts, 'commitJobs' | 'commitSeconds'>
}): Promise<Storage> {
  const { dataDir, encryptionKey: variable, acceptKeyLoss } = config
  const store = await openSqliteStore({
    path: dataDir === ':memory:' ? dataDir : join(dataDir, STORE_FILE),
    onBatch(jobs, seconds) {
      counts.commitJobs.observe(jobs)
      counts.commitSeconds.observe(seconds)
    },
    onDamage: (damage) => log.error({ damage }, 'a stored row is damaged and will not be delivered'),
  })
  try {
    const { key, lost } = await openEncryptionKey({ dataDir, variable, meta: store.meta, acceptKeyLoss })
    const seal = createSealer(key)
    if (lost) log.warn({ channels: await failSealedChannels(store.channels) }, 'encryption key lost: connect these channels again')
    const serverKey = await openServerKey({ meta: store.meta, seal, fresh: lost })
    return { store, seal, serverKey, channels: await store.channels.load(), close: () => store.close() }
  } catch (error) {
    await store.close()
    throw error
  }
}
