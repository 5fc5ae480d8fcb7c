import { browser } from 'wxt/browser'
import { i18n } from '#i18n'
import { license } from '../../../package.json' with { type: 'json' }
import { About } from '../../diagnostics/ui/About.tsx'
import { Privacy } from '../../diagnostics/ui/Privacy.tsx'
import { useCleanUp } from '../../inbox/ui/cleanUp.ts'
import { asFailure } from '../../ui/action.ts'
import { useLive } from '../../ui/live.ts'
import { href } from '../../ui/router.ts'
import type { PageContext } from '../page.ts'
import { PageHead } from './PageHead.tsx'
import { relayHost } from './relayHost.ts'
import { useSettingsEditor } from './settingsEditor.ts'
import type { Shared } from './shared.ts'

export function AboutPage({ page, shared }: { page: PageContext; shared: Shared }) {
  const { db, connection, profileId } = page
  const cleaning = useCleanUp(page.chores)
  const editor = useSettingsEditor(page, shared.settings.value)
  const details = useLive(() => connection.details({ profileId }), [], [profileId, shared.profile.value?.relayUrl])
  const kept = useLive(
    async () => {
      const [messages, conversations, space] = await Promise.all([
        db.count('messages'),
        db.count('conversations'),
        navigator.storage.estimate(),
      ])
      return { messages, conversations, used: space.usage, quota: space.quota }
    },
    ['messages', 'files'],
    [db],
  )
  return (
    <>
      <PageHead
        title={i18n.t('options.about')}
        actions={
          <a class="btn" href={href('start')}>
            {i18n.t('start.again')}
          </a>
        }
      >
        {i18n.t('about.intro')}
      </PageHead>
      <About
        version={browser.runtime.getManifest().version}
        licence={license}
        relayHost={relayHost(shared)}
        relay={details.error ? { ok: false, reason: asFailure(details.error).message } : details.value?.relay}
        kept={kept.value}
        cleaning={cleaning}
        keep={
          editor.settings && {
            settings: editor.settings,
            change: editor.set,
            failure: editor.failure,
          }
        }
      >
        <Privacy relayHost={relayHost(shared)} />
      </About>
    </>
  )
}
