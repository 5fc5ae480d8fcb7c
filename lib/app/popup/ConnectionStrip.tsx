import { Check, CircleAlert, Database, KeyRound, LoaderCircle, ShieldAlert, TriangleAlert, Unplug, WifiOff } from 'lucide-preact'
import { useRef } from 'preact/hooks'
import { i18n } from '#i18n'
import type { useCleanUp } from '../../inbox/ui/cleanUp.ts'
import type { Connection } from '../../relay/state.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { connectionWords } from '../../ui/connectionWords.ts'
import { useNow } from '../../ui/now.ts'
import { useOnline } from '../../ui/online.ts'
import { rich, slots } from '../../ui/rich.tsx'
import { type Trouble, troubleOf } from './strips.ts'
import { openOptions } from './windows.ts'

type Props = {
  connection: Connection | undefined
  /** Replies that wait in this browser. */
  waiting: number
  /** In a conversation, where no header tells the state. */
  inConversation?: boolean
  onTry: () => void
  onConnect: () => void
  cleaning: ReturnType<typeof useCleanUp>
}

/** What is wrong with the connection, in place, with its fix. client:PIN4, SOC13, CDD10 */
export function ConnectionStrip({ connection, waiting, inConversation = false, onTry, onConnect, cleaning }: Props) {
  const online = useOnline()
  const trouble = useSteady(troubleOf(connection, online), connection)
  const now = useNow(trouble === 'reconnecting' && inConversation ? 1000 : undefined)
  const settings = (place: string, label: string) => (
    <Button small onClick={() => void openOptions(place)}>
      {label}
    </Button>
  )
  const reason = connection?.reason
  switch (trouble) {
    case 'blocked':
      return (
        <Banner
          kind="fail"
          icon={ShieldAlert}
          strip
          actions={
            <Button small kind="danger" onClick={() => void openOptions('#/security')}>
              {i18n.t('popup.compareKeys')}
            </Button>
          }
        >
          <b>{i18n.t('popup.strip.blocked')}</b> {i18n.t('popup.strip.blockedMore')}
        </Banner>
      )
    case 'auth_error':
      return (
        <Banner kind="fail" icon={KeyRound} strip actions={settings('#/connection', i18n.t('popup.connectionSettings'))}>
          <b>{i18n.t('popup.strip.authError')}</b> <bdi>{reason}</bdi>
        </Banner>
      )
    case 'identity_lost':
      return (
        <Banner kind="fail" icon={KeyRound} strip actions={settings('#/security', i18n.t('identity.lost.choose'))}>
          <b>{i18n.t('popup.strip.identityLost')}</b> {i18n.t('popup.strip.identityLostMore')}
        </Banner>
      )
    case 'stopped':
      return (
        <Banner
          kind="plain"
          icon={Unplug}
          strip
          actions={
            <Button small onClick={onConnect}>
              {i18n.t('popup.connect')}
            </Button>
          }
        >
          {i18n.t('popup.strip.stopped')}
        </Banner>
      )
    case 'offline':
      return (
        <Banner kind="warn" icon={WifiOff} strip>
          {waiting === 0
            ? i18n.t('popup.strip.offline')
            : rich(i18n.t('popup.strip.offlineReplies', slots('replies')), {
                replies: <b>{i18n.t('popup.strip.offlineWaiting', waiting)}</b>,
              })}
        </Banner>
      )
    case 'full':
      return (
        <Banner
          kind="warn"
          icon={Database}
          strip
          actions={
            <Button small disabled={cleaning.busy} onClick={() => void cleaning.run()}>
              {i18n.t('cleanUp.button')}
            </Button>
          }
        >
          <b>{i18n.t('popup.strip.full')}</b> {cleaning.failure?.message ?? cleaning.words ?? i18n.t('popup.strip.fullMore')}
        </Banner>
      )
    case 'polling':
      return (
        <Banner kind="warn" icon={TriangleAlert} strip actions={settings('#/connection', i18n.t('popup.diagnose'))}>
          {i18n.t('popup.strip.polling')}
        </Banner>
      )
    case 'unreached':
      return (
        <Banner
          kind="fail"
          icon={CircleAlert}
          strip
          actions={
            <>
              <Button small onClick={onTry}>
                {i18n.t('app.tryAgain')}
              </Button>
              <Button small kind="quiet" onClick={() => void openOptions('#/connection')}>
                {i18n.t('popup.diagnose')}
              </Button>
            </>
          }
        >
          <b>{i18n.t('popup.strip.unreached')}</b> <bdi>{reason}</bdi>
        </Banner>
      )
    case 'reconnecting':
      if (!inConversation) return null
      return (
        <Banner
          kind="warn"
          icon={LoaderCircle}
          strip
          actions={
            <Button small onClick={onTry}>
              {i18n.t('popup.tryNow')}
            </Button>
          }
        >
          {i18n.t('popup.strip.reconnecting', { state: connectionWords(connection, online, now).text })}
        </Banner>
      )
    case undefined:
      // Said where the trouble was said, until it is taken note of.
      if (cleaning.words === undefined || inConversation) return null
      return (
        <Banner
          kind="ok"
          icon={Check}
          strip
          actions={
            <Button small kind="quiet" onClick={cleaning.forget}>
              {i18n.t('cleanUp.noted')}
            </Button>
          }
        >
          {cleaning.words}
        </Banner>
      )
  }
}

/** A strip stays while the next attempt runs: it would only blink. */
function useSteady(trouble: Trouble | undefined, connection: Connection | undefined): Trouble | undefined {
  const before = useRef<Trouble>(undefined)
  if (trouble !== undefined || connection?.state !== 'connecting') before.current = trouble
  return before.current
}
