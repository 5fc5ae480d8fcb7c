import type { Database } from '../database/open.ts'
import { DEFAULT_PROFILE, type Profile } from './model.ts'

/** `undefined` until the worker has set the extension up for the first time. */
export async function readProfile(db: Database, profileId: string): Promise<Profile | undefined> {
  return db.get('profiles', profileId)
}

/** All profiles, the first one first. */
export async function listProfiles(db: Database): Promise<Profile[]> {
  const profiles = await db.getAll('profiles')
  return profiles.sort((a, b) => a.createdAt - b.createdAt)
}

/** The profile to show when `wanted` is asked for: itself, or the first one if it does not exist (any more). */
export async function profileToShow(db: Database, wanted: string | undefined): Promise<string> {
  const ids = (await listProfiles(db)).map(({ id }) => id)
  return ids.find((id) => id === wanted) ?? ids.find((id) => id === DEFAULT_PROFILE) ?? ids[0] ?? DEFAULT_PROFILE
}
