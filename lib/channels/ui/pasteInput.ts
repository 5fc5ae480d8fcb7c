import { useCallback, useState } from 'preact/hooks'
import { maskSecrets, secretsOf } from '../maskSecrets.ts'
import { completesPair, type Guess, guess } from '../pasteGuess.ts'

export type PasteInput = ReturnType<typeof usePasteInput>

/**
 * The text of a paste box, whose secrets leave the screen as soon as they are pasted, dropped, or the box is left; they are then only in
 * this memory, never in the document. A hidden text can be replaced, cleared, or completed by the other token of a Slack app; it cannot be edited.
 * client:CON4, CON8
 */
export function usePasteInput(begin = '') {
  const [{ text, hidden }, setState] = useState({ text: begin, hidden: secretsOf(guess(begin)).length > 0 })
  const value: Guess = guess(text)
  const set = useCallback((next: string, hide: boolean) => {
    setState({ text: next, hidden: hide && secretsOf(guess(next)).length > 0 })
  }, [])

  return {
    value,
    shown: hidden ? maskSecrets(text, value) : text,
    isEmpty: text === '',
    isHidden: hidden,
    clear: () => set('', false),
    handlers: {
      onInput(event: InputEvent & { currentTarget: HTMLInputElement }) {
        set(event.currentTarget.value, event.inputType === 'insertFromDrop')
      },
      onBeforeInput(event: InputEvent) {
        // Enter counts as input too, and stopping it would stop the sending.
        if (!hidden || event.inputType === 'insertLineBreak') return
        event.preventDefault()
        if (event.inputType.startsWith('delete')) set('', false)
      },
      /** Taken over by hand, because an input silently joins the lines of what is pasted. */
      onPaste(event: ClipboardEvent & { currentTarget: HTMLInputElement }) {
        event.preventDefault()
        const pasted = (event.clipboardData?.getData('text/plain') ?? '').replace(/[\r\n]+/g, ' ')
        if (hidden && completesPair(value, guess(pasted))) return set(`${text} ${pasted}`, true)
        const { selectionStart, selectionEnd } = event.currentTarget
        const before = hidden ? '' : text.slice(0, selectionStart ?? text.length)
        const after = hidden ? '' : text.slice(selectionEnd ?? text.length)
        set(before + pasted + after, true)
      },
      onBlur: () => set(text, true),
    },
  }
}
