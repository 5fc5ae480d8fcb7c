import { TriangleAlert } from 'lucide-preact'
import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { forgetSent } from '../inbox/ui/draftCopy.ts'
import type { Failure } from '../messaging/failure.ts'
import { Announcer } from '../ui/Announcer.tsx'
import { asFailure } from '../ui/action.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { useModule } from '../ui/lazy.ts'
import { ChangesContext } from '../ui/live.ts'
import { useRoute } from '../ui/router.ts'
import { SkeletonRows } from '../ui/Skeleton.tsx'
import { dressPage } from '../ui/theme.ts'
import { ProfileMenu } from './ProfileMenu.tsx'
import { type OpenPage, openPage } from './page.ts'
import { Popup } from './popup/Popup.tsx'
import { PopupHeader } from './popup/PopupHeader.tsx'
import { markWindow } from './popup/windows.ts'
import { readShownProfile, useShownProfile } from './shownProfile.ts'
import '../channels/ui/pasteBox.css'
import './popup/popup.css'

const loadSendPage = () => import('./popup/SendPage.tsx')

/** The popup, also as a page in a tab or a small window of its own. client:UIX2 */
export function startPopup(root: HTMLElement): void {
  dressPage()
  markWindow()
  render(<Start />, root)
}

type Opened = { page: OpenPage; first: string } | { failure: Failure } | undefined

function Start() {
  const [opened, setOpened] = useState<Opened>()
  useEffect(() => {
    openPage()
      .then(async (page) => {
        addEventListener('pagehide', () => page.close(), { once: true })
        const [first] = await Promise.all([readShownProfile(page.db), forgetSent(page.db)])
        setOpened({ page, first })
      })
      .catch((error: unknown) => setOpened({ failure: asFailure(error) }))
  }, [])
  if (opened === undefined)
    return (
      <main class="popup">
        <PopupHeader name={undefined} profiles={<ProfileMenu />} onTry={undefined} />
        <SkeletonRows toolbar />
      </main>
    )
  if ('failure' in opened)
    return (
      <main class="popup">
        <EmptyState
          icon={TriangleAlert}
          title={i18n.t('popup.notOpened')}
          action={<Button onClick={() => location.reload()}>{i18n.t('app.tryAgain')}</Button>}
        >
          {opened.failure.message}
        </EmptyState>
      </main>
    )
  return (
    <ChangesContext.Provider value={opened.page.changes}>
      <Announcer>
        <OfProfile page={opened.page} first={opened.first} />
      </Announcer>
    </ChangesContext.Provider>
  )
}

/** Another profile is another inbox: nothing of the one before is carried over. client:PRF4 */
function OfProfile({ page, first }: { page: OpenPage; first: string }) {
  const { context, choose } = useShownProfile(page, first)
  const [place, clipId] = useRoute()
  const sending = place === 'send' && clipId !== undefined
  const send = useModule(loadSendPage, sending)
  if (sending && !send) return <main class="popup" />
  if (sending && send) return <send.SendPage key={context.profileId} page={context} choose={choose} clipId={clipId} />
  return <Popup key={context.profileId} page={context} choose={choose} />
}
