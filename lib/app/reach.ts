import type { browser } from 'wxt/browser'
import type { Database } from '../database/open.ts'
import { keepClip } from '../inbox/clipStore.ts'
import { addressBarMessages } from '../inbox/messages.ts'
import { newestToAnswer } from '../inbox/newest.ts'
import type { NoticeTarget } from '../inbox/notices.ts'
import { call } from '../messaging/call.ts'
import { openSmallWindow } from '../platform/smallWindow.ts'
import { type Click, readClick } from './menus.ts'

/** What can be done here from anywhere in the browser. Nothing of it sends: it opens a window, where the user does. client:RCH3 */
export function createReach({
  db,
  chrome,
  now,
  openNotice,
}: {
  db: Database
  now: () => number
  chrome: Pick<typeof browser, 'runtime' | 'tabs' | 'windows'>
  openNotice: (target: NoticeTarget, view: 'reply') => Promise<void>
}) {
  const addressBar = call(addressBarMessages, (envelope) => chrome.runtime.sendMessage(envelope))
  return {
    /** client:OMB1, OMB2 */
    suggest: (text: string) => addressBar.suggest({ text }).catch(() => []),
    enter: async (text: string) => openSmallWindow(chrome, (await addressBar.choose({ text })).page),

    /** Of all profiles; without one that can be answered, the inbox. client:RCH2, RCH3 */
    async replyToNewest(): Promise<void> {
      const newest = await newestToAnswer(db)
      if (!newest) return openSmallWindow(chrome, '#/')
      return openNotice({ profileId: newest.profileId, conversationId: newest.id }, 'reply')
    },

    /** To whom, is chosen in a window. client:RCH4 */
    async sendClicked(...click: Click): Promise<void> {
      const id = await keepClip(db, await readClick(chrome, ...click, now()))
      await openSmallWindow(chrome, `#/send/${id}`)
    },
  }
}
