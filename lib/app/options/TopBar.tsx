import { ChevronDown } from 'lucide-preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { Icon } from '../../ui/Icon.tsx'
import { Logo } from '../../ui/Logo.tsx'
import { ProfileSwitch, type Switching } from '../ProfileSwitch.tsx'
import { NavLinks } from './NavLinks.tsx'
import { type PageName, pageTitle } from './pages.ts'
import type { Shared } from './shared.ts'

/** Navigation of the narrow page: a bar whose menu holds the same links. Escape and a press elsewhere close it. */
export function TopBar({ current, shared, switching }: { current: PageName; shared: Shared; switching: Switching }) {
  const [open, setOpen] = useState(false)
  const bar = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  // With the menu's first frame, not after it: an Escape must never come too early.
  useLayoutEffect(() => {
    if (!open) return
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      setOpen(false)
      button.current?.focus()
    }
    const leave = (event: Event): void => {
      if (event.target instanceof Node && !bar.current?.contains(event.target)) setOpen(false)
    }
    addEventListener('keydown', press)
    addEventListener('pointerdown', leave)
    addEventListener('focusin', leave)
    return () => {
      removeEventListener('keydown', press)
      removeEventListener('pointerdown', leave)
      removeEventListener('focusin', leave)
    }
  }, [open])

  return (
    <div class="menu-bar" ref={bar}>
      <Logo class="logo" />
      <button
        ref={button}
        type="button"
        class="btn btn-quiet menu-button"
        aria-expanded={open}
        aria-controls="menu"
        aria-label={i18n.t('options.menu', { page: pageTitle(current) })}
        onClick={() => setOpen(!open)}
      >
        {pageTitle(current)}
        <Icon of={ChevronDown} class={open ? 'turned' : ''} />
      </button>
      <span class="grow" />
      <ProfileSwitch {...switching} />
      <div id="menu" class="menu-sheet" hidden={!open}>
        <NavLinks current={current} shared={shared} onChoose={() => setOpen(false)} />
      </div>
    </div>
  )
}
