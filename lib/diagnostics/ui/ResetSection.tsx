import { useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'

/** The same in every language: it is typed, not read. client:RST2 */
const WORD = 'RESET'

export type ResetActions = {
  /** Gives what was kept. `undefined` where there is no profile to clear it of. client:RST1 */
  resetAddress: (() => Promise<{ messages: number; channels: number }>) | undefined
  resetAll: () => Promise<void>
}

/** What is left when nothing else helps. client:RST1, RST2 */
export function ResetSection({ actions: { resetAddress, resetAll } }: { actions: ResetActions }) {
  const [asking, setAsking] = useState(false)
  return (
    <section class="section" aria-labelledby="reset">
      <div class="section-head">
        <h2 id="reset" tabIndex={-1}>
          {i18n.t('reset.title')}
        </h2>
      </div>
      <div class="card">
        {resetAddress && <ResetAddress resetAddress={resetAddress} />}
        <div class="setting-row reset-row">
          <div class="grow">
            <b>{i18n.t('reset.all')}</b>
            <p class="small muted">{i18n.t('reset.allHelp')}</p>
          </div>
          <Button kind="danger" small onClick={() => setAsking(true)}>
            {i18n.t('reset.allButton')}
          </Button>
        </div>
      </div>
      {asking && <AskReset resetAll={resetAll} cancel={() => setAsking(false)} />}
    </section>
  )
}

function ResetAddress({ resetAddress }: { resetAddress: NonNullable<ResetActions['resetAddress']> }) {
  const [kept, setKept] = useState<{ messages: number; channels: number }>()
  const run = useAction(async () => setKept(await resetAddress()))
  return (
    <div class="setting-row reset-row">
      <div class="grow">
        <b>{i18n.t('reset.address')}</b>
        <p class="small muted">{i18n.t('reset.addressHelp')}</p>
        {kept && (
          <p class="small" role="status">
            {i18n.t('reset.kept', {
              messages: i18n.t('reset.messages', kept.messages, [kept.messages.toLocaleString()]),
              channels: i18n.t('reset.channels', kept.channels),
            })}
          </p>
        )}
        <FailureNote failure={run.failure} />
      </div>
      <Button small disabled={run.busy} onClick={() => void run.run()}>
        {i18n.t('reset.addressButton')}
      </Button>
    </div>
  )
}

function AskReset({ resetAll, cancel }: { resetAll: () => Promise<void>; cancel: () => void }) {
  const id = useId()
  const [typed, setTyped] = useState('')
  const run = useAction(resetAll)
  return (
    <ConfirmDialog
      title={i18n.t('reset.allTitle')}
      confirm={i18n.t(run.busy ? 'identity.working' : 'reset.allButton')}
      danger
      ready={typed.trim() === WORD}
      busy={run.busy}
      failure={run.failure}
      onConfirm={() => void run.run()}
      onCancel={cancel}
    >
      <p>{i18n.t('reset.allText')}</p>
      <p>{i18n.t('reset.allEnds')}</p>
      <label class="label" for={id}>
        {i18n.t('reset.type', { word: WORD })}
      </label>
      <div class="field">
        <input
          id={id}
          value={typed}
          spellcheck={false}
          autocapitalize="characters"
          autocomplete="off"
          dir="ltr"
          onInput={(event) => {
            run.reset()
            setTyped(event.currentTarget.value)
          }}
        />
      </div>
    </ConfirmDialog>
  )
}
