import type { ComponentChildren } from 'preact'
import { useCallback, useState } from 'preact/hooks'
import { useModule } from '../../ui/lazy.ts'
import type { ConversationRow } from '../queries.ts'
import type { Part } from './conversationItems.ts'
import type { Asked } from './RowMenu.tsx'

const load = () => import('./RowMenu.tsx')

/** The menu of a conversation that is open somewhere in the page, at most one. */
export function useRowMenu() {
  const [asked, setAsked] = useState<Asked>()
  const module = useModule(load, asked !== undefined)
  const close = useCallback(() => setAsked(undefined), [])
  return {
    ask: setAsked,
    /** By a key: beside what has the keyboard. */
    askAtFocus(row: ConversationRow | undefined, part: Part): void {
      const box = document.activeElement?.getBoundingClientRect()
      if (row && box) setAsked({ row, part, at: { x: box.x + box.width / 2, y: box.y + box.height / 2 } })
    },
    show: (onGone: (row: ConversationRow) => void): ComponentChildren =>
      asked && module && <module.RowMenu asked={asked} onGone={onGone} onClose={close} />,
  }
}
