import { AppWindow, Settings2 } from 'lucide-preact'
import { i18n } from '#i18n'
import type { Connection } from '../../relay/state.ts'
import { Button } from '../../ui/Button.tsx'
import { ConnectionState } from '../../ui/ConnectionState.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { initials } from '../../ui/initials.ts'
import { profileTitle } from '../profileTitle.ts'
import { isActionPopup, openOptions, openWindow } from './windows.ts'

type Props = {
  /** Its name; `undefined` until read. */
  profile: string | undefined
  connection: Connection | undefined
  /** Tries at once. Offered while waiting for the next attempt. */
  onTry: (() => void) | undefined
}

/** Whose inbox this is and how its connection stands. */
export function PopupHeader({ profile, connection, onTry }: Props) {
  const name = profileTitle(profile)
  return (
    <header class="topbar">
      <h1 class="sr">{i18n.t('popup.inboxOf', { profile: name })}</h1>
      <button type="button" class="profile-btn" onClick={() => void openOptions('#/connection')}>
        <span class="sr">{i18n.t('popup.profile', { name })}</span>
        <span class="tile" aria-hidden="true">
          {initials(name).slice(0, 1).toLocaleUpperCase()}
        </span>
        <span class="stack grow">
          <span class="profile-name" aria-hidden="true">
            <span class="truncate">{name}</span>
          </span>
          <ConnectionState connection={connection} />
        </span>
      </button>
      <span class="grow" />
      {onTry && (
        <Button small kind="quiet" onClick={onTry}>
          {i18n.t('popup.tryNow')}
        </Button>
      )}
      {isActionPopup() && (
        <IconButton icon={AppWindow} label={i18n.t('popup.openWindow')} onClick={() => void openWindow(location.hash)} />
      )}
      <IconButton icon={Settings2} label={i18n.t('popup.settings')} onClick={() => void openOptions('#/channels')} />
    </header>
  )
}
