import type { browser } from 'wxt/browser'

/** Logical pixels: the popup's width and room for a conversation, or for the last words and an answer. */
const SIZE = { width: 420, height: 640 }
const REPLY_SIZE = { width: 420, height: 440 }

/**
 * Opens one of our pages in a small window, or brings to the front the one that shows it, or a place `alike` or below one, and leads it
 * there.
 */
export async function openSmallWindow(
  { runtime, tabs, windows }: Pick<typeof browser, 'runtime' | 'tabs' | 'windows'>,
  page: string,
  alike: string[] = [],
): Promise<void> {
  // Paths of our own pages, with a route the build does not know of.
  const [url = '', ...others] = [page, ...alike].map((place) => `${runtime.getURL('/popup.html')}${place}`)
  const shows = (shown = ''): boolean => shown === url || others.some((other) => shown === other || shown.startsWith(`${other}/`))
  const contexts = await runtime.getContexts({ contextTypes: ['TAB'] })
  const open = contexts.find(({ documentUrl, windowId }) => windowId >= 0 && shows(documentUrl))
  if (open) {
    if (open.documentUrl !== url) await tabs.update(open.tabId, { url })
    await windows.update(open.windowId, { focused: true })
  } else await windows.create({ url, type: 'popup', focused: true, ...(page.includes('#/reply/') ? REPLY_SIZE : SIZE) })
}

/** A conversation to read, or with the cursor in its reply box, at one of its messages. */
export function conversationPage(
  conversationId: string,
  view: 'conversation' | 'reply' = 'conversation',
  messageId?: string,
): string {
  return `#/${[view, conversationId, ...(messageId === undefined ? [] : [messageId])].map(encodeURIComponent).join('/')}`
}

export function approvalPage(id: string): string {
  return `#/approval/${encodeURIComponent(id)}`
}

/** Which profile a page shows: every page keeps it in its own address, so that each window has its own. */
export function profileQuery(profileId: string): string {
  return `?profile=${encodeURIComponent(profileId)}`
}
