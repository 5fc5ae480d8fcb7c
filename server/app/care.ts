import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { backupStore, restoreStore } from '../store/sqlite/backup.ts'
import { type Salvaged, salvageStore } from '../store/sqlite/salvage.ts'
import { STORE_FILE } from './storage.ts'

/** What an operator does with the data of a relay. All throw StoreOpenFailure. relay:CLI2, STO1 */
export const care = {
  /** Also beside a running relay. */
  backup: (dataDir: string, file: string): void => backupStore(join(dataDir, STORE_FILE), file),
  /** Only while no relay runs; every epoch is new afterwards. */
  restore: (dataDir: string, file: string): void => restoreStore(file, join(dataDir, STORE_FILE), randomUUID),
  /** Only while no relay runs. */
  salvage: (dataDir: string): Salvaged => salvageStore(join(dataDir, STORE_FILE), randomUUID),
}
