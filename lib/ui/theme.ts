import { browser } from 'wxt/browser'

export type Theme = 'system' | 'light' | 'dark'
export type Density = 'comfortable' | 'compact'

/** Where the look is kept beside the database, so that a page opens in it without a flash. */
const LOOK = 'chaos-look'

/** Puts the chosen look on the page and remembers it for the next one. */
export function applyLook(look: { theme: Theme; density: Density }): void {
  wear(look)
  localStorage.setItem(LOOK, JSON.stringify(look))
}

/** First line of every page: language, direction, and the look as last chosen. */
export function dressPage(): void {
  const root = document.documentElement
  root.lang = browser.i18n.getMessage('@@ui_locale').replace('_', '-') || 'en'
  root.dir = browser.i18n.getMessage('@@bidi_dir') || 'ltr'
  wear(remembered())
}

function wear({ theme, density }: { theme?: unknown; density?: unknown }): void {
  const root = document.documentElement
  root.classList.toggle('light', theme === 'light')
  root.classList.toggle('dark', theme === 'dark')
  if (density === 'compact') root.dataset.density = 'compact'
  else delete root.dataset.density
}

function remembered(): { theme?: unknown; density?: unknown } {
  try {
    const look: unknown = JSON.parse(localStorage.getItem(LOOK) ?? '{}')
    return typeof look === 'object' && look !== null ? look : {}
  } catch {
    return {}
  }
}
