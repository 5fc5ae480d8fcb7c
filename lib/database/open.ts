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
      upgrade(db, from, _to, transaction) {
        // The abort below surfaces as the rejection of openDB; this only keeps it from being reported twice.
        transaction.done.catch(() => undefined)
        runUpgrades(upgrades.slice(from), db, transaction).catch(() => transaction.abort())
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

async function runUpgrades(steps: Upgrade[], ...[db, transaction]: Parameters<Upgrade>): Promise<void> {
  for (const step of steps) {
    const running = step(db, transaction)
    // A plain step must not yield: an upgrade transaction that nothing waits on would commit between two steps.
    if (running) await running
  }
}
