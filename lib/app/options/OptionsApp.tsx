import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { browser } from 'wxt/browser'
import { i18n } from '#i18n'
import { openSmallWindow } from '../../platform/smallWindow.ts'
import { Announcer } from '../../ui/Announcer.tsx'
import { asFailure } from '../../ui/action.ts'
import { ChangesContext } from '../../ui/live.ts'
import { go, useRoute } from '../../ui/router.ts'
import { KeyHelp } from '../keys/KeyHelp.tsx'
import type { OpenPage, PageContext } from '../page.ts'
import { PasteAnywhere } from '../paste/PasteAnywhere.tsx'
import { hasSidePanel, openSidePanel } from '../popup/windows.ts'
import { profileTitle } from '../profileTitle.ts'
import { useShownProfile } from '../shownProfile.ts'
import { LazyStart } from '../start/LazyStart.tsx'
import { useLanding } from '../start/useLanding.ts'
import { AboutPage } from './AboutPage.tsx'
import { ApprovalsPage } from './ApprovalsPage.tsx'
import { ChannelsPage } from './ChannelsPage.tsx'
import { ConnectionPage } from './ConnectionPage.tsx'
import { LazyDiagnostics } from './LazyDiagnostics.tsx'
import { NotificationsPage } from './NotificationsPage.tsx'
import { ProfilesPage } from './ProfilesPage.tsx'
import { type PageName, pageOf, pageTitle } from './pages.ts'
import { SecurityPage } from './SecurityPage.tsx'
import { SideBar } from './SideBar.tsx'
import { StatusPage } from './StatusPage.tsx'
import { type Shared, useShared } from './shared.ts'
import { TopBar } from './TopBar.tsx'
import { Unreadable } from './Unreadable.tsx'

export function OptionsApp({ page, first }: { page: OpenPage; first: string }) {
  return (
    <ChangesContext.Provider value={page.changes}>
      <Announcer>
        <OfProfile page={page} first={first} />
      </Announcer>
    </ChangesContext.Provider>
  )
}

/** Another profile is another set of pages: nothing typed for the one before is carried over. client:PRF4 */
function OfProfile({ page, first }: { page: OpenPage; first: string }) {
  const { context, choose } = useShownProfile(page, first)
  return <Options key={context.profileId} page={context} choose={choose} />
}

function Options({ page, choose }: { page: PageContext; choose: (profileId: string) => void }) {
  const name = pageOf(useRoute())
  const switching = { page, choose, manage: () => go(['profiles']) }
  const shared = useShared(page)
  const ways = useMemo(() => waysFrom(choose), [choose])
  const main = useRef<HTMLElement>(null)
  useArrival(name, main)
  useLanding(page, shared)
  return (
    <div class="options">
      <a
        class="skip btn"
        href={`#/${name}`}
        onClick={(event) => {
          event.preventDefault()
          focusHeading(main.current)
        }}
      >
        {i18n.t('options.skip')}
      </a>
      <SideBar current={name} shared={shared} switching={switching} />
      <TopBar current={name} shared={shared} switching={switching} />
      <main class="main" ref={main}>
        {shared.failed && <Unreadable reason={asFailure(shared.failed.error).message} onTry={shared.failed.reload} />}
        {content(name, page, shared, ways)}
      </main>
      <PasteAnywhere page={page} options={ways.options} />
      <KeyHelp
        page={page}
        ways={ways}
        groups={NO_OTHER_KEYS}
        letters={shared.settings.value?.shortcuts !== false}
        setLetters={(shortcuts) => page.settings.set({ profileId: page.profileId, change: { shortcuts } })}
      />
    </div>
  )
}

const NO_OTHER_KEYS = [] as const

type Ways = ReturnType<typeof waysFrom>

/** Settings are here; the inbox is in a window of its own. */
function waysFrom(chooseProfile: (profileId: string) => void) {
  return {
    inbox: (hash: string) => openSmallWindow(browser, location.search + hash),
    options: (hash: string) => {
      location.hash = hash
    },
    sidePanel: hasSidePanel() ? () => openSidePanel('') : undefined,
    chooseProfile,
  }
}

function content(name: PageName, page: PageContext, shared: Shared, ways: Ways): ComponentChildren {
  switch (name) {
    case 'start':
      return <LazyStart page={page} shared={shared} openInbox={ways.inbox} />
    case 'channels':
      return <ChannelsPage page={page} shared={shared} />
    case 'profiles':
      return <ProfilesPage page={page} choose={ways.chooseProfile} />
    case 'approvals':
      return <ApprovalsPage page={page} shared={shared} />
    case 'connection':
      return <ConnectionPage page={page} shared={shared} />
    case 'security':
      return <SecurityPage page={page} shared={shared} />
    case 'notifications':
      return <NotificationsPage page={page} shared={shared} />
    case 'status':
      return <StatusPage page={page} shared={shared} />
    case 'diagnostics':
      return <LazyDiagnostics profileId={page.profileId} profileName={profileTitle(shared.profile.value?.name)} />
    case 'about':
      return <AboutPage page={page} shared={shared} />
  }
}

/** Another page: its title in the window, its heading in the ear, its beginning in view. Not at the first, which nobody chose just now. */
function useArrival(name: PageName, main: { current: HTMLElement | null }): void {
  const first = useRef(true)
  useEffect(() => {
    document.title = i18n.t('options.title', { page: pageTitle(name) })
    // A place on the page that was asked for has the focus already.
    if (!first.current && !main.current?.contains(document.activeElement)) {
      scrollTo(0, 0)
      focusHeading(main.current)
    }
    first.current = false
  }, [name])
}

function focusHeading(main: HTMLElement | null): void {
  main?.querySelector('h1')?.focus({ preventScroll: true })
}
