import type { Database } from '../database/open.ts'
import type { Locks } from '../platform/locks.ts'

/** Stores by what their rows of a profile are found by. A test sees to it that every store is here. */
const BY_PROFILE = ['identities', 'sessions', 'pins', 'cursors', 'connections', 'vaultKeys'] as const
const BY_PROFILE_FIRST = [
  ...(['messages', 'conversations', 'seen', 'drafts', 'gaps', 'leases', 'automations', 'marks', 'scheduled'] as const),
  ...(['channels', 'steps', 'files', 'approvals', 'answers', 'vault', 'searchBlocks'] as const),
]
const OTHERS = ['profiles', 'replies', 'settings'] as const
/** Without a key of their own. */
const LOGS = ['quarantine', 'unindexed'] as const

/**
 * Everything of a profile goes, all or nothing: key, messages, files, settings. It has to be disconnected before; this waits until its
 * socket, its recovery and its register have ended, so that nothing writes behind it. client:PRF5
 */
export async function removeProfile({ db, locks }: { db: Database; locks: Locks }, profileId: string): Promise<void> {
  const alone = (run: () => Promise<void>) =>
    [`recovery:${profileId}`, `socket:${profileId}`, `register:${profileId}`, 'profiles'].reduceRight(
      (inner, name) => () => locks.hold(name, inner),
      run,
    )
  await alone(async () => {
    const transaction = db.transaction([...BY_PROFILE, ...BY_PROFILE_FIRST, ...OTHERS, ...LOGS], 'readwrite')
    const all = IDBKeyRange.bound([profileId], [profileId, []])
    for (const name of BY_PROFILE) await transaction.objectStore(name).delete(profileId)
    for (const name of BY_PROFILE_FIRST) await transaction.objectStore(name).delete(all)
    const replies = transaction.objectStore('replies')
    for (const key of await replies.index('state').getAllKeys(all)) await replies.delete(key)
    for (const name of LOGS)
      for (let row = await transaction.objectStore(name).openCursor(); row; row = await row.continue())
        if (row.value.profileId === profileId) await row.delete()
    const settings = transaction.objectStore('settings')
    for (const key of await settings.getAllKeys()) if (key.endsWith(`:${profileId}`)) await settings.delete(key)
    await transaction.objectStore('profiles').delete(profileId)
    await transaction.done
  })()
}
