import { Check, Clock, LoaderCircle } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { connectionWords } from '../../ui/connectionWords.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { moment } from '../../ui/moment.ts'
import { useNow } from '../../ui/now.ts'
import { useOnline } from '../../ui/online.ts'
import { href } from '../../ui/router.ts'
import type { Connection } from '../state.ts'
import type { ConnectionActions } from './details.ts'
import { clockMinutes, statusText } from './statusText.ts'

type Props = { connection: Connection | undefined; actions: ConnectionActions }

/** What the connection is, since when, why, and what can be done about it. client:SOC3, SOC9, SOC10 */
export function StatusCard({ connection, actions }: Props) {
  const online = useOnline()
  const now = useNow(1000)
  const { kind, icon, text, spin } = connectionWords(connection, online, now)
  const minutes = clockMinutes(connection)
  return (
    <section class="section" aria-labelledby="now">
      <h2 id="now" class="sr">
        {i18n.t('connectionPage.now')}
      </h2>
      <div class="card">
        <div class={`card-pad status status-${kind}`}>
          <span class="key-icon">
            <Icon of={icon} size="lg" spin={spin ?? false} />
          </span>
          <div class="grow">
            <p class="status-word num">{text}</p>
            <p class="muted">
              <bdi>{statusText(connection, online)}</bdi>
            </p>
            {connection && connection.state !== 'reconnecting' && (
              <p class="small faint">{i18n.t('connectionPage.since', { time: moment(connection.since, now) })}</p>
            )}
            {minutes !== undefined && (
              <p class="hint hint-warn">
                <Icon of={Clock} />
                <span>{i18n.t('connectionPage.clockOff', minutes)}</span>
              </p>
            )}
          </div>
        </div>
        {connection && <StatusButtons connection={connection} actions={actions} />}
      </div>
    </section>
  )
}

function StatusButtons({ connection, actions }: { connection: Connection; actions: ConnectionActions }) {
  const act = useAction((act: () => Promise<unknown>) => act())
  const { poll, found } = usePoll(actions)
  const { state } = connection
  if (state === 'identity_lost' || state === 'blocked')
    return (
      <footer class="card-foot">
        <a class="btn btn-primary" href={href('security')}>
          {i18n.t(state === 'blocked' ? 'connectionPage.blocked.compare' : 'identity.lost.choose')}
        </a>
      </footer>
    )
  const isOpen = state === 'connected' || state === 'catching_up'
  return (
    <footer class="card-foot">
      {state === 'stopped' && (
        <Button kind="primary" disabled={act.busy} onClick={() => void act.run(actions.connect)}>
          {i18n.t('connectionPage.start')}
        </Button>
      )}
      {state !== 'stopped' && (!isOpen || connection.polling) && (
        <Button kind="primary" disabled={act.busy} onClick={() => void act.run(actions.reconnect)}>
          {i18n.t('connectionPage.tryNow')}
        </Button>
      )}
      {state !== 'stopped' && state !== 'auth_error' && (
        <Button disabled={poll.busy} onClick={() => void poll.run()}>
          {poll.busy && <Icon of={LoaderCircle} spin />}
          {i18n.t(poll.busy ? 'connectionPage.looking' : 'connectionPage.poll')}
        </Button>
      )}
      {state !== 'stopped' && (
        <Button kind="quiet" disabled={act.busy} onClick={() => void act.run(actions.disconnect)}>
          {i18n.t('connectionPage.stop')}
        </Button>
      )}
      {found !== undefined && !poll.busy && (
        <span class="hint">
          <Icon of={Check} />
          <span class="num">{i18n.t('connectionPage.found', found)}</span>
        </span>
      )}
      <FailureNote failure={act.failure ?? poll.failure} />
    </footer>
  )
}

function usePoll(actions: ConnectionActions) {
  const announce = useAnnounce()
  const [found, setFound] = useState<number>()
  const poll = useAction(async () => {
    setFound(undefined)
    const received = await actions.pollNow()
    setFound(received)
    announce(i18n.t('connectionPage.found', received))
  })
  return { poll, found }
}
