import { i18n } from '#i18n'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { SLACK_MANIFEST } from '../slackManifest.ts'

/** For whoever would rather see what is filled in, or changes an app there is already. client:WIZ3 */
export function SlackManifest() {
  return (
    <details class="manifest">
      <summary>{i18n.t('wizard.hows.slack.manifest')}</summary>
      <p class="small muted">{i18n.t('wizard.hows.slack.paste')}</p>
      <div class="code-line">
        <textarea dir="ltr" readOnly rows={8} value={SLACK_MANIFEST} aria-label={i18n.t('wizard.hows.slack.label')} />
        <CopyButton text={SLACK_MANIFEST} thing={i18n.t('wizard.hows.slack.thing')} />
      </div>
    </details>
  )
}
