import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import type { IdentityActions } from './actions.ts'
import { PassphraseField } from './PassphraseField.tsx'

/** A pasted token, tried on the relay before anything is replaced, and never shown again. client:CRG7 */
export function TokenForm({ checkToken }: Pick<IdentityActions, 'checkToken'>) {
  const [token, setToken] = useState('')
  const [accepted, setAccepted] = useState<{ use: () => Promise<void> }>()
  const check = useAction(async () => {
    const use = await checkToken(token)
    setToken('')
    setAccepted({ use })
  })
  const replace = useAction(async (use: () => Promise<void>) => {
    await use()
    setAccepted(undefined)
  })
  return (
    <details class="advanced">
      <summary>{i18n.t('identity.token.title')}</summary>
      <form
        class="card card-pad stack identity-form"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          void check.run()
        }}
      >
        <p class="muted">{i18n.t('identity.token.text')}</p>
        <PassphraseField
          label={i18n.t('identity.token.label')}
          value={token}
          isNew={false}
          onInput={(text) => {
            check.reset()
            setToken(text)
          }}
        />
        <FailureNote failure={check.failure} />
        <Button type="submit" disabled={token.trim() === '' || check.busy}>
          {i18n.t(check.busy ? 'identity.working' : 'identity.token.button')}
        </Button>
      </form>
      {accepted && (
        <ConfirmDialog
          title={i18n.t('identity.token.confirmTitle')}
          confirm={i18n.t(replace.busy ? 'identity.working' : 'identity.token.button')}
          danger
          busy={replace.busy}
          failure={replace.failure}
          onConfirm={() => void replace.run(accepted.use)}
          onCancel={() => {
            replace.reset()
            setAccepted(undefined)
          }}
        >
          <p>{i18n.t('identity.token.confirmText')}</p>
          <p>{i18n.t('identity.keepsMessages')}</p>
        </ConfirmDialog>
      )}
    </details>
  )
}
