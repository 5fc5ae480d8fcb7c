import { useEffect, useState } from 'preact/hooks'
import { isTyping } from '../../ui/focus.ts'
import { useModule } from '../../ui/lazy.ts'
import { href } from '../../ui/router.ts'
import type { PageContext } from '../page.ts'

const loadOffer = () => import('./PasteOffer.tsx')
/** Longer than any token, address or name. Characters. */
const LONGEST = 1_000

/** What is pasted outside a text field is looked at too. Loaded when something is. client:ONB1 */
export function PasteAnywhere({ page, options }: { page: PageContext; options: (hash: string) => void | Promise<void> }) {
  const [pasted, setPasted] = useState<string>()
  const offer = useModule(loadOffer, pasted !== undefined)
  useEffect(() => {
    const take = (event: ClipboardEvent): void => {
      const text = event.clipboardData?.getData('text/plain') ?? ''
      if (event.defaultPrevented || isTyping(event.target) || text === '' || text.length > LONGEST) return
      // What stands over the page is asked about something else.
      if (!document.querySelector('dialog[open]')) setPasted(text)
    }
    addEventListener('paste', take)
    return () => removeEventListener('paste', take)
  }, [])
  if (pasted === undefined || !offer) return null
  const close = (): void => setPasted(undefined)
  const added = (channelId: string): void => void options(href('channels', 'added', channelId))
  return <offer.PasteOffer page={page} pasted={pasted} added={added} close={close} />
}
