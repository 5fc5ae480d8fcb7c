import type { browser } from 'wxt/browser'
import { MAX_ATTACHMENT_BYTES } from '#protocol/limits.ts'
import type { Clip } from '../inbox/clipStore.ts'

/** Not on the browser's own pages, where nothing may be taken. */
const PAGES = ['http://*/*', 'https://*/*', 'file:///*']
const MENUS = { selection: ['selection'], link: ['link'], page: ['page'], screenshot: ['page', 'image', 'video'] } as const

/** "Send … to" in the menu of every page, and what the address bar is for. Kept by the browser; made anew with every version and language. client:RCH4 */
export async function setMenus({
  contextMenus,
  i18n,
  omnibox,
}: Pick<typeof browser, 'contextMenus' | 'i18n' | 'omnibox'>): Promise<void> {
  omnibox.setDefaultSuggestion({ description: i18n.getMessage('menus_omnibox' as Parameters<typeof i18n.getMessage>[0]) })
  await contextMenus.removeAll()
  for (const [id, contexts] of Object.entries(MENUS)) {
    const title = i18n.getMessage(`menus_${id}` as Parameters<typeof i18n.getMessage>[0])
    contextMenus.create({ id, title, contexts: [...contexts], documentUrlPatterns: PAGES })
  }
}

type Info = {
  menuItemId: string | number
  selectionText?: string | undefined
  linkUrl?: string | undefined
  pageUrl?: string | undefined
}
type Tab = { windowId: number; title?: string | undefined }
export type Click = [info: Info, tab: Tab | undefined]

/** What was clicked on. The click itself lets the extension see this tab, and no other. client:RCH4, RCH5 */
export async function readClick(
  { tabs }: Pick<typeof browser, 'tabs'>,
  { menuItemId, selectionText, linkUrl, pageUrl }: Info,
  tab: Tab | undefined,
  at: number,
): Promise<Clip> {
  const kind = menuItemId as keyof typeof MENUS
  const shoot = (as: object): Promise<string> => tabs.captureVisibleTab(tab?.windowId as number, as).catch(() => '')
  let picture = kind === 'screenshot' ? await shoot({ format: 'png' }) : undefined
  if (picture && picture.length * 0.75 > MAX_ATTACHMENT_BYTES) picture = await shoot({ format: 'jpeg', quality: 80 })
  return { kind, at, words: selectionText ?? linkUrl, title: tab?.title, url: pageUrl, picture }
}
