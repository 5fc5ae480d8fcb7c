import { type ComponentChildren, createContext } from 'preact'
import { useCallback, useContext, useState } from 'preact/hooks'

type Urgency = 'polite' | 'assertive'
type Announce = (text: string, urgency?: Urgency) => void

const AnnounceContext = createContext<Announce>(() => {})

/** Says something to screen readers without showing it: politely, or at once for failures and blocks. */
export function useAnnounce(): Announce {
  return useContext(AnnounceContext)
}

/** The two live regions of a page. A text said twice in a row is said twice: it gets another, unheard, ending. */
export function Announcer({ children }: { children: ComponentChildren }) {
  const [said, setSaid] = useState<Record<Urgency, string>>({ polite: '', assertive: '' })
  const announce = useCallback<Announce>((text, urgency = 'polite') => {
    setSaid((before) => ({ ...before, [urgency]: before[urgency] === text ? `${text}\u00A0` : text }))
  }, [])
  return (
    <AnnounceContext.Provider value={announce}>
      {children}
      <div class="sr" role="status" aria-live="polite">
        {said.polite}
      </div>
      <div class="sr" role="alert" aria-live="assertive">
        {said.assertive}
      </div>
    </AnnounceContext.Provider>
  )
}
