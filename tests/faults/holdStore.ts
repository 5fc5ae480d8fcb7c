import type { Page } from 'puppeteer'

/** Longer than the 250 ms within which an acknowledgement must follow its message: had one been sent early, it would have been seen. */
const HOLD_MS = 600

declare const held: { release: boolean; done: Promise<void> }

/** Opens a transaction that nobody can write past, and keeps it open until released, at least HOLD_MS after the call of `release`. */
export async function holdStore(page: Page): Promise<{ holding(): boolean; release(): Promise<void> }> {
  await page.evaluate(
    () =>
      new Promise<void>((started) => {
        const opening = indexedDB.open('chaos-relay')
        opening.onsuccess = () => {
          const transaction = opening.result.transaction(['messages', 'seen', 'cursors'], 'readwrite')
          const state = { release: false, done: new Promise<void>(() => {}) }
          state.done = new Promise((resolve) => {
            transaction.oncomplete = () => {
              opening.result.close()
              resolve()
            }
          })
          Object.assign(globalThis, { held: state })
          const keep = () => {
            if (state.release) return
            transaction.objectStore('messages').count().onsuccess = keep
          }
          transaction.objectStore('messages').count().onsuccess = () => {
            started()
            keep()
          }
        }
      }),
  )
  let holding = true
  return {
    holding: () => holding,
    async release() {
      await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), HOLD_MS)
      holding = false
      await page.evaluate(() => {
        held.release = true
        return held.done
      })
    },
  }
}
