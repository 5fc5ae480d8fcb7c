import { KeyRound } from 'lucide-preact'
import { i18n } from '#i18n'
import { saveFile } from '../../inbox/ui/saveFile.ts'
import { BringIdentity } from '../../profiles/ui/BringIdentity.tsx'
import { DeleteOnRelay } from '../../profiles/ui/DeleteOnRelay.tsx'
import { ExportForm } from '../../profiles/ui/ExportForm.tsx'
import { NewIdentity } from '../../profiles/ui/NewIdentity.tsx'
import { OwnKeyCard } from '../../profiles/ui/OwnKeyCard.tsx'
import { RelayKeyCard } from '../../relay/ui/RelayKeyCard.tsx'
import { SafetySection } from '../../relay/ui/SafetySection.tsx'
import { Banner } from '../../ui/Banner.tsx'
import { useLive } from '../../ui/live.ts'
import { SectionLinks } from '../../ui/SectionLinks.tsx'
import type { PageContext } from '../page.ts'
import { profileTitle } from '../profileTitle.ts'
import { AccessPart } from './AccessPart.tsx'
import { useAccessActions } from './accessActions.ts'
import { BlockedPage } from './BlockedPage.tsx'
import { fileNameOf } from './fileNameOf.ts'
import { useIdentityActions } from './identityActions.ts'
import { PageHead } from './PageHead.tsx'
import { relayHost } from './relayHost.ts'
import { useSafetyActions } from './safetyActions.ts'
import { readSecurity } from './securityFacts.ts'
import type { Shared } from './shared.ts'

/** Who this browser is to the relay, how it knows its relay, and the ways to another key. client:IDN3-IDN7, PIN4, PIN6, SAF2, ACC1 */
export function SecurityPage({ page, shared }: { page: PageContext; shared: Shared }) {
  const { db, profileId } = page
  const actions = useIdentityActions(page)
  const safetyActions = useSafetyActions(page)
  const access = useAccessActions(page)
  const profile = shared.profile.value
  const facts = useLive(() => readSecurity(db, profileId), ['profiles', 'connection'], [db, profileId]).value
  if (!facts || !profile) return <PageHead title={i18n.t('options.security')}>{i18n.t('identity.intro')}</PageHead>
  const { own, pinned, safety, session } = facts
  const lost = own === undefined
  const title = profileTitle(profile.name)
  const connection = shared.connection.value?.now
  if (connection?.state === 'blocked') return <BlockedPage page={page} facts={facts} title={title} since={connection.since} />
  const save = (text: string): void => {
    const bytes = new TextEncoder().encode(text)
    saveFile(bytes.buffer, fileNameOf(profile.name, 'backup'))
  }
  return (
    <>
      <PageHead title={i18n.t('options.security')}>{i18n.t('identity.intro')}</PageHead>
      <SectionLinks
        sections={[
          ...(lost ? [] : [['safety', i18n.t('safety.title')] as const]),
          ['keys', i18n.t('connectionPage.keys')],
          ...(lost ? [] : [['access', i18n.t('access.title')] as const]),
          ...(own?.backup === 'file' ? [['export', i18n.t('identity.export.title')] as const] : []),
          ...(lost ? [['import', i18n.t('identity.import.title')] as const] : []),
          ['fresh', i18n.t('identity.fresh.title')],
          ...(session ? [['relay-data', i18n.t('relayData.title')] as const] : []),
        ]}
      />
      {lost && (
        <Banner kind="fail" icon={KeyRound}>
          <b>{i18n.t('identity.lost.title')}.</b> {i18n.t('identity.lost.text')}
        </Banner>
      )}
      {!lost && <SafetySection safety={safety} stopped={profile.stopped} actions={safetyActions} />}
      <section class="section" aria-labelledby="keys">
        <div class="section-head">
          <h2 id="keys">{i18n.t('connectionPage.keys')}</h2>
        </div>
        <div class="two two-860">
          <RelayKeyCard relayHost={relayHost(shared)} pinned={pinned} />
          {own && <OwnKeyCard own={own} profileName={title} newIdentity={actions.newIdentity} />}
        </div>
      </section>
      {!lost && <AccessPart page={page} session={session} stopped={profile.stopped} since={connection?.since} actions={access} />}
      {own?.backup === 'file' && <ExportForm exportBackup={actions.exportBackup} save={save} />}
      {lost && (
        <BringIdentity present={{ title, relayUrl: profile.relayUrl, lost, used: true }} actions={actions} show={() => undefined} />
      )}
      <NewIdentity lost={lost} newIdentity={actions.newIdentity} />
      {session && (
        <DeleteOnRelay
          relayHost={relayHost(shared)}
          channels={shared.channels.value?.length ?? 0}
          deleteOnRelay={access.deleteOnRelay}
        />
      )}
    </>
  )
}
