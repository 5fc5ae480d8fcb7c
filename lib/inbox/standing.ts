import type { Conversation, Mark, SoFar } from './model.ts'

/** Where a conversation stands for the reader at a moment. */
export type Standing = {
  pinned: boolean
  archived: boolean
  muted: boolean
  /** Set while it is away from the inbox. */
  snoozedUntil?: number
}

type Newest = Pick<Conversation, 'lastMessageAt' | 'unread'>

/** Archived and snoozed ones are back as soon as something has come; nobody has to note that anywhere. client:MRK2, MRK3, SNZ1 */
export function standingOf(mark: Mark | undefined, conversation: Newest, now: number): Standing {
  const { pinnedAt, archived, snoozed, mutedUntil = 0 } = mark ?? {}
  const isSnoozed = snoozed !== undefined && snoozed.until > now && !hasNews(snoozed, conversation)
  return {
    pinned: pinnedAt !== undefined,
    archived: archived !== undefined && !hasNews(archived, conversation),
    muted: mutedUntil > now,
    ...(isSnoozed && { snoozedUntil: snoozed.until }),
  }
}

/** Not in the inbox now. */
export function isAway({ archived, snoozedUntil }: Standing): boolean {
  return archived || snoozedUntil !== undefined
}

export function hasNews({ messageAt, unread }: SoFar, conversation: Newest): boolean {
  return conversation.lastMessageAt > messageAt || conversation.unread > unread
}
