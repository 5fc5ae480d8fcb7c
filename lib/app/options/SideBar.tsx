import { browser } from 'wxt/browser'
import { i18n } from '#i18n'
import { Logo } from '../../ui/Logo.tsx'
import { ProfileSwitch, type Switching } from '../ProfileSwitch.tsx'
import { NavLinks } from './NavLinks.tsx'
import type { PageName } from './pages.ts'
import { relayHost } from './relayHost.ts'
import type { Shared } from './shared.ts'

/** Navigation of the wide page. */
export function SideBar({ current, shared, switching }: { current: PageName; shared: Shared; switching: Switching }) {
  return (
    <aside class="side">
      <div class="brand">
        <Logo />
        <span translate={false}>Chaos Relay</span>
      </div>
      <ProfileSwitch {...switching} />
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
