import { browser } from 'wxt/browser'
import { i18n } from '#i18n'
import { ConnectionState } from '../../ui/ConnectionState.tsx'
import { Logo } from '../../ui/Logo.tsx'
import { href } from '../../ui/router.ts'
import { profileTitle } from '../profileTitle.ts'
import { NavLinks } from './NavLinks.tsx'
import type { PageName } from './pages.ts'
import { relayHost } from './relayHost.ts'
import type { Shared } from './shared.ts'

/** Navigation of the wide page. */
export function SideBar({ current, shared }: { current: PageName; shared: Shared }) {
  const name = profileTitle(shared.profile.value?.name)
  return (
    <aside class="side">
      <div class="brand">
        <Logo />
        <span>Chaos Relay</span>
      </div>
      <a class="profile-btn profile-link" href={href('connection')}>
        <span class="tile" aria-hidden="true">
          {[...name][0]?.toLocaleUpperCase() ?? ''}
        </span>
        <span class="stack grow">
          <span class="profile-name">
            <span class="sr">{i18n.t('options.profileLink', { name: '' })}</span>
            <span class="truncate">{name}</span>
          </span>
          {shared.connection.value && <ConnectionState connection={shared.connection.value.now} />}
        </span>
      </a>
      <NavLinks current={current} shared={shared} />
      <div class="side-foot">
        <span class="truncate mono side-host" dir="ltr">
          {relayHost(shared)}
        </span>
        <span>{i18n.t('options.version', { version: browser.runtime.getManifest().version })}</span>
      </div>
    </aside>
  )
}
