import { beforeEach, describe, expect, it } from 'vitest'
import { createApprovalNotices } from '../../../lib/app/approvalNotices.ts'
import { changeSettings } from '../../../lib/app/settings.ts'
import type { ApprovalRow } from '../../../lib/approvals/model.ts'
import type { Database } from '../../../lib/database/open.ts'
import { readNoticeId } from '../../../lib/inbox/notices.ts'
import { approvalRow } from './support/approvals.ts'
import { databaseWithProfile } from './support/database.ts'
import { texts } from './support/noticeTexts.ts'

const P = 'default'
const ON = { notifications: 'on', notificationContent: true } as const
type Made = { id: string; title: string; message: string; buttons: { title: string }[] }

let db: Database
let made: Made[]
let notices: ReturnType<typeof createApprovalNotices>
beforeEach(async () => {
  db = await databaseWithProfile('https://relay.test')
  made = []
  notices = createApprovalNotices({
    db,
    notifications: { create: async (id: string, options: Omit<Made, 'id'>) => made.push({ id, ...options }) } as never,
    iconUrl: '/icon.png',
    texts,
    profileLine: async () => ({}),
    now: () => 200_000,
  })
})

async function shown(given: Partial<ApprovalRow> = {}): Promise<{ message: string; buttons: string[]; press: [object, object] }> {
  const row = approvalRow({ agentId: 'trip-desk', ...given })
  await db.put('approvals', row)
  await notices.ask(row)
  const [notice] = made.splice(0) as [Made]
  const target = readNoticeId(notice.id)
  if (!target) throw new Error('the notification is of nothing')
  return {
    message: notice.message,
    buttons: notice.buttons.map(({ title }) => title),
    press: [await notices.press(target, 0), await notices.press(target, 1)],
  }
}

const ALLOW = { do: 'decide', decision: 'allow' }
const DENY = { do: 'decide', decision: 'deny' }
const OPEN = { do: 'open' }

describe('a request as a notification', () => {
  it('client:APR13 is allowed or refused there when all of it is in sight', async () => {
    await changeSettings(db, P, ON)
    expect(await shown()).toEqual({ message: 'path: "/tmp/x"', buttons: ['Allow once', 'Deny'], press: [ALLOW, DENY] })
    expect((await shown({ args: { text: 'x'.repeat(112) } })).press).toEqual([ALLOW, DENY])
  })

  it.each([
    ['long arguments', { args: { text: 'x'.repeat(113) } }],
    ['arguments that are cut off', { args: { text: 'x'.repeat(400) } }],
  ])('client:APR13 with %s it leads to the whole of it', async (_name, given) => {
    await changeSettings(db, P, ON)
    expect(await shown(given)).toMatchObject({ buttons: ['Review', 'Deny'], press: [OPEN, DENY] })
  })

  it('client:APR13, INB3 shows no arguments to who hides what messages say, and allows nothing unseen', async () => {
    await changeSettings(db, P, { notifications: 'on', notificationContent: false })
    expect(await shown()).toEqual({ message: 'Open it', buttons: ['Review', 'Deny'], press: [OPEN, DENY] })
  })

  it.each([
    ['decided', { standing: { state: 'denied', by: 'popup', decidedAt: 1 } }],
    ['past its time', { expiresAt: 200_000 }],
  ] as const)('client:APR11, APR12 a press on one that is %s opens it', async (_name, given) => {
    await changeSettings(db, P, ON)
    expect((await shown(given)).press[0]).toEqual(OPEN)
  })

  it.each([
    { notifications: 'off', notificationContent: true },
    { notifications: 'ask', notificationContent: true },
    { ...ON, profileNotifications: false },
  ] as const)('client:INB3, PRF2 is not made with the settings %j', async (settings) => {
    await changeSettings(db, P, settings)
    await notices.ask(approvalRow())
    expect(made).toEqual([])
  })
})
