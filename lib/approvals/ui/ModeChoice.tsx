import { useEffect, useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { Failure } from '../../messaging/failure.ts'
import { asFailure } from '../../ui/action.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import type { Mode } from '../model.ts'
import { WeakerMode } from './WeakerMode.tsx'

const ORDER: Mode[] = ['all', 'writes', 'off']

/** Stores a mode. Throws Failure `not_confirmed` when it asks less than now and that was not confirmed. */
export type SetMode = (mode: Mode, confirmed: boolean) => Promise<void>

/** What is asked about, the strictest first. The worker says which choice has to be confirmed. client:APR1, APR16 */
export function ModeChoice({ mode, setMode, labelledBy }: { mode: Mode; setMode: SetMode; labelledBy: string }) {
  const id = useId()
  const [wanted, setWanted] = useState<Mode>()
  const [asking, setAsking] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  useEffect(() => setWanted(undefined), [mode])

  async function choose(next: Mode): Promise<void> {
    setWanted(next)
    setFailure(undefined)
    try {
      await setMode(next, false)
    } catch (error) {
      if (error instanceof Failure && error.code === 'not_confirmed') return setAsking(true)
      setWanted(undefined)
      setFailure(asFailure(error))
    }
  }
  function done(): void {
    setAsking(false)
    setWanted(undefined)
  }

  return (
    <div class="card">
      <div role="radiogroup" aria-labelledby={labelledBy}>
        {ORDER.map((one) => (
          <label key={one} class="setting-row mode-row">
            <input
              type="radio"
              name={id}
              checked={one === (wanted ?? mode)}
              aria-describedby={`${id}-${one}`}
              onChange={() => void choose(one)}
            />
            <span class="grow">
              <span class="mode-name">{i18n.t(`approvals.mode.${one}`)}</span>
              <span class="small muted" id={`${id}-${one}`}>
                {i18n.t(`approvals.mode.${one}Help`)}
              </span>
            </span>
          </label>
        ))}
      </div>
      {failure && (
        <div class="mode-failure">
          <FailureNote failure={failure} lead={(reason) => i18n.t('notificationsPage.notSaved', { reason })} />
        </div>
      )}
      {asking && wanted && wanted !== 'all' && <WeakerMode mode={wanted} confirm={() => setMode(wanted, true)} onDone={done} />}
    </div>
  )
}
