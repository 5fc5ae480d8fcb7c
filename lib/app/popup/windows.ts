import { browser } from 'wxt/browser'
import { showInSidePanel } from '../../platform/sidePanel.ts'
import { openSmallWindow } from '../../platform/smallWindow.ts'

/** True in the popup under the toolbar button, which closes when it loses the focus; false in a tab or window. client:CAT7 */
export function isActionPopup(): boolean {
  return browser.extension.getViews({ type: 'popup' }).includes(window)
}

/** The popup's height, and what a small screen needs around it for the browser's own bars. Pixels. */
const POPUP_PX = 600
const BARS_PX = 90

/** The popup under the button has a size of its own; everywhere else the page fills what it gets. */
export function markWindow(): void {
  const root = document.documentElement
  root.classList.toggle('is-popup', isActionPopup())
  root.style.setProperty('--popup-height', `${Math.min(POPUP_PX, screen.availHeight - BARS_PX)}px`)
}

/** Opens a place of this page, for the same profile, in a small window, and closes the popup it came from. */
export async function openWindow(hash: string): Promise<void> {
  await openSmallWindow(browser, location.search + hash)
  window.close()
}

/** Firefox has a sidebar of its own, which a page cannot open. */
export const hasSidePanel = (): boolean => browser.sidePanel !== undefined

/** Opens a place of this page, for the same profile, beside the web page, and closes the popup it came from. client:RCH1 */
export async function openSidePanel(hash: string): Promise<void> {
  const { id } = await browser.windows.getCurrent()
  if (id === undefined) return
  await showInSidePanel(browser, id, location.search + hash)
  if (isActionPopup()) window.close()
}

/** The settings of the same profile open in a tab; the popup would only cover them. */
export async function openOptions(hash: string): Promise<void> {
  await browser.tabs.create({ url: `/options.html${location.search}${hash}` })
  if (isActionPopup()) window.close()
}
