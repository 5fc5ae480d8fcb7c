import { Hand } from 'lucide-preact'
import { i18n } from '#i18n'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import type { Conversation } from '../model.ts'
import { useTakeOver } from './useTakeOver.ts'

/** That agents wait in this conversation, and the way back. client:TKO2 */
export function TakenOver({ row }: { row: Conversation }) {
  const { taken, change } = useTakeOver(row)
  if (!taken) return null
  return (
    <div class="taken-over">
      <Icon of={Hand} size="sm" />
      <p class="grow">
        <b>{i18n.t('takeOver.title')}</b> {i18n.t('takeOver.text')}
      </p>
      <Button small disabled={change.busy} onClick={() => void change.run(false)}>
        {i18n.t('takeOver.give')}
      </Button>
      <FailureNote failure={change.failure} />
    </div>
  )
}
