import type { Database } from '../database/open.ts'

/** Something taken from a page, or typed into the address bar, until somebody is chosen to send it to. client:RCH4 */
export type Clip = {
  kind: 'selection' | 'link' | 'page' | 'screenshot' | 'words'
  at: number
  words?: string | undefined
  title?: string | undefined
  url?: string | undefined
  /** A data URL; empty when the page could not be photographed. */
  picture?: string | undefined
}

/** Nobody was chosen in this time: it is not wanted any more. */
const KEPT_MS = 60 * 60_000
export const clipKey = (id: string): string => `clip:${id}`
const ALL = (): IDBKeyRange => IDBKeyRange.bound(clipKey(''), clipKey('\uffff'))

/** Resolves with its id. */
export async function keepClip(db: Database, value: Clip): Promise<string> {
  const id = crypto.randomUUID()
  await db.put('settings', { key: clipKey(id), value })
  return id
}

export async function expireClips(db: Database, now: number): Promise<void> {
  for (const { key, value } of await db.getAll('settings', ALL()))
    if (now - (value as Clip).at > KEPT_MS) await db.delete('settings', key)
}
