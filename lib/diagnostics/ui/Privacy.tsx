import { i18n } from '#i18n'
import { href } from '../../ui/router.ts'
import { AboutPart } from './AboutPart.tsx'

/** docs/privacy.md in short, with the ways to delete. client:STO4 */
export function Privacy({ relayHost }: { relayHost: string }) {
  return (
    <AboutPart id="privacy" title={i18n.t('privacy.title')}>
      <dl class="pairs">
        <dt>{i18n.t('privacy.way')}</dt>
        <dd>{i18n.t('privacy.wayText', { relay: relayHost })}</dd>
        <dt>{i18n.t('privacy.readers')}</dt>
        <dd>{i18n.t('privacy.readersText')}</dd>
        <dt>{i18n.t('privacy.we')}</dt>
        <dd>{i18n.t('privacy.weText')}</dd>
        <dt>{i18n.t('privacy.pages')}</dt>
        <dd>{i18n.t('privacy.pagesText')}</dd>
        <dt>{i18n.t('privacy.delete')}</dt>
        <dd>
          <ul>
            <li>
              <a href={href('security')}>{i18n.t('relayData.button')}</a>
            </li>
            <li>
              <a href={href('diagnostics')}>{i18n.t('reset.all')}</a>
            </li>
          </ul>
        </dd>
      </dl>
    </AboutPart>
  )
}
