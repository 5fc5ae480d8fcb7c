import type { Database } from '../database/open.ts'
import type { KnownChannel, Step } from './model.ts'

/** The channels as last seen, in the relay's order. */
export async function listChannels(db: Database, profileId: string): Promise<KnownChannel[]> {
  const channels = await db.getAll('channels', IDBKeyRange.bound([profileId], [profileId, []]))
  return channels.sort((a, b) => a.order - b.order)
}

/** What is still to do, oldest first. client:WIZ7 */
export async function listSteps(db: Database, profileId: string): Promise<Step[]> {
  const steps = await db.getAll('steps', IDBKeyRange.bound([profileId], [profileId, []]))
  return steps.filter((step) => step.dismissed === 0).sort((a, b) => a.createdAt - b.createdAt)
}
