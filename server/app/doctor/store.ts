import { join } from 'node:path'
import { openServerKey, type Seal, type ServerKey } from '../../auth/serverKey.ts'
import type { Config } from '../../config.ts'
import { KEY_CHECK, openEncryptionKey } from '../../store/keyFile.ts'
import { StoreOpenFailure } from '../../store/openFailure.ts'
import type { MetaStore } from '../../store/port.ts'
import type { ChannelRecord } from '../../store/records.ts'
import { createSealer } from '../../store/seal.ts'
import { type Inspected, inspectStore } from '../../store/sqlite/inspect.ts'
import { STORE_FILE } from '../storage.ts'
import { type Finding, fail, ok, skip } from './finding.ts'

/** What later checks need of the data; without it they are skipped. */
export type Opened = { channels: ChannelRecord[]; seal: Seal; serverKey: ServerKey }

/** Whether the data is whole and the key fits it. relay:STO1, STO3, CLI3 */
export async function checkStore(config: Config, running: boolean): Promise<{ findings: Finding[]; opened?: Opened }> {
  if (config.dataDir === ':memory:')
    return { findings: [skip('store', 'nothing is kept'), skip('encryption key', 'nothing is kept')] }
  const path = join(config.dataDir, STORE_FILE)
  const inspected = inspectStore(path, { running })
  const store = storeFinding(inspected, path)
  if (inspected.state !== 'sound') return { findings: [store, skip('encryption key', 'there is no store to compare it with')] }
  const { channels, meta } = inspected
  const unchanged: MetaStore = { get: meta.get, set: async () => {} }
  if ((await meta.get(KEY_CHECK)) === undefined) return { findings: [store, ok('encryption key', 'is made at the first start')] }
  try {
    const { dataDir, encryptionKey: variable } = config
    const { key } = await openEncryptionKey({ dataDir, variable, meta: unchanged, acceptKeyLoss: false })
    const seal = createSealer(key)
    const serverKey = await openServerKey({ meta: unchanged, seal })
    const where = variable === undefined ? 'the key file' : 'CHAOS_ENCRYPTION_KEY'
    return { findings: [store, ok('encryption key', `${where} opens the data`)], opened: { channels, seal, serverKey } }
  } catch (error) {
    const sentence = error instanceof StoreOpenFailure ? error.message : `the relay’s own key cannot be read: ${String(error)}`
    return { findings: [store, fail('encryption key', sentence, 'Bring back the key, or the backup it belongs to.')] }
  }
}

function storeFinding(inspected: Inspected, path: string): Finding {
  switch (inspected.state) {
    case 'missing':
      return ok('store', `${path} is made at the first start`)
    case 'damaged':
      return fail(
        'store',
        `${path} is damaged (${inspected.finding})`,
        'Bring back a backup with "chaos-relay restore <file>", or save what is readable with "chaos-relay salvage".',
      )
    case 'unreadable':
      return fail('store', `${path} cannot be read (${inspected.reason})`, 'Check the disk, and that this user may read the file.')
    case 'newer':
      return fail(
        'store',
        `${path} was written by a newer version (schema ${inspected.version}, this one knows ${inspected.known})`,
        'Install that version again, or restore a backup made with this one.',
      )
    case 'sound': {
      const size = `${(inspected.bytes / 1024 / 1024).toFixed(1)} MiB`
      const older = inspected.version < inspected.known ? ', brought up to date at the next start' : ''
      return ok('store', `${path} is whole, ${size}${older}`)
    }
  }
}
