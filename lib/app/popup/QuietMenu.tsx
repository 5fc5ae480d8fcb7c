import { Bell, BellOff } from 'lucide-preact'
import { i18n } from '#i18n'
import type { Settings } from '../../inbox/messages.ts'
import { quietUntil, readQuiet } from '../../inbox/quiet.ts'
import { Menu } from '../../ui/Menu.tsx'
import { useNow } from '../../ui/now.ts'
import { quietChoices, quietWords } from '../quietChoices.ts'
import { openOptions } from './windows.ts'

const MINUTE_MS = 60_000

/** Whether notifications are held back, and the choice to hold them back for a while. client:DND1 */
export function QuietMenu({ settings, set }: { settings: Settings; set: (change: Partial<Settings>) => Promise<void> }) {
  const now = useNow(MINUTE_MS)
  const quiet = quietUntil(readQuiet(settings.quiet), now) !== undefined
  const choices = quietChoices(settings.quiet, now).map(({ label, change }) => ({ label, act: () => void set(change) }))
  return (
    <Menu
      icon={quiet ? BellOff : Bell}
      label={quietWords(settings.quiet, now)}
      marked={quiet}
      items={[...choices, { label: i18n.t('quiet.hours'), act: () => void openOptions('#/notifications') }]}
    />
  )
}
