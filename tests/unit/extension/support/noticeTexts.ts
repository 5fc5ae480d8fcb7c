import type { NoticeTexts } from '../../../../lib/app/notifier.ts'

/** What notifications say in tests. */
export const texts: NoticeTexts = {
  sender: ({ from }, channel) => `${from} on ${channel}`,
  hidden: () => 'New message',
  summaryTitle: () => 'New messages',
  summary: (unread) => `Unread: ${unread}`,
  reply: () => 'Reply',
  markRead: () => 'Mark as read',
  lostTitle: () => 'The relay lost this session',
  lost: () => 'Rebuilding',
  profile: (name) => (name === 'default' ? 'Home' : name),
  approval: (agent, action) => `${agent} wants to run ${action}`,
  allow: () => 'Allow once',
  deny: () => 'Deny',
  review: () => 'Review',
  argumentsHidden: () => 'Open it',
}
