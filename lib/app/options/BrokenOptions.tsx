import { i18n } from '#i18n'
import { Announcer } from '../../ui/Announcer.tsx'
import { Logo } from '../../ui/Logo.tsx'
import { LazyDiagnostics } from './LazyDiagnostics.tsx'
import { Unreadable } from './Unreadable.tsx'

/** The options without anything that is stored: what is wrong, and the way out. client:DOC3, RST2, CDD14 */
export function BrokenOptions({ reason, profileId }: { reason: string; profileId: string }) {
  return (
    <Announcer>
      <div class="options options-broken">
        <main class="main">
          <div class="brand">
            <Logo />
            <span>{i18n.t('app.name')}</span>
          </div>
          <Unreadable reason={reason} onTry={() => location.reload()} />
          <LazyDiagnostics profileId={profileId} profileName={undefined} />
        </main>
      </div>
    </Announcer>
  )
}
