import { useId } from 'preact/hooks'
import { browser } from 'wxt/browser'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'

/** One example at a time; it is no message, so a click on it leads nowhere. */
const EXAMPLE_ID = 'example'

/** Shows one, because whether the system lets it through cannot be asked. client:INB6 */
export function NotificationExample({ disabled, withContent }: { disabled: boolean; withContent: boolean }) {
  const show = useAction(() =>
    browser.notifications.create(EXAMPLE_ID, {
      type: 'basic',
      iconUrl: browser.runtime.getURL('/icon/128.png'),
      title: i18n.t('notificationsPage.exampleFrom'),
      message: i18n.t(withContent ? 'notificationsPage.exampleText' : 'notices.hidden'),
    }),
  )
  const id = useId()
  return (
    <div class="setting-row">
      <div class="grow">
        {i18n.t('notificationsPage.example')}
        <p class="small muted" id={id}>
          {i18n.t('notificationsPage.exampleHelp')}
        </p>
        <FailureNote failure={show.failure} />
      </div>
      <Button small disabled={disabled || show.busy} describedBy={id} onClick={() => void show.run()}>
        {i18n.t('notificationsPage.exampleShow')}
      </Button>
    </div>
  )
}
