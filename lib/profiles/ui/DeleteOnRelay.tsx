import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { TypedName } from './TypedName.tsx'

type Props = {
  relayHost: string
  channels: number
  deleteOnRelay: () => Promise<void>
}

/** Everything the relay keeps of this profile goes; what is in this browser stays. client:ACC4 */
export function DeleteOnRelay({ relayHost, channels, deleteOnRelay }: Props) {
  const announce = useAnnounce()
  const [asking, setAsking] = useState(false)
  const [typed, setTyped] = useState('')
  const run = useAction(async () => {
    await deleteOnRelay()
    close()
    announce(i18n.t('relayData.done'))
  })
  const close = (): void => {
    run.reset()
    setTyped('')
    setAsking(false)
  }
  return (
    <section class="section" aria-labelledby="relay-data">
      <div class="section-head">
        <h2 id="relay-data">{i18n.t('relayData.title')}</h2>
      </div>
      <div class="card card-danger">
        <p class="card-pad muted">{i18n.t('relayData.text')}</p>
        <footer class="card-foot">
          <Button kind="danger" onClick={() => setAsking(true)}>
            {i18n.t('relayData.button')}
          </Button>
        </footer>
      </div>
      {asking && (
        <ConfirmDialog
          title={i18n.t('relayData.askTitle')}
          confirm={i18n.t(run.busy ? 'identity.working' : 'relayData.button')}
          danger
          ready={typed.trim().toLowerCase() === relayHost.toLowerCase()}
          busy={run.busy}
          failure={run.failure}
          onConfirm={() => void run.run()}
          onCancel={close}
        >
          <p>{i18n.t('relayData.askChannels', channels)}</p>
          <p>{i18n.t('relayData.askKeeps')}</p>
          <TypedName
            label={i18n.t('relayData.type', { host: relayHost })}
            value={typed}
            onType={(value) => {
              run.reset()
              setTyped(value)
            }}
            address
          />
        </ConfirmDialog>
      )}
    </section>
  )
}
