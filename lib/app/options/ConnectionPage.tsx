import { i18n } from '#i18n'
import { BearerNote } from '../../profiles/ui/BearerNote.tsx'
import { TokenForm } from '../../profiles/ui/TokenForm.tsx'
import { DeviceLink } from '../../relay/ui/DeviceLink.tsx'
import { RelaySection } from '../../relay/ui/RelaySection.tsx'
import { StatusCard } from '../../relay/ui/StatusCard.tsx'
import { asFailure } from '../../ui/action.ts'
import { useLive } from '../../ui/live.ts'
import type { PageContext } from '../page.ts'
import { useConnectionActions } from './connectionActions.ts'
import { useIdentityActions } from './identityActions.ts'
import { OlderCard } from './OlderCard.tsx'
import { PageHead } from './PageHead.tsx'
import type { Shared } from './shared.ts'

type Props = { page: PageContext; shared: Shared }

/** How this browser reaches the relay. A blocked profile has nothing here but the way to the decision. client:STA1, PIN4, PIN6, URL1-URL5, SOC3 */
export function ConnectionPage({ page, shared }: Props) {
  const { db, connection, profileId } = page
  const actions = useConnectionActions(page)
  const identity = useIdentityActions(page)
  const bearer = useLive(async () => (await db.get('sessions', profileId))?.bearer, ['profiles', 'connection'], [db, profileId])
  const profile = shared.profile.value
  const now = shared.connection.value?.now
  // The relay is asked again when something decided changes, not at every step of catching up.
  const details = useLive(() => connection.details({ profileId }), [], [profileId, profile?.relayUrl, now?.state])
  const closed = now?.state === 'blocked'
  return (
    <>
      <PageHead title={i18n.t('options.connection')}>{i18n.t('connectionPage.intro')}</PageHead>
      {bearer.value && <BearerNote ownKeyAgain={identity.ownKeyAgain} />}
      <StatusCard connection={now} actions={actions} />
      <OlderCard page={page} relayUrl={profile?.relayUrl} state={now?.state} />
      {profile && !closed && (
        <RelaySection
          relayUrl={profile.relayUrl}
          details={details.error ? undefined : details.value}
          reason={details.error && asFailure(details.error).message}
          setRelayUrl={actions.setRelayUrl}
          askAgain={details.reload}
        />
      )}
      {!closed && <DeviceLink key={profile?.relayUrl} deviceLink={actions.deviceLink} unsigned={bearer.value === true} />}
      {!closed && now?.state !== 'identity_lost' && <TokenForm checkToken={identity.checkToken} />}
    </>
  )
}
