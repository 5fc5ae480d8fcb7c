import { CircleAlert } from 'lucide-preact'
import { i18n } from '#i18n'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'

/** Data of the page that could not be read; what could be stays usable below. client:CDD14 */
export function Unreadable({ reason, onTry }: { reason: string; onTry: () => void }) {
  return (
    <Banner
      kind="fail"
      icon={CircleAlert}
      actions={
        <Button small onClick={onTry}>
          {i18n.t('options.tryAgain')}
        </Button>
      }
    >
      <b>{i18n.t('options.unreadable')}</b> <bdi>{reason}</bdi>
    </Banner>
  )
}
