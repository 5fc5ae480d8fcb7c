import { useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { MAX_REPLY_BYTES } from '#protocol/limits.ts'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { useModal } from '../../ui/modal.ts'
import { ByteCount } from './ByteCount.tsx'
import { bytesOf } from './bytes.ts'
import { fromLocalInput, toLocalInput } from './sendTimes.ts'

type Props = {
  sendAt: number
  /** Set where a message that waits is changed; `files` go with it. */
  content?: string
  files?: number
  onSave: (planned: { content: string; sendAt: number }) => Promise<void>
  onClose: () => void
}

/** When a reply is to go, and, once it waits, what it says. client:SCH1, SCH4 */
export function ScheduleDialog({ sendAt, content, files = 0, onSave, onClose }: Props) {
  const [when, setWhen] = useState(toLocalInput(sendAt))
  const [text, setText] = useState(content ?? '')
  const save = useAction(onSave)
  const modal = useModal(onClose)
  const id = useId()
  const at = fromLocalInput(when)
  const passed = !(at > Date.now())
  const empty = content !== undefined && text.trim() === '' && files === 0
  const ready = !passed && !empty && bytesOf(text) <= MAX_REPLY_BYTES && !save.busy
  const submit = (): void => void save.run({ content: text, sendAt: at })
  return (
    <dialog
      {...modal}
      class="dialog"
      aria-labelledby={`${id}-title`}
      onKeyDown={(event) => {
        // Enter in the time saves it, and does not send the form this may stand in.
        if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return
        event.preventDefault()
        if (ready) submit()
      }}
    >
      <h2 id={`${id}-title`}>{i18n.t(content === undefined ? 'schedule.when' : 'schedule.edit')}</h2>
      <div class="stack schedule-fields">
        {content !== undefined && (
          <label class="stack">
            <span class="row-line small muted">
              <span class="grow">{i18n.t('schedule.text')}</span>
              <ByteCount text={text} />
            </span>
            <span class="field schedule-text">
              <textarea rows={4} value={text} onInput={(event) => setText(event.currentTarget.value)} />
            </span>
          </label>
        )}
        <label class="stack">
          <span class="small muted">{i18n.t('schedule.time')}</span>
          <span class={passed ? 'field err' : 'field'}>
            <input
              type="datetime-local"
              value={when}
              min={toLocalInput(Date.now())}
              aria-invalid={passed}
              aria-describedby={passed ? `${id}-passed` : undefined}
              onInput={(event) => setWhen(event.currentTarget.value)}
            />
          </span>
          {passed && (
            <span class="small hint-fail" id={`${id}-passed`}>
              {i18n.t('schedule.passed')}
            </span>
          )}
        </label>
      </div>
      <FailureNote failure={save.failure} />
      <div class="dialog-actions">
        <Button onClick={onClose}>{i18n.t('options.cancel')}</Button>
        <Button kind="primary" disabled={!ready} onClick={submit}>
          {i18n.t('schedule.save')}
        </Button>
      </div>
    </dialog>
  )
}
