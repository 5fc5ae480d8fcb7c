import { ExternalLink, Smartphone, TriangleAlert } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { useNow } from '../../ui/now.ts'
import { QrCode } from '../../ui/QrCode.tsx'
import { isLocalRelay } from '../url.ts'
import type { ConnectionActions } from './details.ts'

type Props = Pick<ConnectionActions, 'deviceLink'> & {
  /** A pasted token cannot sign, and a link needs a signature. client:CRG7 */
  unsigned: boolean
}

/** A link held by this component alone: gone when the page is left. */
type Link = { url: string; minutes: number; until: number }

/** The way to the device page, for a phone or another browser. client:LNK1, LNK2, CRG7 */
export function DeviceLink({ deviceLink, unsigned }: Props) {
  const [link, setLink] = useState<Link>()
  const make = useAction(async () => {
    setLink(undefined)
    const { url, expiresInSeconds } = await deviceLink()
    setLink({ url, minutes: Math.max(1, Math.round(expiresInSeconds / 60)), until: Date.now() + expiresInSeconds * 1000 })
  })
  const expired = useNow(link ? 1000 : undefined) >= (link?.until ?? Number.POSITIVE_INFINITY)
  return (
    <section class="section" aria-labelledby="device-page">
      <div class="section-head">
        <h2 id="device-page">{i18n.t('devicePage.title')}</h2>
      </div>
      <div class="card card-pad stack device-card">
        <p class="muted">{i18n.t(unsigned ? 'devicePage.unsigned' : 'devicePage.text')}</p>
        {link && !expired && <LiveLink link={link} />}
        {link && expired && (
          <Banner kind="warn" icon={TriangleAlert}>
            {i18n.t('devicePage.expired')}
          </Banner>
        )}
        <FailureNote
          failure={make.failure}
          lead={(reason) => (isMissing(make.failure?.code) ? i18n.t('devicePage.none') : reason)}
        />
        {!unsigned && (
          <div>
            <Button disabled={make.busy} onClick={() => void make.run()}>
              <Icon of={Smartphone} />
              {i18n.t(make.busy ? 'devicePage.making' : link ? 'devicePage.again' : 'devicePage.button')}
            </Button>
          </div>
        )}
      </div>
    </section>
  )
}

function LiveLink({ link: { url, minutes } }: { link: Link }) {
  const local = isLocalRelay(new URL(url).origin)
  return (
    <div class="device-link" role="status">
      {!local && <QrCode text={url} label={i18n.t('devicePage.qr')} />}
      <div class="stack device-words">
        <p>
          <b>{i18n.t('devicePage.valid', minutes)}</b> {i18n.t(local ? 'devicePage.local' : 'devicePage.scan')}
        </p>
        <code class="device-url" dir="ltr">
          {url}
        </code>
        <div class="row-line">
          <a class="btn btn-sm" href={url} target="_blank" rel="noreferrer">
            <Icon of={ExternalLink} flip />
            {i18n.t('devicePage.open')}
          </a>
          <CopyButton text={url} thing={i18n.t('devicePage.link')} />
        </div>
      </div>
    </div>
  )
}

/** A relay from before there was a device page. */
function isMissing(code: string | undefined): boolean {
  return code === 'not_found' || code === 'http_404'
}
