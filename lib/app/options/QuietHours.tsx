import { BellOff } from 'lucide-preact'
import { i18n } from '#i18n'
import type { Settings } from '../../inbox/messages.ts'
import { type Quiet, quietUntil, readQuiet } from '../../inbox/quiet.ts'
import { Button } from '../../ui/Button.tsx'
import { useNow } from '../../ui/now.ts'
import { SwitchRow } from '../../ui/SettingRows.tsx'
import { Tag } from '../../ui/Tag.tsx'
import { quietChoices, quietWords } from '../quietChoices.ts'
import type { SettingsEditor } from './settingsEditor.ts'

const MINUTE_MS = 60_000
/** Monday first; 0 is Sunday. */
const WEEK = [1, 2, 3, 4, 5, 6, 0] as const

/** When notifications are held back: for once, and every week. client:DND1 */
export function QuietHours({ settings, set }: { settings: Settings; set: SettingsEditor['set'] }) {
  const now = useNow(MINUTE_MS)
  const quiet = readQuiet(settings.quiet)
  const change = (part: Partial<Quiet>): void => set({ quiet: { ...quiet, ...part } })
  return (
    <section class="section" aria-labelledby="quiet">
      <div class="section-head">
        <h2 id="quiet">{i18n.t('quiet.title')}</h2>
        <span class="muted">{i18n.t('quiet.help')}</span>
      </div>
      <div class="card">
        <div class="setting-row quiet-now">
          <span class="grow">
            {quietUntil(quiet, now) === undefined ? (
              i18n.t('quiet.off')
            ) : (
              <Tag kind="accent" icon={BellOff}>
                {quietWords(quiet, now)}
              </Tag>
            )}
          </span>
          {quietChoices(quiet, now).map(({ label, change: chosen }) => (
            <Button key={label} small onClick={() => set(chosen)}>
              {label}
            </Button>
          ))}
        </div>
        <SwitchRow
          title={i18n.t('quiet.weekly')}
          help={i18n.t('quiet.weeklyHelp')}
          on={quiet.on}
          onChange={(on) => change({ on })}
        />
        {quiet.on && <Hours quiet={quiet} change={change} />}
      </div>
    </section>
  )
}

function Hours({ quiet, change }: { quiet: Quiet; change: (part: Partial<Quiet>) => void }) {
  const others = (day: number): number[] => quiet.days.filter((one) => one !== day)
  return (
    <div class="setting-row quiet-hours">
      <Time label={i18n.t('quiet.from')} minutes={quiet.from} set={(from) => change({ from })} />
      <Time label={i18n.t('quiet.to')} minutes={quiet.to} set={(to) => change({ to })} />
      <fieldset class="choices" aria-label={i18n.t('quiet.days')}>
        {WEEK.map((day) => (
          <label key={day} class="chip chip-choice">
            <input
              type="checkbox"
              checked={quiet.days.includes(day)}
              onChange={(event) => change({ days: event.currentTarget.checked ? [...others(day), day] : others(day) })}
            />
            {weekday(day)}
          </label>
        ))}
      </fieldset>
    </div>
  )
}

function Time({ label, minutes, set }: { label: string; minutes: number; set: (minutes: number) => void }) {
  const shown = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')
  return (
    <label class="quiet-time">
      {label}
      <span class="field">
        <input
          type="time"
          value={shown}
          onChange={(event) => {
            // Emptied, there is nothing to go by: it stays as it was.
            const [hours, rest] = event.currentTarget.value.split(':').map(Number)
            if (hours !== undefined && rest !== undefined) set(hours * 60 + rest)
          }}
        />
      </span>
    </label>
  )
}

/** Mon, in the browser's language. */
function weekday(day: number): string {
  return new Intl.DateTimeFormat(undefined, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, 7 + day))
}
