import { KeyRound } from 'lucide-preact'
import { i18n } from '#i18n'
import { saveFile } from '../../inbox/ui/saveFile.ts'
import { backupOf } from '../../profiles/model.ts'
import { BringIdentity } from '../../profiles/ui/BringIdentity.tsx'
import { ExportForm } from '../../profiles/ui/ExportForm.tsx'
import { NewIdentity } from '../../profiles/ui/NewIdentity.tsx'
import { OwnKeyCard } from '../../profiles/ui/OwnKeyCard.tsx'
import { fingerprintOf } from '../../relay/keys.ts'
import { Banner } from '../../ui/Banner.tsx'
import { useLive } from '../../ui/live.ts'
import type { PageContext } from '../page.ts'
import { profileTitle } from '../profileTitle.ts'
import { useIdentityActions } from './identityActions.ts'
import { PageHead } from './PageHead.tsx'
import type { Shared } from './shared.ts'

/** The key of this browser: what it is, its backup, and the way to another one. client:IDN3-IDN7 */
export function SecurityPage({ page, shared }: { page: PageContext; shared: Shared }) {
  const { db, profileId } = page
  const actions = useIdentityActions(page)
  const profile = shared.profile.value
  const own = useLive(
    async () => {
      const identity = await db.get('identities', profileId)
      if (!identity) return { state: 'lost' as const }
      const fingerprint = await fingerprintOf(identity.publicKey)
      return { state: 'present' as const, fingerprint, backup: backupOf(identity) }
    },
    ['profiles', 'connection'],
    [db, profileId],
  ).value
  if (!own || !profile) return <PageHead title={i18n.t('options.security')}>{i18n.t('identity.intro')}</PageHead>
  const lost = own.state === 'lost'
  const save = (text: string): void => {
    const bytes = new TextEncoder().encode(text)
    saveFile(bytes.buffer, `chaos-relay-${profile.name.replace(/[^a-z0-9._-]+/gi, '-')}-backup.json`)
  }
  return (
    <>
      <PageHead title={i18n.t('options.security')}>{i18n.t('identity.intro')}</PageHead>
      {lost ? (
        <Banner kind="fail" icon={KeyRound}>
          <b>{i18n.t('identity.lost.title')}.</b> {i18n.t('identity.lost.text')}
        </Banner>
      ) : (
        <section class="section" aria-labelledby="identity">
          <div class="section-head">
            <h2 id="identity">{i18n.t('identity.identity')}</h2>
          </div>
          <OwnKeyCard own={own} profileName={profileTitle(profile.name)} newIdentity={actions.newIdentity} />
        </section>
      )}
      {!lost && own.backup === 'file' && <ExportForm exportBackup={actions.exportBackup} save={save} />}
      {lost && (
        <BringIdentity
          present={{ title: profileTitle(profile.name), relayUrl: profile.relayUrl, lost, used: true }}
          actions={actions}
          show={() => undefined}
        />
      )}
      <NewIdentity lost={lost} newIdentity={actions.newIdentity} />
    </>
  )
}
