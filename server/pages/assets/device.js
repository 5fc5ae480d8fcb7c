import { sendCalls } from './calls.js'
import { keepLive } from './live.js'
import { localTimes } from './times.js'

const LINK = '#link='
const main = document.querySelector('main')
const isOpen = main?.dataset.page === 'open'

localTimes(document)
if (main && isOpen) listen(main)
addEventListener('hashchange', () => void useLink())
void useLink()

/** @param {HTMLElement} page */
function listen(page) {
  const { refresh } = keepLive({
    onState(state) {
      const place = document.getElementById('live')
      if (place) place.dataset.state = state
      if (document.querySelector('main')?.dataset.page === 'closed') location.reload()
    },
  })
  sendCalls({
    refresh,
    say(text) {
      const place = document.getElementById('said')
      if (place) place.textContent = text
    },
    onEnded: () => location.reload(),
  })
  document.getElementById('sign-out')?.addEventListener('click', signOut)
  page.inert = false
}

/**
 * Opens the link in the address, if there is one, and takes it out of the address and the history at once. relay:DEV1
 */
async function useLink() {
  if (!location.hash.startsWith(LINK)) return
  const token = location.hash.slice(LINK.length)
  history.replaceState(null, '', location.pathname)
  try {
    const answer = await fetch(main?.dataset.session ?? '', {
      method: 'POST',
      body: JSON.stringify({ token }),
      headers: { 'Content-Type': 'application/json' },
    })
    if (answer.ok) return location.reload()
    notice((await answer.json()).error)
  } catch {
    notice('The relay does not answer. Open the link again when it does.')
  }
}

/** @param {string} text */
function notice(text) {
  const place = document.getElementById('notice')
  const banner = document.createElement('p')
  banner.className = 'banner banner-fail'
  banner.textContent = text
  place?.replaceChildren(banner)
}

/** @param {MouseEvent} event */
async function signOut(event) {
  if (!(event.currentTarget instanceof HTMLElement)) return
  try {
    await fetch(event.currentTarget.dataset.href ?? '', { method: 'POST' })
    location.reload()
  } catch {
    notice('The relay does not answer, so you are still signed in. Try again.')
  }
}
