import 'fake-indexeddb/auto'
import { type Database, openDatabase } from '../../../../lib/database/open.ts'
import { DEFAULT_PROFILE } from '../../../../lib/profiles/model.ts'
import { createKeyPair } from '../../../../lib/relay/keys.ts'

let made = 0

/** An empty database of its own. */
export function freshDatabase(): Promise<Database> {
  made++
  return openDatabase(`test-${made}-${Math.random()}`)
}

/** With one profile and its key, as a fresh install has. */
export async function databaseWithProfile(relayUrl: string, profileId = DEFAULT_PROFILE): Promise<Database> {
  const db = await freshDatabase()
  await addProfile(db, relayUrl, profileId)
  return db
}

export async function addProfile(db: Database, relayUrl: string, profileId: string): Promise<void> {
  await db.put('identities', { profileId, ...(await createKeyPair()), createdAt: 0 })
  await db.put('profiles', { id: profileId, name: profileId, relayUrl, createdAt: 0, stopped: false })
}
