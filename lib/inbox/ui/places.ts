import { href, type Route } from '../../ui/router.ts'
import type { Goal } from '../thread.ts'

/** The places of the popup: the list, or one conversation, at one of its items or ready to write. */
export type Place = { view: 'list' } | { view: 'conversation'; id: string; goal?: Goal; begin?: 'reply' | 'attach'; clip?: string }

/**
 * `#/conversation/<id>`, `#/reply/<id>` and `#/attach/<id>`, each with `/<messageId>` or `/ours/<clientId>` for the item to show;
 * `#/reply/<id>/clip/<clipId>` with a picture to send; anything else is the list.
 */
export function placeOf([kind, id, item, clientId]: Route): Place {
  if (id === undefined) return { view: 'list' }
  if (kind === 'reply' && item === 'clip' && clientId !== undefined)
    return { view: 'conversation', id, begin: 'reply', clip: clientId }
  const goal = item === 'ours' && clientId !== undefined ? { clientId } : item !== undefined ? { messageId: item } : undefined
  if (kind === 'conversation') return { view: 'conversation', id, ...(goal && { goal }) }
  if (kind === 'reply' || kind === 'attach') return { view: 'conversation', id, begin: kind, ...(goal && { goal }) }
  return { view: 'list' }
}

export const LIST = href()

export function conversationHref(id: string, goal?: Goal): string {
  if (!goal) return href('conversation', id)
  return 'messageId' in goal ? href('conversation', id, goal.messageId) : href('conversation', id, 'ours', goal.clientId)
}
