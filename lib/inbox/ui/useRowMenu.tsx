import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { useModule } from '../../ui/lazy.ts'
import type { ConversationRow } from '../queries.ts'
import type { Part } from './conversationItems.ts'
import type { Asked } from './RowMenu.tsx'

const load = () => import('./RowMenu.tsx')

/** The menu of a conversation that is open somewhere in the page, at most one. */
export function useRowMenu() {
  const [asked, setAsked] = useState<{ value: Asked; turn: number }>()
  const module = useModule(load, asked !== undefined)
  const ask = (value: Asked): void => setAsked((before) => ({ value, turn: (before?.turn ?? 0) + 1 }))
  return {
    ask,
    /** By a key: beside what has the keyboard. */
    askAtFocus(row: ConversationRow | undefined, part: Part): void {
      const box = document.activeElement?.getBoundingClientRect()
      if (row && box) ask({ row, part, at: { x: box.x + box.width / 2, y: box.y + box.height / 2 } })
    },
    show: (onGone: (row: ConversationRow) => void): ComponentChildren =>
      asked &&
      module && (
        <module.RowMenu
          key={asked.turn}
          asked={asked.value}
          onGone={onGone}
          // Itself alone: it says so a moment after it has gone, when the next may have been asked for.
          onClose={() => setAsked((now) => (now === asked ? undefined : now))}
        />
      ),
  }
}
