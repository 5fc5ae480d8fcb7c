import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { i18n } from '#i18n'
import { Announcer } from '../../ui/Announcer.tsx'
import { asFailure } from '../../ui/action.ts'
import { ChangesContext } from '../../ui/live.ts'
import { useRoute } from '../../ui/router.ts'
import type { PageContext } from '../page.ts'
import { AboutPage } from './AboutPage.tsx'
import { ChannelsPage } from './ChannelsPage.tsx'
import { ConnectionPage } from './ConnectionPage.tsx'
import { NotificationsPage } from './NotificationsPage.tsx'
import { type PageName, pageOf, pageTitle } from './pages.ts'
import { SecurityPage } from './SecurityPage.tsx'
import { SideBar } from './SideBar.tsx'
import { type Shared, useShared } from './shared.ts'
import { TopBar } from './TopBar.tsx'
import { Unreadable } from './Unreadable.tsx'

export function OptionsApp({ page }: { page: PageContext }) {
  return (
    <ChangesContext.Provider value={page.changes}>
      <Announcer>
        <Options page={page} />
      </Announcer>
    </ChangesContext.Provider>
  )
}

function Options({ page }: { page: PageContext }) {
  const name = pageOf(useRoute())
  const shared = useShared(page)
  const main = useRef<HTMLElement>(null)
  useArrival(name, main)
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
      <SideBar current={name} shared={shared} />
      <TopBar current={name} shared={shared} />
      <main class="main" ref={main}>
        {shared.failed && <Unreadable reason={asFailure(shared.failed.error).message} onTry={shared.failed.reload} />}
        {content(name, page, shared)}
      </main>
    </div>
  )
}

function content(name: PageName, page: PageContext, shared: Shared): ComponentChildren {
  switch (name) {
    case 'channels':
      return <ChannelsPage page={page} shared={shared} />
    case 'connection':
      return <ConnectionPage page={page} shared={shared} />
    case 'security':
      return <SecurityPage page={page} shared={shared} />
    case 'notifications':
      return <NotificationsPage page={page} shared={shared} />
    case 'about':
      return <AboutPage page={page} shared={shared} />
  }
}

/** Another page: its title in the window, its heading in the ear, its beginning in view. Not at the first, which nobody chose just now. */
function useArrival(name: PageName, main: { current: HTMLElement | null }): void {
  const first = useRef(true)
  useEffect(() => {
    document.title = i18n.t('options.title', { page: pageTitle(name) })
    if (!first.current) {
      scrollTo(0, 0)
      focusHeading(main.current)
    }
    first.current = false
  }, [name])
}

function focusHeading(main: HTMLElement | null): void {
  main?.querySelector('h1')?.focus({ preventScroll: true })
}
