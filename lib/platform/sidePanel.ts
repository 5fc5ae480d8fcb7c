import type { browser } from 'wxt/browser'

/**
 * Shows a place of the panel in the side panel of a window; a panel that is open already goes there. To be called while the user's click or
 * key still counts.
 */
export async function showInSidePanel(
  { sidePanel }: Pick<typeof browser, 'sidePanel'>,
  windowId: number,
  place = '',
): Promise<void> {
  // Not awaited one after the other: between them the click would be forgotten.
  await Promise.all([sidePanel.setOptions({ path: `sidepanel.html${place}` }), sidePanel.open({ windowId })])
}
