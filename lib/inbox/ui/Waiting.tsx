import { Clock } from 'lucide-preact'
import { i18n } from '#i18n'
import { Icon } from '../../ui/Icon.tsx'
import { useLive } from '../../ui/live.ts'
import { countWaiting } from '../queries.ts'
import { useHost } from './host.ts'

/** That what was written while the relay is away is safe here, and goes out by itself. client:OBX2 */
export function Waiting({ conversationId }: { conversationId: string }) {
  const { db, profileId } = useHost()
  const count = useLive(() => countWaiting(db, profileId, conversationId), ['replies'], [profileId, conversationId]).value ?? 0
  if (count === 0) return null
  return (
    <p class="composer-note" role="status">
      <Icon of={Clock} size="sm" />
      {i18n.t('composer.waiting', count)}
    </p>
  )
}
