import type { Page } from 'puppeteer'
import type { InboxMessage } from '../../../lib/inbox/model.ts'
import type { Rows } from './previewData.ts'

/** All parts in one, store by store. */
export function merge(parts: readonly Rows[]): Rows {
  const all: Record<string, unknown[]> = {}
  for (const part of parts) for (const [store, rows] of Object.entries(part)) all[store] = [...(all[store] ?? []), ...rows]
  return all as Rows
}

/** Adds rows, or replaces those with the same key, without telling anyone. */
export function addRows(page: Page, rows: Rows): Promise<void> {
  return page.evaluate(
    (stores) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('chaos-relay')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const database = opening.result
          const writing = database.transaction([...database.objectStoreNames], 'readwrite')
          for (const [name, values] of Object.entries(stores)) for (const value of values) writing.objectStore(name).put(value)
          // As whoever writes them does, so that search finds them.
          const log = writing.objectStore('unindexed')
          for (const { profileId, id } of stores.messages ?? []) log.add({ profileId, kind: 'message', ids: [id] })
          for (const { profileId, clientId } of stores.replies ?? []) log.add({ profileId, kind: 'reply', ids: [clientId] })
          writing.oncomplete = () => {
            database.close()
            resolve()
          }
          writing.onerror = () => reject(writing.error)
        }
      }),
    rows as Record<string, Record<string, unknown>[]>,
  )
}

/** Writes `count` messages like one, a minute apart, `<id><n>` saying `<content> <n>`. */
export function addMany(page: Page, count: number, like: InboxMessage): Promise<void> {
  return page.evaluate(
    (total, model) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('chaos-relay')
        opening.onsuccess = () => {
          const database = opening.result
          const writing = database.transaction(['messages', 'unindexed'], 'readwrite', { durability: 'relaxed' })
          const store = writing.objectStore('messages')
          const ids = Array.from({ length: total }, (_one, n) => `${model.id}${n}`)
          for (const [n, id] of ids.entries())
            store.put({ ...model, id, seq: n, content: `${model.content} ${n}`, at: model.at + n * 60_000 })
          for (let from = 0; from < total; from += 500)
            writing.objectStore('unindexed').add({ profileId: model.profileId, kind: 'message', ids: ids.slice(from, from + 500) })
          writing.oncomplete = () => {
            database.close()
            resolve()
          }
          writing.onerror = () => reject(writing.error)
        }
      }),
    count,
    like,
  )
}

/** Puts a fetched file where the core would. */
export function addFile(
  page: Page,
  file: { messageId: string; attachmentId: string; base64: string; mimeType: string },
): Promise<void> {
  return page.evaluate(
    ({ base64, ...rest }) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('chaos-relay')
        opening.onsuccess = () => {
          const database = opening.result
          const writing = database.transaction('files', 'readwrite')
          const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer
          writing.objectStore('files').put({ profileId: 'default', ...rest, bytes, cachedAt: Date.now() })
          writing.oncomplete = () => {
            database.close()
            resolve()
          }
          writing.onerror = () => reject(writing.error)
        }
      }),
    file,
  )
}

/** Empties every store. */
export function clearRows(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('chaos-relay')
        opening.onsuccess = () => {
          const database = opening.result
          const names = [...database.objectStoreNames]
          const clearing = database.transaction(names, 'readwrite')
          for (const name of names) clearing.objectStore(name).clear()
          clearing.oncomplete = () => {
            database.close()
            resolve()
          }
          clearing.onerror = () => reject(clearing.error)
        }
      }),
  )
}
