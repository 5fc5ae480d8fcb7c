import type { Conversation } from './model.ts'

/** A text of one's own that is written often. client:QRP1 */
export type QuickReply = { name: string; text: string }

/** As many as a list to choose from holds, and as long as anybody writes them beforehand. Characters. */
export const MOST_QUICK_REPLIES = 100
export const QUICK_NAME_CHARACTERS = 40
export const QUICK_TEXT_CHARACTERS = 4_000

/** What stands for the person who is answered. client:QRP3 */
export const PLACEHOLDERS = ['{name}', '{first}'] as const

/** The text with the names of who is answered in their places. */
export function fillIn(text: string, { title, lastSpeaker }: Pick<Conversation, 'title' | 'lastSpeaker'>): string {
  const name = lastSpeaker ?? title
  // Of an address the part before the @; its words are no names.
  const first = name.includes('@') ? name.replace(/@.*$/s, '') : (name.trim().split(/\s+/)[0] ?? name)
  return text.replace(/\{(name|first)\}/gi, (_all, which: string) => (which.toLowerCase() === 'name' ? name : first))
}
