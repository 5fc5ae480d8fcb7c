import { CircleAlert } from 'lucide-preact'
import { i18n } from '#i18n'
import { PAIRING_LIFE_MS } from '#protocol/limits.ts'
import { formatPairingCode } from '#protocol/pairing.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Countdown } from '../../ui/Countdown.tsx'
import { Icon } from '../../ui/Icon.tsx'
import type { Pairing } from '../facts.ts'

const ENDINGS = { expired: 'wizard.expired', used_up: 'wizard.usedUp', ended: 'wizard.ended' } as const

/** The code, large and copyable, and how long it lives; or why it no longer works. client:WIZ6, WIZ8 */
export function PairingCode({ pairing, now }: { pairing: Pairing; now: number }) {
  if (pairing.state !== 'live')
    return (
      <p class="hint hint-fail pair-ended" role="status">
        <Icon of={CircleAlert} />
        <span>
          {i18n.t(ENDINGS[pairing.state])} {i18n.t('wizard.sendNew')}
        </span>
      </p>
    )
  const [first, second] = formatPairingCode(pairing.code).split(' ')
  return (
    <>
      <div class="pair-code">
        <output aria-label={i18n.t('wizard.codeLabel')} dir="ltr">
          {first}
          <span class="gap">{second}</span>
        </output>
        <CopyButton text={pairing.code} thing={i18n.t('wizard.code')} />
      </div>
      <Countdown
        until={pairing.expiresAt}
        totalMs={PAIRING_LIFE_MS}
        now={now}
        milestones={[
          { seconds: 10, text: i18n.t('wizard.tenSeconds') },
          { seconds: 60, text: i18n.t('wizard.oneMinute') },
        ]}
      />
    </>
  )
}
