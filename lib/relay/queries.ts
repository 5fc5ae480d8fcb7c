import type { Database } from '../database/open.ts'
import { type Connection, connectionSchema } from './state.ts'

/** What the connection is now. `undefined` before the first attempt. client:SOC3 */
export async function readConnection(db: Database, profileId: string): Promise<Connection | undefined> {
  const row = connectionSchema.safeParse(await db.get('connections', profileId))
  return row.success ? row.data : undefined
}
