import { i18n } from '#i18n'
import type { Database } from '../../database/open.ts'
import { countUnread } from '../../inbox/unread.ts'
import { MOST_PROFILES } from '../../profiles/create.ts'
import { backupOf } from '../../profiles/model.ts'
import { listProfiles } from '../../profiles/queries.ts'
import { BringIdentity } from '../../profiles/ui/BringIdentity.tsx'
import { NewProfile } from '../../profiles/ui/NewProfile.tsx'
import { ProfileCard } from '../../profiles/ui/ProfileCard.tsx'
import type { KeyMark, ProfileFacts } from '../../profiles/ui/profiles.ts'
import { readConnection } from '../../relay/queries.ts'
import { useLive } from '../../ui/live.ts'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import type { Switching } from '../ProfileSwitch.tsx'
import { profileTitle } from '../profileTitle.ts'
import { useIdentityActions } from './identityActions.ts'
import { PageHead } from './PageHead.tsx'
import { useProfileActions } from './profileActions.ts'

/** All identities of this browser, each on its relay. client:PRF1-PRF5 */
export function ProfilesPage({ page, choose }: Pick<Switching, 'page' | 'choose'>) {
  const { db, profileId } = page
  const actions = useProfileActions(page)
  const profiles = useLive(() => readFacts(db), ['profiles', 'connection', 'messages', 'channels'], [db]).value
  const identity = useIdentityActions(page)
  const shown = profiles?.find(({ id }) => id === profileId)
  const used = useLive(() => isUsed(db, profileId), ['messages', 'channels'], [db, profileId]).value
  return (
    <>
      <PageHead title={i18n.t('profiles.title')}>{i18n.t('profiles.intro')}</PageHead>
      <section class="section" aria-labelledby="all-profiles">
        <div class="section-head">
          <h2 id="all-profiles">{i18n.t('profiles.yours')}</h2>
          {profiles && <span class="muted num">{i18n.t('profiles.count', { count: profiles.length, most: MOST_PROFILES })}</span>}
        </div>
        {profiles ? (
          <ul class="card profile-list">
            {profiles.map((profile) => (
              <ProfileCard
                key={profile.id}
                profile={profile}
                shown={profile.id === profileId}
                show={() => choose(profile.id)}
                actions={actions}
              />
            ))}
          </ul>
        ) : (
          <div class="card">
            <SkeletonRows rows={2} />
          </div>
        )}
      </section>
      {profiles && shown && (
        <NewProfile relayUrl={shown.relayUrl} taken={profiles.map(({ name }) => name)} create={actions.create} created={choose} />
      )}
      {shown && used !== undefined && (
        <BringIdentity present={{ ...shown, lost: shown.mark === 'lost', used }} actions={identity} show={choose} />
      )}
    </>
  )
}

async function isUsed(db: Database, profileId: string): Promise<boolean> {
  const all = IDBKeyRange.bound([profileId], [profileId, []])
  return (await Promise.all([db.count('messages', all), db.count('channels', all)])).some((count) => count > 0)
}

async function readFacts(db: Database): Promise<ProfileFacts[]> {
  const facts = (await listProfiles(db)).map(async ({ id, name, relayUrl, stopped }): Promise<ProfileFacts> => {
    const all = IDBKeyRange.bound([id], [id, []])
    const [identity, session, connection, unread, channels] = await Promise.all([
      db.get('identities', id),
      db.get('sessions', id),
      readConnection(db, id),
      countUnread(db, id, Date.now()),
      db.count('channels', all),
    ])
    const mark: KeyMark = identity ? backupOf(identity) : 'lost'
    const registered = session?.origin === relayUrl
    return { id, name, title: profileTitle(name), relayUrl, stopped, connection, unread, mark, channels, registered }
  })
  return Promise.all(facts)
}
