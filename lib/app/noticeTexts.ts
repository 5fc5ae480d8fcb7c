import { i18n } from '#i18n'
import type { NoticeTexts } from './notifier.ts'

export const noticeTexts: NoticeTexts = {
  sender: ({ from }, channel) => i18n.t('notices.sender', { from, channel }),
  hidden: () => i18n.t('notices.hidden'),
  summaryTitle: () => i18n.t('notices.summaryTitle'),
  summary: (unread) => i18n.t('notices.summary', unread),
  reply: () => i18n.t('notices.reply'),
  markRead: () => i18n.t('notices.markRead'),
  lostTitle: () => i18n.t('notices.lostTitle'),
  lost: () => i18n.t('notices.lost'),
}
