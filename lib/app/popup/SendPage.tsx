import { useEffect } from 'preact/hooks'
import { i18n } from '#i18n'
import { listChannels } from '../../channels/queries.ts'
import { SendTo } from '../../inbox/ui/SendTo.tsx'
import { useLive } from '../../ui/live.ts'
import { href } from '../../ui/router.ts'
import { applyLook } from '../../ui/theme.ts'
import { ProfileSwitch } from '../ProfileSwitch.tsx'
import type { PageContext } from '../page.ts'
import { PasteAnywhere } from '../paste/PasteAnywhere.tsx'
import { openOptions } from './windows.ts'

/** The small window that asks to whom something is to be sent. Another profile is other people: what is to be sent stays. client:RCH4 */
export function SendPage({ page, choose, clipId }: { page: PageContext; choose: (profileId: string) => void; clipId: string }) {
  const { db, profileId } = page
  const channels = useLive(() => listChannels(db, profileId), ['channels'], [db, profileId]).value
  const settings = useLive(() => page.settings.get({ profileId }), ['settings'], [page]).value
  useEffect(() => {
    if (settings) applyLook(settings)
  }, [settings])
  const chooseProfile = (chosen: string): void => {
    choose(chosen)
    history.replaceState(null, '', location.search + href('send', clipId))
  }
  return (
    <main class="popup send">
      <header class="topbar">
        <h1 class="send-title">{i18n.t('send.title')}</h1>
        <span class="grow" />
        <ProfileSwitch page={page} choose={chooseProfile} manage={() => void openOptions('#/profiles')} />
      </header>
      <SendTo
        host={{ db, profileId, inbox: page.inbox, chores: page.chores }}
        clipId={clipId}
        channels={channels?.map(({ config }) => config)}
        showChannels={() => void openOptions('#/channels')}
      />
      <PasteAnywhere page={page} options={openOptions} />
    </main>
  )
}
