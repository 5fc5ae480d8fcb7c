import { ShieldAlert } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'

/** Says what an older relay lacks, and uses it only when asked to. `pinned`: never. client:LEG1, LEG2 */
export function OlderRelay({ pinned, use }: { pinned: boolean; use: () => Promise<void> }) {
  const [asking, setAsking] = useState(false)
  const run = useAction(async () => {
    await use()
    setAsking(false)
  })
  if (pinned)
    return (
      <Banner kind="warn" icon={ShieldAlert}>
        <b>{i18n.t('connectionPage.older.title')}.</b> {i18n.t('connectionPage.older.pinned')}
      </Banner>
    )
  return (
    <>
      <Banner
        kind="warn"
        icon={ShieldAlert}
        actions={
          <Button small onClick={() => setAsking(true)}>
            {i18n.t('connectionPage.older.use')}
          </Button>
        }
      >
        <b>{i18n.t('connectionPage.older.title')}.</b> {i18n.t('connectionPage.older.text')}
      </Banner>
      {asking && (
        <ConfirmDialog
          title={i18n.t('connectionPage.older.confirmTitle')}
          confirm={i18n.t('connectionPage.older.use')}
          danger
          busy={run.busy}
          failure={run.failure}
          onConfirm={() => void run.run()}
          onCancel={() => setAsking(false)}
        >
          <p>{i18n.t('connectionPage.older.confirmText')}</p>
          <p>{i18n.t('connectionPage.older.confirmEnds')}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
