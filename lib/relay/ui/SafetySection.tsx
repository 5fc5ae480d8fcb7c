import { Check, TriangleAlert, X } from 'lucide-preact'
import { i18n } from '#i18n'
import { longDay } from '../../ui/moment.ts'
import { Tag } from '../../ui/Tag.tsx'
import type { Safety } from '../safety.ts'
import { SafetyCard } from './SafetyCard.tsx'

export type SafetyActions = {
  /** client:SAF4 */
  keepVerdict: (number: string, verdict: 'match' | 'differ') => Promise<void>
  disconnect: () => Promise<void>
}

type Props = { safety: Safety; stopped: boolean; actions: SafetyActions }

/** Whether browser and relay see the same two keys, told by people to each other. client:SAF2-SAF4 */
export function SafetySection({ safety, stopped, actions }: Props) {
  return (
    <section class="section" aria-labelledby="safety">
      <div class="section-head">
        <h2 id="safety">{i18n.t('safety.title')}</h2>
        <VerdictTag safety={safety} />
      </div>
      {safety.state === 'known' ? (
        // Another number is another comparison: nothing typed for the one before stays.
        <SafetyCard key={safety.number} safety={safety} stopped={stopped} actions={actions} />
      ) : (
        <p class="card card-pad muted">{i18n.t(`safety.none.${safety.state}`)}</p>
      )}
    </section>
  )
}

function VerdictTag({ safety }: { safety: Safety }) {
  if (safety.state !== 'known') return null
  const { verdict, changed } = safety
  if (verdict?.verdict === 'match')
    return (
      <Tag kind="ok" icon={Check}>
        {i18n.t('safety.compared', { day: longDay(verdict.at, Date.now()) })}
      </Tag>
    )
  if (verdict)
    return (
      <Tag kind="fail" icon={X}>
        {i18n.t('safety.differed')}
      </Tag>
    )
  if (changed)
    return (
      <Tag kind="warn" icon={TriangleAlert}>
        {i18n.t('safety.changed')}
      </Tag>
    )
  return <Tag>{i18n.t('safety.notYet')}</Tag>
}
