import type { browser } from 'wxt/browser'
import type { Database } from '../database/open.ts'
import type { InboxMessage } from '../inbox/model.ts'
import { type NoticeTarget, noticeId, planNotices, readNoticeId, readRecent } from '../inbox/notices.ts'
import { plainWords } from '../inbox/plainWords.ts'
import { titleOf } from '../inbox/shared.ts'
import { createApprovalNotices } from './approvalNotices.ts'
import { readSettings } from './settings.ts'

const recentKey = (profileId: string): string => `notified:${profileId}`
const PREVIEW_CHARACTERS = 200

/** What notifications say. */
export type NoticeTexts = {
  sender: (message: InboxMessage, place: string) => string
  hidden: () => string
  summaryTitle: () => string
  summary: (unread: number) => string
  reply: () => string
  markRead: () => string
  lostTitle: () => string
  lost: () => string
  /** What a profile is called. */
  profile: (name: string) => string
  approval: (agent: string | undefined, action: string) => string
  allow: () => string
  deny: () => string
  review: () => string
  argumentsHidden: () => string
}

type Chrome = Pick<typeof browser, 'notifications' | 'runtime'>

/** client:INB3, INB4, PRF4 */
export function createNotifier({
  db,
  chrome,
  texts,
  now,
}: {
  db: Database
  chrome: Chrome
  texts: NoticeTexts
  now: () => number
}) {
  const { notifications, runtime } = chrome
  const iconUrl = runtime.getURL('/icon/128.png' as never)
  const basic = { type: 'basic' as const, iconUrl }

  /** What a burst counts must not be read by the next call before it is written: one after the other. client:INB4 */
  let turn: Promise<void> = Promise.resolve()
  function inTurn(run: () => Promise<void>): Promise<void> {
    turn = turn.then(run, run)
    return turn
  }

  /** Several profiles: say which one speaks. */
  async function profileLine(profileId: string): Promise<{ contextMessage?: string }> {
    const profiles = await db.getAll('profiles')
    const name = profiles.find(({ id }) => id === profileId)?.name
    return profiles.length > 1 && name ? { contextMessage: texts.profile(name) } : {}
  }

  async function clear(fits: (target: NoticeTarget) => boolean): Promise<void> {
    for (const id of Object.keys(await notifications.getAll())) {
      const target = readNoticeId(id)
      if (target && fits(target)) await notifications.clear(id)
    }
  }

  async function show(message: InboxMessage, withContent: boolean): Promise<void> {
    const { profileId, conversationId, id: messageId } = message
    const channel = await db.get('channels', [profileId, message.channelId])
    const title = titleOf(message)
    const place = title === message.from ? (channel?.config.name ?? message.channelType) : title
    // One per conversation: the newest takes the place of the one before.
    await clear((target) => target.profileId === profileId && target.conversationId === conversationId)
    await notifications.create(noticeId({ profileId, conversationId, messageId }), {
      ...basic,
      title: texts.sender(message, place),
      message: (withContent && plainWords(message.content, PREVIEW_CHARACTERS)) || texts.hidden(),
      ...(await profileLine(profileId)),
      eventTime: message.at,
      buttons: [{ title: texts.reply() }, { title: texts.markRead() }],
    })
  }

  async function tell(profileId: string, ids: string[], bulk: boolean, unread: number): Promise<void> {
    const settings = await readSettings(db, profileId)
    if (settings.notifications !== 'on' || !settings.profileNotifications) return
    const rows = await Promise.all(ids.map((id) => db.get('messages', [profileId, id])))
    const recent = readRecent((await db.get('settings', recentKey(profileId)))?.value)
    const messages = rows.flatMap((row) => (row ? [row] : []))
    const marks = await db.getAll('marks', IDBKeyRange.bound([profileId], [profileId, []]))
    const muted = new Set(marks.filter(({ mutedUntil = 0 }) => mutedUntil > now()).map(({ conversationId }) => conversationId))
    const plan = planNotices({ messages, bulk, settings, muted, recent, now: now() })
    await db.put('settings', { key: recentKey(profileId), value: plan.recent })
    for (const message of plan.show) await show(message, settings.notificationContent)
    if (!plan.summary) return
    const title = texts.summaryTitle()
    await notifications.create(noticeId({ profileId }), {
      ...basic,
      title,
      message: texts.summary(unread),
      ...(await profileLine(profileId)),
    })
  }

  return {
    approvals: createApprovalNotices({ db, notifications, iconUrl, texts, profileLine, now }),

    arrived: (profileId: string, ids: string[], bulk: boolean, unread: number): Promise<void> =>
      inTurn(() => tell(profileId, ids, bulk, unread)),

    /** client:REC1 */
    async sessionLost(profileId: string): Promise<void> {
      const { notifications: wanted, profileNotifications } = await readSettings(db, profileId)
      if (wanted === 'off' || !profileNotifications) return
      const message = { ...basic, title: texts.lostTitle(), message: texts.lost(), ...(await profileLine(profileId)) }
      await notifications.create(noticeId({ profileId }), message)
    },

    /** Nothing is left to say of a profile that was deleted. client:PRF5 */
    forget: (profileId: string): Promise<void> => clear((target) => target.profileId === profileId),

    /** What was read needs no notification any more. */
    async read(profileId: string, conversationId: string): Promise<void> {
      await clear(
        (target) =>
          target.profileId === profileId &&
          target.approvalId === undefined &&
          (target.conversationId === conversationId || target.conversationId === undefined),
      )
    },
  }
}
