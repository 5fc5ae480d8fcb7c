import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import type { Mode } from '../model.ts'

/** Says what will not be asked any more, before it is not. client:APR16 */
export function WeakerMode({
  mode,
  confirm,
  onDone,
}: {
  mode: Exclude<Mode, 'all'>
  confirm: () => Promise<void>
  /** Confirmed or not. */
  onDone: () => void
}) {
  const action = useAction(confirm)
  return (
    <ConfirmDialog
      title={i18n.t(`approvals.weaker.${mode}`)}
      confirm={i18n.t(`approvals.weaker.${mode}Confirm`)}
      danger
      busy={action.busy}
      failure={action.failure}
      onConfirm={() => void action.run().then((worked) => worked && onDone())}
      onCancel={onDone}
    >
      <p>{i18n.t(`approvals.weaker.${mode}Text`)}</p>
    </ConfirmDialog>
  )
}
