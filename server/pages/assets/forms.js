/**
 * Sends the forms that say data-send="navigate" with the page's real origin, which a browser hides when a page tells nobody its address, and goes
 * where the answer leads. A page that comes back is given to `onPage`.
 * @param {(text: string) => void} onPage
 */
export function sendForms(onPage) {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || form.dataset.send !== 'navigate') return
    event.preventDefault()
    if (form.ariaBusy === 'true') return
    form.ariaBusy = 'true'
    send(form, onPage)
      .catch(() => complain(form, 'The relay does not answer. Try again.'))
      .finally(() => {
        form.ariaBusy = 'false'
      })
  })
}

/**
 * @param {HTMLFormElement} form
 * @param {(text: string) => void} onPage
 */
async function send(form, onPage) {
  const fields = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value)
  const answer = await fetch(form.action, { method: 'POST', body: fields, headers: { Accept: 'text/html' } })
  if (answer.redirected) return location.assign(answer.url)
  if (answer.headers.get('Content-Type')?.startsWith('text/html')) return onPage(await answer.text())
  complain(form, (await answer.json()).error)
}

/**
 * Says above a form why it was not taken, once.
 * @param {HTMLElement} form
 * @param {string} text
 */
export function complain(form, text) {
  uncomplain(form)
  const place = document.createElement('p')
  place.className = 'banner banner-fail'
  place.setAttribute('role', 'alert')
  place.setAttribute('data-complaint', '')
  place.textContent = text
  form.before(place)
}

/** @param {HTMLElement} form */
export function uncomplain(form) {
  const before = form.previousElementSibling
  if (before?.hasAttribute('data-complaint')) before.remove()
}
