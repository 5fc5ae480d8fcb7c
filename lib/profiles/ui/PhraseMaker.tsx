import { useEffect, useRef, useState } from 'preact/hooks'
import type { NewKey } from '../model.ts'
import { keyOfPhrase, makePhrase } from '../phrase.ts'
import { AskWords } from './AskWords.tsx'
import { ShowWords } from './ShowWords.tsx'

export type PhraseMakerProps = {
  /** What the last button does. */
  label: string
  finish: (key: NewKey) => Promise<void>
  cancel: () => void
}

/**
 * Fresh words to write down, then three of them asked, then the key they make. The words live in this component alone and are gone with
 * it; until the last step nothing has happened. client:PHR1, PHR3
 */
export function PhraseMaker({ label, finish, cancel }: PhraseMakerProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [words, setWords] = useState(() => makePhrase(12))
  const [written, setWritten] = useState(false)
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      class="dialog dialog-wide"
      aria-labelledby="phrase-title"
      onCancel={(event) => {
        event.preventDefault()
        cancel()
      }}
    >
      {written ? (
        <AskWords
          words={words}
          label={label}
          confirmed={async () => finish(await keyOfPhrase(words))}
          back={() => setWritten(false)}
        />
      ) : (
        <ShowWords
          words={words}
          setLength={(length) => setWords(makePhrase(length))}
          written={() => setWritten(true)}
          cancel={cancel}
        />
      )}
    </dialog>
  )
}
