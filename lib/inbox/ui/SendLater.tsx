import { CalendarClock } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { IconButton } from '../../ui/IconButton.tsx'
import { useMenu } from '../../ui/menuParts.ts'
import { clockTime } from '../../ui/time.ts'
import { ScheduleDialog } from './ScheduleDialog.tsx'
import { sendTimes } from './sendTimes.ts'
import { whenWords } from './whenWords.ts'

type Props = { disabled: boolean; onChoose: (sendAt: number) => void }

/** Beside the send button: when instead of now. client:SCH1 */
export function SendLater({ disabled, onChoose }: Props) {
  const menu = useMenu()
  const [asking, setAsking] = useState(false)
  const now = Date.now()
  const choose = (sendAt: number): void => {
    menu.close()
    onChoose(sendAt)
  }
  return (
    <span class="menu-anchor">
      <IconButton
        ref={menu.button}
        icon={CalendarClock}
        size="md"
        label={i18n.t('composer.later.label')}
        popup="menu"
        expanded={menu.open}
        disabled={disabled}
        onClick={menu.toggle}
      />
      {menu.open && (
        <div
          class="menu menu-times"
          role="menu"
          aria-label={i18n.t('composer.later.label')}
          ref={menu.list}
          onKeyDown={menu.onKeyDown}
        >
          {sendTimes(now).map(({ name, at }) => (
            <button key={name} type="button" role="menuitem" tabIndex={-1} class="menu-item" onClick={() => choose(at)}>
              {i18n.t(`composer.later.${name}`)}
              <span class="menu-hint">{name === 'monday' ? whenWords(at, now) : clockTime(at)}</span>
            </button>
          ))}
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            class="menu-item"
            onClick={() => {
              menu.close()
              setAsking(true)
            }}
          >
            {i18n.t('composer.later.choose')}
          </button>
        </div>
      )}
      {asking && (
        <ScheduleDialog
          sendAt={sendTimes(now)[0]?.at ?? now}
          onSave={async ({ sendAt }) => {
            setAsking(false)
            onChoose(sendAt)
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </span>
  )
}
