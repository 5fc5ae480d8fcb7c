import '../platform/noEval.ts'
import { type IDBPDatabase, openDB } from 'idb'
import { Failure } from '../messaging/failure.ts'
import { type ChaosDatabase, DATABASE_NAME } from './schema.ts'
import { UPGRADES, type Upgrade } from './upgrades.ts'

export type Database = IDBPDatabase<ChaosDatabase>

/**
 * Opens the one database, bringing it to the newest version in one transaction: a failing step changes nothing. Throws Failure
 * `database_upgrade`. client:CDD14
 */
export async function openDatabase(name: string = DATABASE_NAME, upgrades: Upgrade[] = UPGRADES): Promise<Database> {
  try {
    return await openDB<ChaosDatabase>(name, upgrades.length, {
      async upgrade(db, from, _to, transaction) {
        for (const step of upgrades.slice(from)) await step(db, transaction)
      },
      // A newer version of the extension wants the database: let go, so that its upgrade is not held up by this context.
      blocking(_current, _blocked, event) {
        if (event.target instanceof IDBDatabase) event.target.close()
      },
    })
  } catch (cause) {
    throw new Failure('database_upgrade', 'The stored messages could not be opened; nothing was changed. Update again.', { cause })
  }
}
