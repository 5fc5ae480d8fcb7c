import { AppWindow, PanelRight, Settings2 } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { i18n } from '#i18n'
import { Button } from '../../ui/Button.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { profileTitle } from '../profileTitle.ts'
import { hasSidePanel, isActionPopup, openOptions, openSidePanel, openWindow } from './windows.ts'

type Props = {
  /** The name of the profile in view; `undefined` until read. */
  name: string | undefined
  profiles: ComponentChildren
  /** Tries at once. Offered while waiting for the next attempt. */
  onTry: (() => void) | undefined
  /** What is chosen about notifications. */
  quiet?: ComponentChildren
}

/** Whose inbox this is and how its connection stands. */
export function PopupHeader({ name, profiles, onTry, quiet }: Props) {
  return (
    <header class="topbar">
      <h1 class="sr">{i18n.t('popup.inboxOf', { profile: profileTitle(name) })}</h1>
      {profiles}
      <span class="grow" />
      {onTry && (
        <Button small kind="quiet" onClick={onTry}>
          {i18n.t('popup.tryNow')}
        </Button>
      )}
      {quiet}
      {isActionPopup() && (
        <IconButton icon={AppWindow} label={i18n.t('popup.openWindow')} onClick={() => void openWindow(location.hash)} />
      )}
      {isActionPopup() && hasSidePanel() && (
        <IconButton
          icon={PanelRight}
          flip
          label={i18n.t('popup.openSidePanel')}
          onClick={() => void openSidePanel(location.hash)}
        />
      )}
      <IconButton icon={Settings2} label={i18n.t('popup.settings')} onClick={() => void openOptions('#/channels')} />
    </header>
  )
}
