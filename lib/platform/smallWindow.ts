import type { browser } from 'wxt/browser'

/** Logical pixels: the popup's width and room for a conversation. */
const SIZE = { width: 420, height: 640 }

/** Opens one of our pages in a small window, or brings the one that shows it to the front. */
export async function openSmallWindow(
  { runtime, windows }: Pick<typeof browser, 'runtime' | 'windows'>,
  page: string,
): Promise<void> {
  // Paths of our own pages, with a route the build does not know of.
  const url = `${runtime.getURL('/popup.html')}${page}`
  const [open] = await runtime.getContexts({ contextTypes: ['TAB'], documentUrls: [url] })
  if (open && open.windowId >= 0) await windows.update(open.windowId, { focused: true })
  else await windows.create({ url, type: 'popup', focused: true, ...SIZE })
}

export function conversationPage(conversationId: string): string {
  return `#/conversation/${encodeURIComponent(conversationId)}`
}
