import { CalendarClock, ChevronDown, Paperclip } from 'lucide-preact'
import { useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { useLive } from '../../ui/live.ts'
import { useNow } from '../../ui/now.ts'
import { fullTime } from '../../ui/time.ts'
import type { Scheduled } from '../model.ts'
import { plainWords } from '../plainWords.ts'
import { listScheduled } from '../queries.ts'
import { useHost } from './host.ts'
import { ScheduleDialog } from './ScheduleDialog.tsx'
import { useScheduling } from './useScheduling.ts'
import { whenWords } from './whenWords.ts'

const PREVIEW_CHARACTERS = 200
const MINUTE_MS = 60_000

/** What goes out later from this conversation, above the reply box: the next time in one line, all of it when opened. client:SCH1, SCH4 */
export function ScheduledTray({ conversationId }: { conversationId: string }) {
  const { db, profileId } = useHost()
  const planned =
    useLive(() => listScheduled(db, profileId, conversationId), ['scheduled'], [profileId, conversationId]).value ?? []
  const [open, setOpen] = useState(false)
  const now = useNow(MINUTE_MS)
  const id = useId()
  const [next] = planned
  if (!next) return null
  return (
    <section class="tray" aria-label={i18n.t('schedule.title')}>
      <button type="button" class="tray-head" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <Icon of={CalendarClock} size="sm" />
        <span class="grow truncate">
          <b>{i18n.t('schedule.count', planned.length)}</b> {whenWords(next.sendAt, now)}
        </span>
        <Icon of={ChevronDown} size="sm" class={open ? 'tray-arrow is-open' : 'tray-arrow'} />
      </button>
      {open && (
        <ul id={id} class="tray-list">
          {planned.map((one) => (
            <Planned key={one.id} planned={one} now={now} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Planned({ planned, now }: { planned: Scheduled; now: number }) {
  const { edit, sendNow, cancel } = useScheduling()
  const [editing, setEditing] = useState(false)
  const act = useAction((what: typeof sendNow | typeof cancel) => what(planned))
  return (
    <li class="planned">
      <p class="planned-words">{plainWords(planned.content, PREVIEW_CHARACTERS)}</p>
      {planned.attachments.map(({ filename }, index) => (
        <span class="sent-file" key={index}>
          <Icon of={Paperclip} size="sm" />
          <span class="truncate">{filename}</span>
        </span>
      ))}
      <p class="planned-line small">
        <time class="grow muted" dateTime={new Date(planned.sendAt).toISOString()} title={fullTime(planned.sendAt)}>
          {whenWords(planned.sendAt, now)}
        </time>
        <button type="button" class="link-btn" onClick={() => setEditing(true)}>
          {i18n.t('schedule.change')}
        </button>
        <button type="button" class="link-btn" disabled={act.busy} onClick={() => void act.run(sendNow)}>
          {i18n.t('schedule.now')}
        </button>
        <button type="button" class="link-btn" disabled={act.busy} onClick={() => void act.run(cancel)}>
          {i18n.t('schedule.cancel')}
        </button>
      </p>
      <FailureNote failure={act.failure} />
      {editing && (
        <ScheduleDialog
          sendAt={planned.sendAt}
          content={planned.content}
          files={planned.attachments.length}
          onSave={async (changed) => {
            await edit(planned, changed)
            setEditing(false)
          }}
          onClose={() => setEditing(false)}
        />
      )}
    </li>
  )
}
