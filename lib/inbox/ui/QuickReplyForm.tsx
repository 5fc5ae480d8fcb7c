import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { Failure } from '../../messaging/failure.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { PLACEHOLDERS, QUICK_NAME_CHARACTERS, QUICK_TEXT_CHARACTERS, type QuickReply } from '../quickReplies.ts'

type Props = {
  before: QuickReply | undefined
  busy: boolean
  failure: Failure | undefined
  onSave: (changed: QuickReply) => void
  onCancel: () => void
}

/** One text, and the short name it is found by. client:QRP1, QRP3 */
export function QuickReplyForm({ before, busy, failure, onSave, onCancel }: Props) {
  const [name, setName] = useState(before?.name ?? '')
  const [text, setText] = useState(before?.text ?? '')
  const words = useRef<HTMLTextAreaElement>(null)
  const id = useId()
  const ready = text.trim() !== '' && !busy
  // After the dialog around it has opened and taken the focus.
  useEffect(() => words.current?.focus(), [])
  const add = (placeholder: string): void => {
    const box = words.current
    if (!box) return
    box.focus()
    box.setRangeText(placeholder, box.selectionStart, box.selectionEnd, 'end')
    setText(box.value)
  }
  return (
    <form
      class="stack quick-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) onSave({ name: name.trim(), text: text.trim() })
      }}
    >
      <label class="stack">
        <span class="small muted">{i18n.t('quick.text')}</span>
        <span class="field">
          <textarea
            ref={words}
            rows={4}
            maxLength={QUICK_TEXT_CHARACTERS}
            aria-describedby={`${id}-names`}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </span>
      </label>
      <p class="small muted" id={`${id}-names`}>
        {i18n.t('quick.placeholders', { name: PLACEHOLDERS[0], first: PLACEHOLDERS[1] })}
      </p>
      <span class="quick-placeholders">
        {PLACEHOLDERS.map((placeholder) => (
          <button
            type="button"
            class="chip"
            key={placeholder}
            aria-label={i18n.t('quick.insert', { what: placeholder })}
            onClick={() => add(placeholder)}
          >
            <bdi>{placeholder}</bdi>
          </button>
        ))}
      </span>
      <label class="stack">
        <span class="small muted">{i18n.t('quick.name')}</span>
        <span class="field">
          <input
            type="text"
            maxLength={QUICK_NAME_CHARACTERS}
            autocomplete="off"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </span>
      </label>
      <FailureNote failure={failure} />
      <div class="dialog-actions">
        <Button onClick={onCancel}>{i18n.t('options.cancel')}</Button>
        <Button kind="primary" type="submit" disabled={!ready}>
          {i18n.t('quick.save')}
        </Button>
      </div>
    </form>
  )
}
