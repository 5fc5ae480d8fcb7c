import { href, type Route } from '../../ui/router.ts'

/** The places of the popup: the list, or one conversation, at a message or ready to write. */
export type Place = { view: 'list' } | { view: 'conversation'; id: string; messageId?: string; begin?: 'reply' | 'attach' }

/** `#/conversation/<id>`, `#/conversation/<id>/<messageId>`, `#/reply/<id>`, `#/attach/<id>`; anything else is the list. */
export function placeOf([kind, id, messageId]: Route): Place {
  if (id === undefined) return { view: 'list' }
  if (kind === 'conversation') return { view: 'conversation', id, ...(messageId !== undefined && { messageId }) }
  if (kind === 'reply' || kind === 'attach') return { view: 'conversation', id, begin: kind }
  return { view: 'list' }
}

export const LIST = href()

export function conversationHref(id: string, messageId?: string): string {
  return messageId === undefined ? href('conversation', id) : href('conversation', id, messageId)
}
