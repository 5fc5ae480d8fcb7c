import type { Sessions } from '../auth/sessions.ts'

/**
 * Deletes a session for good; false when there is none. `removeChannels` ends what belongs to it outside the store (connections to platforms); it runs
 * once more afterwards for a channel that was being created meanwhile. relay:STO6, ADM8
 */
export function createSessionRemoval({
  sessions,
  removeChannels,
}: {
  sessions: Pick<Sessions, 'remove'>
  removeChannels: (userId: string) => Promise<void>
}) {
  return async (userId: string): Promise<boolean> => {
    await removeChannels(userId)
    const removed = await sessions.remove(userId)
    await removeChannels(userId)
    return removed
  }
}
