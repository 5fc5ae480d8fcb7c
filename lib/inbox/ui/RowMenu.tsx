import { useEffect, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { ContextMenu } from '../../ui/ContextMenu.tsx'
import type { ConversationRow } from '../queries.ts'
import { type Part, placeOfPart } from './conversationItems.ts'
import { useConversationMenu } from './useConversationMenu.tsx'

export type Asked = { row: ConversationRow; at: { x: number; y: number }; part?: Part }
type Props = { asked: Asked; onGone: (row: ConversationRow) => void; onClose: () => void }

/** The menu of a row, where it was asked for. Loaded with the first one. client:MRK5 */
export function RowMenu({ asked: { row, at, part }, onGone, onClose }: Props) {
  const [open, setOpen] = useState(true)
  const [now] = useState(Date.now)
  const { items, dialog } = useConversationMenu(row, { now, onGone })
  const isOver = !open && !dialog
  // Only now: what was chosen may open a dialog in its place.
  useEffect(() => {
    if (isOver) onClose()
  }, [isOver, onClose])
  if (!open) return <>{dialog}</>
  return (
    <ContextMenu
      label={i18n.t('marks.menuOf', { name: row.title })}
      items={items}
      begin={part && placeOfPart(items, part)}
      at={at}
      onClose={() => setOpen(false)}
    />
  )
}
