import type { InboxHost } from './host.ts'

/**
 * A popup may close between two key presses, before any message to the worker leaves. What is typed is therefore first kept in
 * localStorage, which is written at once, and only then handed to the database. client:CRP5
 */
const PREFIX = 'chaos-draft:'

type Key = { profileId: string; conversationId: string }

const keyOf = ({ profileId, conversationId }: Key): string => `${PREFIX}${JSON.stringify([profileId, conversationId])}`

export function copyDraft(key: Key, text: string): void {
  localStorage.setItem(keyOf(key), text)
}

export function copiedDraft(key: Key): string | undefined {
  return localStorage.getItem(keyOf(key)) ?? undefined
}

/** Forgets the copy, unless it has changed since. */
export function dropCopy(key: Key, text: string): void {
  if (localStorage.getItem(keyOf(key)) === text) localStorage.removeItem(keyOf(key))
}

/** Hands over what an earlier page left behind. */
export async function handOverDrafts(inbox: InboxHost['inbox']): Promise<void> {
  const left = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))
  for (const name of left) {
    const text = localStorage.getItem(name)
    const key = parseKey(name)
    if (text === null || !key) continue
    await inbox.saveDraft({ ...key, text })
    dropCopy(key, text)
  }
}

function parseKey(name: string): Key | undefined {
  try {
    const [profileId, conversationId]: unknown[] = JSON.parse(name.slice(PREFIX.length))
    return typeof profileId === 'string' && typeof conversationId === 'string' ? { profileId, conversationId } : undefined
  } catch {
    return undefined
  }
}
