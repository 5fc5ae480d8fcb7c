import type { Database } from '../database/open.ts'
import type { Profile } from './model.ts'

/** `undefined` until the worker has set the extension up for the first time. */
export async function readProfile(db: Database, profileId: string): Promise<Profile | undefined> {
  return db.get('profiles', profileId)
}
