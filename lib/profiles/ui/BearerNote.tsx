import { TriangleAlert } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import type { IdentityActions } from './actions.ts'

/** The mark of a profile without signing key, with the way to a signed one. client:CRG7 */
export function BearerNote({ ownKeyAgain }: Pick<IdentityActions, 'ownKeyAgain'>) {
  const [asking, setAsking] = useState(false)
  const back = useAction(async () => {
    await ownKeyAgain()
    setAsking(false)
  })
  return (
    <Banner
      kind="warn"
      icon={TriangleAlert}
      actions={
        <Button small onClick={() => setAsking(true)}>
          {i18n.t('identity.token.back')}
        </Button>
      }
    >
      <b>{i18n.t('identity.token.warning')}.</b> {i18n.t('identity.token.warningText')}
      {asking && (
        <ConfirmDialog
          title={i18n.t('identity.token.backTitle')}
          confirm={i18n.t(back.busy ? 'identity.working' : 'identity.token.back')}
          busy={back.busy}
          failure={back.failure}
          onConfirm={() => void back.run()}
          onCancel={() => {
            back.reset()
            setAsking(false)
          }}
        >
          <p>{i18n.t('identity.token.backText')}</p>
          <p>{i18n.t('identity.movesChannels')}</p>
        </ConfirmDialog>
      )}
    </Banner>
  )
}
