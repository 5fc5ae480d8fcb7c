import { useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { ChangesContext } from '../../ui/live.ts'
import { readDraft } from '../queries.ts'
import { copiedDraft, copyDraft, dropCopy } from './draftCopy.ts'
import { useHost } from './host.ts'

/** A pause in typing after which the draft goes to the database, in milliseconds. */
const SAVE_AFTER_MS = 400

/** The unsent words of one conversation, kept over anything that closes the page, and the same in every window. client:CRP5, UIX2 */
export function useDraft(conversationId: string) {
  const { db, profileId, inbox } = useHost()
  const changes = useContext(ChangesContext)
  const key = useMemo(() => ({ profileId, conversationId }), [profileId, conversationId])
  const [text, show] = useState(() => copiedDraft(key) ?? '')
  const current = useRef(text)
  const touched = useRef(text !== '')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const unsaved = useRef<string>(undefined)
  /** What this page is still storing or sending is newer than anything it could read. */
  const busy = useRef(0)

  const save = useCallback(() => {
    clearTimeout(timer.current)
    const words = unsaved.current
    if (words === undefined) return
    unsaved.current = undefined
    busy.current++
    inbox
      .saveDraft({ ...key, text: words })
      .then(
        () => dropCopy(key, words),
        () => {
          unsaved.current ??= words
        },
      )
      .finally(() => {
        busy.current--
      })
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
    busy.current++
    current.current = ''
    show('')
  }, [save])

  /** They arrived: nothing is left to keep, unless the reader went on writing. */
  const sent = useCallback(() => {
    busy.current--
    if (current.current !== '') return
    copyDraft(key, '')
    unsaved.current = ''
    save()
  }, [key, save])

  /** They did not: back into the box, before whatever was written since. */
  const restore = useCallback(
    (words: string) => {
      busy.current--
      write(current.current === '' ? words : `${words}\n${current.current}`)
    },
    [write],
  )

  useEffect(() => {
    if (touched.current) return
    void readDraft(db, profileId, conversationId).then((draft) => {
      if (touched.current || !draft) return
      current.current = draft.text
      show(draft.text)
    })
  }, [db, profileId, conversationId])

  // What another window writes or sends; words left behind there would go out a second time.
  useEffect(() => {
    const isNewer = (): boolean => unsaved.current !== undefined || busy.current > 0
    return changes?.listen(async (change) => {
      if (change.topic !== 'drafts' || change.profileId !== profileId || change.conversationId !== conversationId || isNewer())
        return
      const words = (await readDraft(db, profileId, conversationId))?.text ?? ''
      if (isNewer() || words === current.current) return
      current.current = words
      show(words)
    })
  }, [changes, db, profileId, conversationId])

  useLayoutEffect(() => {
    addEventListener('pagehide', save)
    return () => {
      removeEventListener('pagehide', save)
      save()
    }
  }, [save])

  return { text, write, hold, sent, restore }
}
