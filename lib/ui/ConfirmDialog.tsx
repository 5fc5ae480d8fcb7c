import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { i18n } from '#i18n'
import type { Failure } from '../messaging/failure.ts'
import { Button } from './Button.tsx'
import { FailureNote } from './FailureNote.tsx'

type Props = {
  title: string
  children: ComponentChildren
  confirm: string
  danger?: boolean
  /** False while something asked for is missing. */
  ready?: boolean
  busy: boolean
  failure: Failure | undefined
  onConfirm: () => void
  onCancel: () => void
}

/**
 * Asks before something that cannot be taken back. It stands over the page while it is rendered; the browser keeps the focus inside and
 * gives it back. The focus starts on Cancel, so that Enter destroys nothing.
 */
export function ConfirmDialog({ title, children, confirm, danger, ready = true, busy, failure, onConfirm, onCancel }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      class="dialog"
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onCancel={(event) => {
        event.preventDefault()
        if (!busy) onCancel()
      }}
    >
      <h2 id={`${id}-title`}>{title}</h2>
      <div id={`${id}-text`} class="stack dialog-text">
        {children}
      </div>
      <FailureNote failure={failure} />
      <div class="dialog-actions">
        <Button onClick={onCancel} disabled={busy}>
          {i18n.t('options.cancel')}
        </Button>
        <Button kind={danger ? 'danger' : 'primary'} onClick={onConfirm} disabled={busy || !ready}>
          {confirm}
        </Button>
      </div>
    </dialog>
  )
}
