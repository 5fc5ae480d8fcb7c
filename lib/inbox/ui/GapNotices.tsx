import { CircleAlert } from 'lucide-preact'
import { i18n } from '#i18n'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { useLive } from '../../ui/live.ts'
import { listGaps } from '../queries.ts'
import { useHost } from './host.ts'

/** Messages the relay removed before they came here: said once per gap, until read. client:CDD6 */
export function GapNotices() {
  const { db, profileId, chores } = useHost()
  const { value: gaps = [] } = useLive(() => listGaps(db, profileId), ['gaps'], [profileId])
  const gap = gaps[0]
  if (!gap) return null
  const dismiss = async (): Promise<void> => {
    await Promise.all(gaps.map(({ id }) => chores.dismissGap({ profileId, id })))
  }
  const known = gaps.reduce((sum, { count }) => sum + (count === 'unknown' ? 0 : count), 0)
  const certain = gaps.every(({ count }) => count !== 'unknown')
  return (
    <Banner
      kind="warn"
      icon={CircleAlert}
      strip
      actions={
        <Button small onClick={() => void dismiss()}>
          {i18n.t('inbox.gap.dismiss')}
        </Button>
      }
    >
      {certain ? i18n.t('inbox.gap.known', known, [known.toLocaleString()]) : i18n.t('inbox.gap.unknown')}
    </Banner>
  )
}
