import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { QrCode } from '../../ui/QrCode.tsx'

/** The number as this browser computes it: to read out, to copy, or for a camera. client:SAF2 */
export function OwnNumber({ number }: { number: string }) {
  const [qr, setQr] = useState(false)
  return (
    <div class="card-pad">
      <h3 class="label">{i18n.t('safety.here')}</h3>
      <p class="small muted">{i18n.t('safety.hereText')}</p>
      <p class="digits" dir="ltr">
        {number.split(' ').map((group, index) => (
          <span key={index}>{group}</span>
        ))}
      </p>
      {qr && <QrCode text={number} label={i18n.t('safety.qr')} />}
      <div class="row-line">
        <CopyButton text={number} thing={i18n.t('safety.name')} />
        <button type="button" class="btn btn-sm btn-quiet" aria-expanded={qr} onClick={() => setQr(!qr)}>
          {i18n.t(qr ? 'safety.hideQr' : 'safety.showQr')}
        </button>
      </div>
    </div>
  )
}
