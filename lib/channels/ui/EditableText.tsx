import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { Failure } from '../../messaging/failure.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'

type Props = {
  value: string
  /** What it is, for screen readers: "Name". */
  thing: string
  /** Whose it is. */
  channel: string
  help?: string
  maxLength: number
  multiline?: boolean
  failure: Failure | undefined
  /** Resolves with whether it was taken; if not, the field stays open with what was typed. */
  onSave: (value: string) => Promise<boolean>
}

/** Words that can be changed in place. Enter saves, Escape leaves them as they were. */
export function EditableText({ value, thing, channel, help, maxLength, multiline, failure, onSave }: Props) {
  const id = useId()
  const [draft, setDraft] = useState<string>()
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  const change = useRef<HTMLButtonElement>(null)
  const wasOpen = useRef(false)
  const open = draft !== undefined

  useEffect(() => {
    if (open) field.current?.focus()
    else if (wasOpen.current) change.current?.focus()
    wasOpen.current = open
  }, [open])

  if (!open)
    return (
      <>
        <span class={value ? 'words' : 'faint'}>{value || i18n.t('channels.none')}</span>
        <button
          ref={change}
          type="button"
          class="btn btn-sm btn-quiet"
          aria-label={i18n.t('channels.edit', { thing, channel })}
          onClick={() => setDraft(value)}
        >
          {i18n.t('options.change')}
        </button>
      </>
    )

  const save = async (): Promise<void> => {
    setBusy(true)
    const ok = await onSave(draft.trim())
    setBusy(false)
    if (ok) setDraft(undefined)
    else field.current?.focus()
  }
  const shared = {
    ref: field,
    value: draft,
    maxLength,
    'aria-label': thing,
    'aria-describedby': `${id}-help`,
    'aria-invalid': failure ? true : undefined,
    onInput: (event: { currentTarget: { value: string } }) => setDraft(event.currentTarget.value),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Escape') {
        event.stopPropagation()
        setDraft(undefined)
      } else if (event.key === 'Enter' && !event.isComposing && !(multiline && event.shiftKey)) {
        event.preventDefault()
        void save()
      }
    },
  }
  return (
    <div class="edit stack">
      <div class="row-line edit-line">
        <div class={failure ? 'field err grow' : 'field grow'}>
          {multiline ? <textarea rows={3} {...shared} /> : <input {...shared} />}
        </div>
        <Button small disabled={busy} onClick={() => void save()}>
          {i18n.t('options.save')}
        </Button>
        <Button small kind="quiet" disabled={busy} onClick={() => setDraft(undefined)}>
          {i18n.t('options.cancel')}
        </Button>
      </div>
      <div id={`${id}-help`}>
        <FailureNote failure={failure} lead={(reason) => i18n.t('channels.notSaved', { reason })} />
        {!failure && help && <p class="caption faint">{help}</p>}
      </div>
    </div>
  )
}
