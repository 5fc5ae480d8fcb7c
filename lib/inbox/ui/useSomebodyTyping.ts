import { useContext, useEffect, useState } from 'preact/hooks'
import { ChangesContext } from '../../ui/live.ts'
import { useHost } from './host.ts'

/** Who goes on writing is told of again before this. Milliseconds. */
const HOLDS_MS = 10_000

/** Whether somebody writes in a conversation, until their message comes or nothing more is heard. client:TPS2 */
export function useSomebodyTyping(conversationId: string): boolean {
  const { profileId } = useHost()
  const changes = useContext(ChangesContext)
  const [typing, setTyping] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const show = (on: boolean): void => {
      clearTimeout(timer)
      setTyping(on)
      if (on) timer = setTimeout(() => setTyping(false), HOLDS_MS)
    }
    const stop = changes?.listen((change) => {
      if (change.profileId !== profileId) return
      const isHere = change.conversationId === conversationId
      if (change.topic === 'typing' && isHere) show(true)
      if (change.topic === 'messages' && (isHere || change.conversationId === undefined)) show(false)
    })
    return () => {
      stop?.()
      show(false)
    }
  }, [changes, profileId, conversationId])
  return typing
}
