import type { Database } from '../../database/open.ts'
import type { InboxHost } from './host.ts'

/**
 * A popup may close between two key presses, before any message to the worker leaves. What is typed is therefore first kept in
 * localStorage, which is written at once, and only then handed to the database. client:CRP5
 */
const PREFIX = 'chaos-draft:'

type Key = { profileId: string; conversationId: string }

const keyOf = ({ profileId, conversationId }: Key): string => `${PREFIX}${JSON.stringify([profileId, conversationId])}`

export function copyDraft(key: Key, text: string): void {
  try {
    localStorage.setItem(keyOf(key), text)
  } catch {
    // No room for the copy: the database still gets the draft after the next pause.
  }
}

export function copiedDraft(key: Key): string | undefined {
  return localStorage.getItem(keyOf(key)) ?? undefined
}

/** Forgets the copy, unless it has changed since. */
export function dropCopy(key: Key, text: string): void {
  if (localStorage.getItem(keyOf(key)) === text) localStorage.removeItem(keyOf(key))
}

/**
 * Drops copies of what has been sent meanwhile: a popup that closes right after Enter leaves one behind. Call before anything shows a
 * draft.
 */
export async function forgetSent(db: Database): Promise<void> {
  for (const { name, key, text } of leftBehind()) {
    const from = [key.profileId, key.conversationId]
    const replies = db.transaction('replies').store.index('conversation')
    const newest = await replies.openCursor(IDBKeyRange.bound(from, [...from, []]), 'prev')
    if (newest?.value.content === text) localStorage.removeItem(name)
  }
}

/** Of a profile that is deleted. client:PRF5 */
export function forgetCopies(profileId: string): void {
  for (const { name, key } of leftBehind()) if (key.profileId === profileId) localStorage.removeItem(name)
}

/** Hands over what an earlier page left behind. */
export async function handOverDrafts(inbox: InboxHost['inbox']): Promise<void> {
  for (const { key, text } of leftBehind()) {
    await inbox.saveDraft({ ...key, text })
    dropCopy(key, text)
  }
}

function leftBehind(): { name: string; key: Key; text: string }[] {
  return Object.keys(localStorage).flatMap((name) => {
    const key = name.startsWith(PREFIX) ? parseKey(name) : undefined
    const text = localStorage.getItem(name)
    return key && text !== null ? [{ name, key, text }] : []
  })
}

function parseKey(name: string): Key | undefined {
  try {
    const [profileId, conversationId]: unknown[] = JSON.parse(name.slice(PREFIX.length))
    return typeof profileId === 'string' && typeof conversationId === 'string' ? { profileId, conversationId } : undefined
  } catch {
    return undefined
  }
}
