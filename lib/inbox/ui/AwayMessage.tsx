import { useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { MAX_REPLY_BYTES } from '#protocol/limits.ts'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Choice } from '../../ui/SettingRows.tsx'
import { Switch } from '../../ui/Switch.tsx'
import type { Away } from '../model.ts'

/** Hours in which a conversation is answered once. */
const EVERY = [1, 8, 24, 72] as const
const FIRST_EVERY = 24

type Props = {
  channel: string
  /** `undefined` where nothing was ever chosen. */
  away: Away | undefined
  /** One-way, there is nobody to answer. */
  oneWay: boolean
  save: (away: Away) => Promise<void>
}

/** What a channel answers by itself while its owner is away. Switching it off keeps the words. client:CDD9 */
export function AwayMessage({ channel, away, oneWay, save }: Props) {
  const id = useId()
  const now: Away = away ?? { on: false, text: i18n.t('away.first'), everyHours: FIRST_EVERY }
  const [text, setText] = useState<string>()
  const saving = useAction(save)
  const words = text ?? now.text
  const set = async (change: Partial<Away>): Promise<void> => {
    if (await saving.run({ ...now, text: words, ...change })) setText(undefined)
  }
  if (oneWay) return <p class="small muted">{i18n.t('away.oneWay')}</p>
  return (
    <div class="away stack">
      <Switch on={now.on} describedBy={`${id}-help`} onChange={(on) => void set({ on })}>
        {i18n.t('away.switch')}
      </Switch>
      <p class="small muted" id={`${id}-help`}>
        {i18n.t('away.help')}
      </p>
      {now.on && (
        <>
          <div class="field">
            <textarea
              rows={2}
              value={words}
              maxLength={MAX_REPLY_BYTES}
              aria-label={i18n.t('away.text', { channel })}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </div>
          {text !== undefined && text !== now.text && (
            <div class="row-line">
              <Button small disabled={saving.busy} onClick={() => void set({})}>
                {i18n.t('options.save')}
              </Button>
              <Button small kind="quiet" disabled={saving.busy} onClick={() => setText(undefined)}>
                {i18n.t('options.cancel')}
              </Button>
            </div>
          )}
          <Choice
            title={i18n.t('away.every')}
            value={now.everyHours}
            options={EVERY.map((hours) => [hours, i18n.t('away.hours', hours)] as const)}
            onChange={(everyHours) => void set({ everyHours })}
          />
        </>
      )}
      <FailureNote failure={saving.failure} lead={(reason) => i18n.t('channels.notSaved', { reason })} />
    </div>
  )
}
