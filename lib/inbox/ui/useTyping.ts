import { useCallback, useRef } from 'preact/hooks'
import { useHost } from './host.ts'

/** The other side is told again after this long, in milliseconds. client:CRP6 */
const TYPING_EVERY_MS = 4_000

/** Call on every key that changes the text: tells the other side at once and then every 4 s. `stop` lets the next key tell it at once. */
export function useTyping(conversationId: string) {
  const { profileId, inbox } = useHost()
  const told = useRef(0)
  const typing = useCallback(() => {
    const now = Date.now()
    if (now - told.current < TYPING_EVERY_MS) return
    told.current = now
    void inbox.typing({ profileId, conversationId }).catch(() => undefined)
  }, [inbox, profileId, conversationId])
  const stop = useCallback(() => {
    told.current = 0
  }, [])
  return { typing, stop }
}
