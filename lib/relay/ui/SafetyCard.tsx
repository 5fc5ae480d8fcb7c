import { Check, ShieldAlert } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import type { Safety } from '../safety.ts'
import { compareNumber } from './compareNumber.ts'
import { OtherNumber } from './OtherNumber.tsx'
import { OwnNumber } from './OwnNumber.tsx'
import type { SafetyActions } from './SafetySection.tsx'

type Props = { safety: Extract<Safety, { state: 'known' }>; stopped: boolean; actions: SafetyActions }

/** The number, a place to hold another one against it, and what came of it. client:SAF2-SAF4 */
export function SafetyCard({ safety: { number, userId, verdict }, stopped, actions }: Props) {
  const announce = useAnnounce()
  const [text, setText] = useState('')
  const compared = compareNumber(text, number)
  const keep = useAction(async (found: 'match' | 'differ') => {
    await actions.keepVerdict(number, found)
    setText('')
    announce(i18n.t(found === 'match' ? 'safety.keptMatch' : 'safety.keptDiffer'))
  })
  const isWrong = compared.state === 'differs' || compared.state === 'strange'
  return (
    <div class="card">
      {verdict?.verdict === 'differ' && <Differs stopped={stopped} disconnect={actions.disconnect} />}
      <div class="compare">
        <OwnNumber number={number} />
        <OtherNumber text={text} onInput={setText} compared={compared} userId={userId} />
      </div>
      <footer class="card-foot">
        {verdict?.verdict === 'match' ? (
          <p class="small muted grow verdict-line">
            <Icon of={Check} />
            <span>{i18n.t('safety.matched')}</span>
          </p>
        ) : (
          <p class="small muted grow">{i18n.t('safety.elsewhere')}</p>
        )}
        {verdict?.verdict !== 'differ' && (
          <Button kind="quiet" disabled={keep.busy || compared.state === 'match'} onClick={() => void keep.run('differ')}>
            {i18n.t('safety.differ')}
          </Button>
        )}
        {verdict?.verdict !== 'match' && (
          <Button kind="primary" disabled={keep.busy || isWrong} onClick={() => void keep.run('match')}>
            {i18n.t('safety.match')}
          </Button>
        )}
        <FailureNote failure={keep.failure} />
      </footer>
    </div>
  )
}

/** What it may mean, and the one thing to do at once. client:SAF4 */
function Differs({ stopped, disconnect }: { stopped: boolean; disconnect: () => Promise<void> }) {
  const stop = useAction(disconnect)
  return (
    <Banner
      kind="fail"
      icon={ShieldAlert}
      strip
      actions={
        stopped ? undefined : (
          <Button small kind="danger" disabled={stop.busy} onClick={() => void stop.run()}>
            {i18n.t('safety.stop')}
          </Button>
        )
      }
    >
      <b>{i18n.t('safety.differTitle')}</b> {i18n.t(stopped ? 'safety.differStopped' : 'safety.differText')}
      <FailureNote failure={stop.failure} />
    </Banner>
  )
}
