import { RotateCw } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { AccessFacts, type AccessTold } from './AccessFacts.tsx'

export type AccessActions = {
  /** client:ACC2 */
  renewToken: () => Promise<void>
  /** client:ACC3 */
  endOthers: () => Promise<void>
}

type Props = {
  told: AccessTold
  /** A pasted token signs nothing, so it can be neither renewed nor made the only one. client:CRG7 */
  unsigned: boolean
  actions: AccessActions
  askAgain: () => void
}

/** Who else may use this session, and how to end that. client:ACC1-ACC3 */
export function AccessSection({ told, unsigned, actions, askAgain }: Props) {
  const announce = useAnnounce()
  const [asking, setAsking] = useState(false)
  const done = (words: string): void => {
    askAgain()
    announce(words)
  }
  const renew = useAction(async () => {
    await actions.renewToken()
    done(i18n.t('access.renewed'))
  })
  const end = useAction(async () => {
    await actions.endOthers()
    setAsking(false)
    done(i18n.t('access.ended'))
  })
  const off = told.state !== 'told' || renew.busy || end.busy
  return (
    <section class="section" aria-labelledby="access">
      <div class="section-head">
        <h2 id="access">{i18n.t('access.title')}</h2>
        {told.state === 'told' && <span class="muted num">{i18n.t('access.open', told.session.sockets.length)}</span>}
      </div>
      <div class="card">
        <div class="card-pad stack access">
          <p class="muted">{i18n.t(unsigned ? 'access.unsigned' : 'access.text')}</p>
          <AccessFacts told={told} />
        </div>
        <footer class="card-foot">
          <Button disabled={told.state === 'none' || told.state === 'stopped'} onClick={askAgain}>
            <Icon of={RotateCw} />
            {i18n.t('connectionPage.askAgain')}
          </Button>
          {!unsigned && (
            <>
              <Button disabled={off} onClick={() => void renew.run()}>
                {i18n.t(renew.busy ? 'identity.working' : 'access.renew')}
              </Button>
              <Button disabled={off} onClick={() => setAsking(true)}>
                {i18n.t('access.end')}
              </Button>
            </>
          )}
          <FailureNote failure={renew.failure} />
        </footer>
      </div>
      {asking && (
        <ConfirmDialog
          title={i18n.t('access.endTitle')}
          confirm={i18n.t(end.busy ? 'identity.working' : 'access.end')}
          danger
          busy={end.busy}
          failure={end.failure}
          onConfirm={() => void end.run()}
          onCancel={() => {
            end.reset()
            setAsking(false)
          }}
        >
          <p>{i18n.t('access.endText')}</p>
          <p>{i18n.t('access.endKeys')}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}
