import { i18n } from '#i18n'
import { CodeLine } from '../../channels/ui/WebhookAddress.tsx'
import type { Connection } from '../../relay/state.ts'
import { ConnectionState } from '../../ui/ConnectionState.tsx'
import { href } from '../../ui/router.ts'

const START = 'npm start'

/** What is to do until the relay is reached: to start it, or to say where it is. */
export function ConnectStep({ connection }: { connection: Connection | undefined }) {
  if (connection?.state === 'blocked' || connection?.state === 'identity_lost' || connection?.state === 'auth_error')
    return (
      <div class="row-line">
        <ConnectionState connection={connection} />
        <a class="btn btn-sm btn-primary" href={href(connection.state === 'auth_error' ? 'connection' : 'security')}>
          {i18n.t('start.connect.see')}
        </a>
      </div>
    )
  return (
    <>
      <p>{i18n.t('start.connect.how')}</p>
      <CodeLine text={START} thing={i18n.t('start.connect.command')} />
      <div class="row-line">
        <ConnectionState connection={connection} />
        <a href={href('connection')}>{i18n.t('start.connect.elsewhere')}</a>
      </div>
      {connection?.reason && (
        <p class="small muted">
          <bdi>{connection.reason}</bdi>
        </p>
      )}
    </>
  )
}
