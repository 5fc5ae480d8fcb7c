const FIRST_WAIT_MS = 20_000
const LONGEST_WAIT_MS = 30 * 60_000
/** Whatever the provider could not hand over in a day, it will not. */
const GIVE_UP_AFTER_MS = 24 * 60 * 60_000

export type Postponed = ReturnType<typeof createPostponed>

/** Mails that could not be fetched: each waits by itself, so that one the provider cannot hand over holds up no other. */
export function createPostponed() {
  const mails = new Map<string, { since: number; attempts: number; until: number }>()
  return {
    isWaiting: (mailId: string, now: number): boolean => (mails.get(mailId)?.until ?? 0) > now,
    /** True while it is worth trying again. */
    failed(mailId: string, now: number): boolean {
      const { since, attempts } = mails.get(mailId) ?? { since: now, attempts: 0 }
      if (now - since >= GIVE_UP_AFTER_MS) {
        mails.delete(mailId)
        return false
      }
      const wait = Math.min(FIRST_WAIT_MS * 2 ** attempts, LONGEST_WAIT_MS)
      mails.set(mailId, { since, attempts: attempts + 1, until: now + wait })
      return true
    },
    taken: (mailId: string): boolean => mails.delete(mailId),
  }
}
