import { morph } from './morph.js'
import { localTimes } from './times.js'

/** How often a page that somebody looks at asks for news, ms. */
const EVERY_MS = 4_000

/**
 * The page's <main>, read anew whenever the relay has something else to show. `refresh` does it at once; it resolves when the page shows the news.
 * @param {{ onState?: (state: 'live' | 'lost') => void }} [options]
 */
export function keepLive({ onState = () => {} } = {}) {
  let etag = ''
  /** @type {number | undefined} */
  let timer
  /** @type {Promise<void> | undefined} */
  let running

  async function ask() {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html', 'If-None-Match': etag }, cache: 'no-store' })
    const text = await answer.text()
    if (answer.redirected) return location.assign(answer.url)
    if (answer.status === 304) return
    if (answer.status !== 200 && answer.status !== 404) throw new Error(`${answer.status}`)
    etag = answer.headers.get('ETag') ?? ''
    show(text)
  }

  async function look() {
    clearTimeout(timer)
    try {
      await ask()
      onState('live')
    } catch {
      onState('lost')
    }
    if (document.visibilityState === 'visible') timer = setTimeout(refresh, EVERY_MS)
  }

  /** @returns {Promise<void>} */
  function refresh() {
    running ??= look().finally(() => {
      running = undefined
    })
    return running
  }

  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void refresh()
    else clearTimeout(timer)
  })
  void refresh()
  return { refresh }
}

/**
 * Puts the <main> of a page of ours into this one.
 * @param {string} text
 */
export function show(text) {
  const fresh = new DOMParser().parseFromString(text, 'text/html')
  const [old, main] = [document.querySelector('main'), fresh.querySelector('main')]
  if (!old || !main) return
  localTimes(main)
  document.title = fresh.title
  morph(old, main)
}
