import { Bell } from 'lucide-preact'
import { i18n } from '#i18n'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { useHost } from './host.ts'

/** The first run asks once. client:INB4 */
export function NotificationsQuestion() {
  const { settings, changeSettings } = useHost()
  if (settings?.notifications !== 'ask') return null
  const answer = (notifications: 'on' | 'off') => () => void changeSettings({ notifications })
  return (
    <Banner
      kind="plain"
      icon={Bell}
      strip
      actions={
        <>
          <Button small onClick={answer('on')}>
            {i18n.t('inbox.notify.yes')}
          </Button>
          <Button small kind="quiet" onClick={answer('off')}>
            {i18n.t('inbox.notify.no')}
          </Button>
        </>
      }
    >
      <b>{i18n.t('inbox.notify.title')}</b> {i18n.t('inbox.notify.text')}
    </Banner>
  )
}
