import { CircleAlert } from 'lucide-preact'
import { i18n } from '#i18n'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'

/** The database cannot be opened: nothing else can be shown. client:CDD14 */
export function Unreadable({ reason }: { reason: string }) {
  return (
    <main class="main">
      <Banner
        kind="fail"
        icon={CircleAlert}
        actions={
          <Button small onClick={() => location.reload()}>
            {i18n.t('options.tryAgain')}
          </Button>
        }
      >
        <b>{i18n.t('options.unreadable')}</b> {reason}
      </Banner>
    </main>
  )
}
