import type { Clock } from '../clock.ts'

/** A stranger hears once in this time that the bot is not for them. relay:PAIR6 */
const ANSWER_EVERY_MS = 10 * 60_000
/** Chats remembered at once. Beyond it strangers get no answer, rather than some of them more than their share. */
const MAX_REMEMBERED = 10_000

/** Remembers which chats were answered lately, in bounded memory. */
export function createAnswerLimit(clock: Clock) {
  /** Chat → when it was answered, oldest first. */
  const answered = new Map<string, number>()

  function forgetOld(now: number): void {
    for (const [chat, at] of answered) {
      if (now - at < ANSWER_EVERY_MS) return
      answered.delete(chat)
    }
  }

  return {
    /** True at most once per chat in 10 minutes. */
    mayAnswer(chat: string): boolean {
      const now = clock.now()
      forgetOld(now)
      if (answered.has(chat) || answered.size >= MAX_REMEMBERED) return false
      answered.set(chat, now)
      return true
    },
  }
}
