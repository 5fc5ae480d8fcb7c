import { useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { Failure } from '../../messaging/failure.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { snoozeTimes } from './snoozeTimes.ts'

type Props = {
  now: number
  action: { run: (until: number) => Promise<boolean>; busy: boolean; failure: Failure | undefined }
  onCancel: () => void
}

const MINUTE_MS = 60_000

/** A day and a time of one's own for a conversation to come back. client:SNZ3 */
export function PickTime({ now, action, onCancel }: Props) {
  const id = useId()
  const tomorrow = snoozeTimes(now).find(({ name }) => name === 'tomorrow')
  const [value, setValue] = useState(localMinute(tomorrow?.at ?? now))
  const at = new Date(value).getTime()
  const isLater = at > now
  return (
    <ConfirmDialog
      title={i18n.t('marks.pick.title')}
      confirm={i18n.t('marks.pick.confirm')}
      ready={isLater}
      busy={action.busy}
      failure={action.failure}
      onConfirm={() => void action.run(at)}
      onCancel={onCancel}
    >
      <label class="label" for={id}>
        {i18n.t('marks.pick.label')}
      </label>
      <span class="field">
        <input
          id={id}
          type="datetime-local"
          value={value}
          min={localMinute(now + MINUTE_MS)}
          aria-invalid={!isLater}
          aria-describedby={`${id}-note`}
          onInput={(event) => setValue(event.currentTarget.value)}
        />
      </span>
      <p class="small muted" id={`${id}-note`}>
        {i18n.t(isLater ? 'marks.pick.note' : 'marks.pick.past')}
      </p>
    </ConfirmDialog>
  )
}

/** As `datetime-local` writes it: 2026-01-31T09:00, in the reader's time zone. */
function localMinute(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16)
}
