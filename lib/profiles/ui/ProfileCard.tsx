import { Check, Ellipsis } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { ConnectionState } from '../../ui/ConnectionState.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { shortCount } from '../../ui/shortCount.ts'
import { Tag } from '../../ui/Tag.tsx'
import { DeleteProfile } from './DeleteProfile.tsx'
import { hostOf, type ProfileActions, type ProfileFacts } from './profiles.ts'
import { RenameProfile } from './RenameProfile.tsx'

type Props = { profile: ProfileFacts; shown: boolean; show: () => void; actions: ProfileActions }

/** One profile: whose, where, how it is, and what can be done with it. client:PRF3, PRF5 */
export function ProfileCard({ profile, shown, show, actions }: Props) {
  const [doing, setDoing] = useState<'rename' | 'delete'>()
  const { id, title, relayUrl, stopped, connection, unread, mark } = profile
  const line = useAction(() => (stopped ? actions.connect(id) : actions.disconnect(id)))
  const done = (): void => setDoing(undefined)
  return (
    <li class={shown ? 'profile-card is-shown' : 'profile-card'} aria-labelledby={`profile-${id}`}>
      <span class="tile" aria-hidden="true">
        {[...title][0]?.toLocaleUpperCase() ?? ''}
      </span>
      <div class="stack profile-facts">
        <h3 id={`profile-${id}`} class="channel-title">
          <span class="truncate">{title}</span>
          {shown && (
            <Tag kind="accent" icon={Check}>
              {i18n.t('profiles.inView')}
            </Tag>
          )}
          {unread > 0 && (
            <span class="count">
              <span aria-hidden="true">{shortCount(unread)}</span>
              <span class="sr">{i18n.t('inbox.unreadCount', unread)}</span>
            </span>
          )}
        </h3>
        <p class="small muted profile-where">
          <span class="truncate mono" dir="ltr">
            {hostOf(relayUrl)}
          </span>
          <ConnectionState connection={connection} />
          {(connection?.state === 'blocked' || connection?.state === 'auth_error' || connection?.state === 'identity_lost') && (
            <a href={`${location.pathname}?profile=${encodeURIComponent(id)}#/security`}>
              {i18n.t('profiles.seeWhy')}
              <span class="sr"> {title}</span>
            </a>
          )}
        </p>
        <p class="small muted profile-where">
          <span>{i18n.t(`profiles.marks.${mark}`)}</span>
          <span>{i18n.t('profiles.channelCount', profile.channels)}</span>
        </p>
        {doing === 'rename' && <RenameProfile title={title} rename={(name) => actions.rename(id, name)} done={done} />}
        <FailureNote failure={line.failure} />
      </div>
      <div class="row-line profile-buttons">
        {!shown && (
          <Button small onClick={show}>
            {i18n.t('profiles.show')}
            <span class="sr"> {title}</span>
          </Button>
        )}
        <Button small disabled={line.busy} onClick={() => void line.run()}>
          {i18n.t(stopped ? 'popup.connect' : 'profiles.disconnect')}
          <span class="sr"> {title}</span>
        </Button>
        <Menu
          icon={Ellipsis}
          label={i18n.t('profiles.more', { name: title })}
          items={[
            { label: i18n.t('profiles.rename'), act: () => setDoing('rename') },
            { label: i18n.t('profiles.delete'), act: () => setDoing('delete'), danger: true },
          ]}
        />
      </div>
      {doing === 'delete' && <DeleteProfile profile={profile} remove={(onRelay) => actions.remove(id, onRelay)} cancel={done} />}
    </li>
  )
}
