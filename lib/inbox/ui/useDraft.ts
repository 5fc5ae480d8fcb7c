import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { readDraft } from '../queries.ts'
import { copiedDraft, copyDraft, dropCopy } from './draftCopy.ts'
import { useHost } from './host.ts'

/** A pause in typing after which the draft goes to the database, in milliseconds. */
const SAVE_AFTER_MS = 400

/** The unsent words of one conversation, kept over anything that closes the page. client:CRP5 */
export function useDraft(conversationId: string) {
  const { db, profileId, inbox } = useHost()
  const key = useMemo(() => ({ profileId, conversationId }), [profileId, conversationId])
  const [text, show] = useState(() => copiedDraft(key) ?? '')
  const current = useRef(text)
  const touched = useRef(text !== '')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const unsaved = useRef<string>(undefined)

  const save = useCallback(() => {
    clearTimeout(timer.current)
    const words = unsaved.current
    if (words === undefined) return
    unsaved.current = undefined
    inbox.saveDraft({ ...key, text: words }).then(
      () => dropCopy(key, words),
      () => undefined,
    )
  }, [inbox, key])

  /** What the reader typed: shown, copied at once, stored after a pause. */
  const write = useCallback(
    (words: string) => {
      touched.current = true
      current.current = words
      unsaved.current = words
      show(words)
      copyDraft(key, words)
      clearTimeout(timer.current)
      timer.current = setTimeout(save, SAVE_AFTER_MS)
    },
    [key, save],
  )

  /** Empties the box while its words are on their way. They stay stored until `sent`. */
  const hold = useCallback(() => {
    save()
    current.current = ''
    show('')
  }, [save])

  /** They arrived: nothing is left to keep, unless the reader went on writing. */
  const sent = useCallback(() => {
    if (current.current !== '') return
    copyDraft(key, '')
    unsaved.current = ''
    save()
  }, [key, save])

  /** They did not: back into the box, before whatever was written since. */
  const restore = useCallback((words: string) => write(current.current === '' ? words : `${words}\n${current.current}`), [write])

  useEffect(() => {
    if (touched.current) return
    void readDraft(db, profileId, conversationId).then((draft) => {
      if (touched.current || !draft) return
      current.current = draft.text
      show(draft.text)
    })
  }, [db, profileId, conversationId])

  useEffect(() => {
    addEventListener('pagehide', save)
    return () => {
      removeEventListener('pagehide', save)
      save()
    }
  }, [save])

  return { text, write, hold, sent, restore }
}
