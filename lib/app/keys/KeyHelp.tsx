import { useCallback, useLayoutEffect, useMemo, useState } from 'preact/hooks'
import { useKeys } from '../../ui/focus.ts'
import { useModule } from '../../ui/lazy.ts'
import type { PageContext } from '../page.ts'
import type { Ways } from '../palette/entries.ts'
import type { KeyGroup } from './groups.ts'

const loadPalette = () => import('../palette/Palette.tsx')
const loadSheet = () => import('./CheatSheet.tsx')

type Props = {
  page: PageContext
  ways: Omit<Ways, 'showKeys'>
  /** The keys this page has besides those of every page. */
  groups: readonly KeyGroup[]
  /** Single letters do something. */
  letters: boolean
  setLetters: (on: boolean) => Promise<unknown>
}

/** Ctrl+K, or Cmd+K, goes anywhere; `?` tells all keys. Both are loaded when they are first asked for. client:PAL1, PAL3, KEY1 */
export function KeyHelp({ page, ways, groups, letters, setLetters }: Props) {
  const [shown, setShown] = useState<'palette' | 'keys'>()
  const palette = useModule(loadPalette, shown === 'palette')
  const sheet = useModule(loadSheet, shown === 'keys')
  // Each closes itself alone: an action of the palette may have opened the other meanwhile.
  const closePalette = useCallback(() => setShown((now) => (now === 'palette' ? undefined : now)), [])
  const closeKeys = useCallback(() => setShown((now) => (now === 'keys' ? undefined : now)), [])
  useKeys({ '?': () => setShown('keys') }, shown === undefined)
  // Before the page is painted, so that no key pressed on a page that can be seen is lost.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
      event.preventDefault()
      // Another dialog asks something first.
      if (document.querySelector('dialog[open]:not(.palette)')) return
      setShown((before) => (before === 'palette' ? undefined : 'palette'))
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  const all = useMemo(() => ({ ...ways, showKeys: () => setShown('keys') }), [ways])
  if (shown === 'palette' && palette) return <palette.Palette page={page} ways={all} close={closePalette} />
  if (shown === 'keys' && sheet)
    return <sheet.CheatSheet groups={groups} letters={letters} setLetters={setLetters} close={closeKeys} />
  return null
}
