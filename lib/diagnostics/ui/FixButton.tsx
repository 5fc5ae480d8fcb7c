import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import type { Fix } from '../model.ts'
import { type FixActions, isAdvice } from './fixes.ts'

type Props = { fix: Fix; actions: FixActions; fixed: () => void; describedBy?: string }

/** Does what helps and has it looked at again; advice opens in place. client:DOC2 */
export function FixButton({ fix, actions, fixed, describedBy }: Props) {
  const [told, setTold] = useState(false)
  const act = useAction(async () => {
    if (isAdvice(fix)) setTold(!told)
    else if ((await actions[fix]()) === 'again') fixed()
  })
  return (
    <div class="fix">
      <Button small disabled={act.busy} onClick={() => void act.run()} {...(describedBy && { describedBy })}>
        {i18n.t(`doctor.fixes.${fix}`)}
      </Button>
      {told && isAdvice(fix) && (
        <p class="small muted" role="status">
          {i18n.t(`doctor.helps.${fix}`)}
        </p>
      )}
      <FailureNote failure={act.failure} />
    </div>
  )
}
