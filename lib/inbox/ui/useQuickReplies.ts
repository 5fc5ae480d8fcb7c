import { useMemo, useState } from 'preact/hooks'
import { useCombobox } from '../../ui/combobox.ts'
import type { Conversation } from '../model.ts'
import { fillIn, type QuickReply } from '../quickReplies.ts'
import { fold } from '../search/fold.ts'
import { useHost } from './host.ts'

const NONE: readonly QuickReply[] = []

/** Why the list is there: a `/` was typed into the empty box, or its button was pressed. */
type Asked = 'slash' | 'button' | undefined

/** The own texts to choose from, while they are asked for. client:QRP2 */
export function useQuickReplies(row: Conversation, text: string, insert: (words: string, over: boolean) => void) {
  const { settings } = useHost()
  const all = settings?.quickReplies ?? NONE
  const [asked, setAsked] = useState<Asked>()
  const typed = asked === 'slash' ? text.slice(1) : ''
  const found = useMemo(() => {
    const word = fold(typed.trim())
    const hits = all.filter(({ name, text: words }) => fold(`${name}\n${words}`).includes(word))
    const isNamed = ({ name }: QuickReply): boolean => fold(name).startsWith(word)
    return [...hits.filter(isNamed), ...hits.filter((one) => !isNamed(one))]
  }, [all, typed])
  const choose = (chosen: QuickReply): void => {
    setAsked(undefined)
    insert(fillIn(chosen.text, row), asked === 'slash')
  }
  const list = useCombobox({ items: found, typed, choose })
  // A word with a / that is none of them is only a word.
  const open = asked === 'button' || (asked === 'slash' && found.length > 0)
  const { role: _role, 'aria-expanded': _expanded, onKeyDown, spellcheck: _spelling, ...ofField } = list.field

  return {
    open,
    found,
    list,
    close: () => setAsked(undefined),
    toggle: () => setAsked(open ? undefined : 'button'),
    /** After each change of the box. */
    typed(words: string): void {
      if (words === '/') setAsked('slash')
      else if (asked === 'button' || !words.startsWith('/')) setAsked(undefined)
    },
    /** Whether the list took the key. */
    press(event: KeyboardEvent): boolean {
      if (!open) return false
      if (event.key === 'Escape') {
        event.preventDefault()
        setAsked(undefined)
      } else if (found.length > 0 && !event.shiftKey) onKeyDown(event)
      return event.defaultPrevented
    },
    /** A field of several lines cannot be a combobox; it says the same otherwise. */
    field: open ? ofField : {},
  }
}
