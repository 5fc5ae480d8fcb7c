import type { browser } from 'wxt/browser'
import { isUnnamed } from '../profiles/names.ts'
import type { NoticeTexts } from './notifier.ts'

/** The worker's few words, straight from chrome.i18n: the typed layer of the pages would cost it more than the words themselves. */
export function readNoticeTexts({ getMessage }: Pick<(typeof browser)['i18n'], 'getMessage'>): NoticeTexts {
  const text = (name: string, ...values: string[]): string =>
    getMessage(`notices_${name}` as Parameters<typeof getMessage>[0], values)
  return {
    sender: ({ from }, channel) => text('sender', from, channel),
    hidden: () => text('hidden'),
    summaryTitle: () => text('summaryTitle'),
    summary: (unread) => text('unread', String(unread)),
    reply: () => text('reply'),
    markRead: () => text('markRead'),
    lostTitle: () => text('lostTitle'),
    lost: () => text('lost'),
    approval: (agent, action) => text('approval', agent ?? text('anAgent'), action),
    allow: () => text('allow'),
    deny: () => text('deny'),
    review: () => text('review'),
    argumentsHidden: () => text('argumentsHidden'),
    profile: (name) => (isUnnamed(name) ? text('home') : name),
  }
}
