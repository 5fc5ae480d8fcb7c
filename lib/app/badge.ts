import type { browser } from 'wxt/browser'
import type { Database } from '../database/open.ts'
import { countAllUnread } from '../inbox/unread.ts'

/** client:INB2 */
const HIGHEST = 99
const UNREAD_COLOR = '#0b666c'
const ALERT_COLOR = '#b3261e'

export type Badge = { text: string; icon: '' | 'reconnecting-' | 'blocked-' }

/** The unread total of all profiles, or `!` when one of them needs the user; the icon says how the connections are. client:INB2 */
export async function readBadge(db: Database, now: number): Promise<Badge> {
  const states = (await db.getAll('connections')).map(({ state }) => state)
  if (states.some((state) => state === 'blocked' || state === 'auth_error')) return { text: '!', icon: 'blocked-' }
  const unread = await countAllUnread(db, now)
  const text = unread === 0 ? '' : unread > HIGHEST ? `${HIGHEST}+` : String(unread)
  return { text, icon: states.includes('reconnecting') ? 'reconnecting-' : '' }
}

/** Shows what the database says, one call after the other: an older count never comes to stand over a newer one. client:INB2 */
export function createBadge(db: Database, action: (typeof browser)['action'], now: () => number): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  const show = async (): Promise<void> => {
    next = undefined
    await showBadge(action, await readBadge(db, now()))
  }
  return () => {
    next ??= last.then(show, show)
    last = next
    return next
  }
}

async function showBadge(action: (typeof browser)['action'], { text, icon }: Badge): Promise<void> {
  await action.setBadgeBackgroundColor({ color: icon === 'blocked-' ? ALERT_COLOR : UNREAD_COLOR })
  await action.setBadgeTextColor({ color: '#ffffff' })
  await action.setBadgeText({ text })
  await action.setIcon({ path: { 16: `/icon/${icon}16.png`, 32: `/icon/${icon}32.png` } })
}
