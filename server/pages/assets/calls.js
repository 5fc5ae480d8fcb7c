import { complain, uncomplain } from './forms.js'

const LOST = 'The relay does not answer. Try again.'

/**
 * Makes forms and switches talk to the relay's JSON routes: data-call names the method, data-as what a field is, data-instant a switch that takes effect
 * at once. `refresh` shows what came of it, `say` tells it to who cannot see.
 * @param {{ refresh: () => Promise<void>, say: (text: string) => void, onEnded: () => void }} page
 */
export function sendCalls(page) {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || !form.dataset.call) return
    event.preventDefault()
    void whileBusy(form, () => submit(form, page))
  })
  document.addEventListener('change', (event) => {
    const input = event.target
    if (!(input instanceof HTMLInputElement) || !input.dataset.instant) return
    void whileBusy(input, () => flip(input, page)).then(page.refresh)
  })
}

/**
 * @param {HTMLElement} element
 * @param {() => Promise<void>} work
 */
async function whileBusy(element, work) {
  if (element.ariaBusy === 'true') return
  element.ariaBusy = 'true'
  try {
    await work()
  } finally {
    element.ariaBusy = 'false'
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {Parameters<typeof sendCalls>[0]} page
 */
async function submit(form, page) {
  const { call: method = '', result, said } = form.dataset
  const { json, problem } = await ask(form.getAttribute('action') ?? '', method, changesOf(form), page.onEnded)
  if (problem !== undefined) return complain(form, problem)
  uncomplain(form)
  if (result === 'code') showCode(form, json)
  await page.refresh()
  if (form.isConnected) form.reset()
  else focusHeading()
  if (said) page.say(said)
}

/**
 * @param {HTMLInputElement} input
 * @param {Parameters<typeof sendCalls>[0]} page
 */
async function flip(input, page) {
  const card = input.closest('.card-head')
  const { problem } = await ask(input.dataset.instant ?? '', 'PATCH', { [input.name]: input.checked }, page.onEnded)
  if (problem === undefined) return
  input.checked = !input.checked
  if (card instanceof HTMLElement) complain(card, problem)
}

/**
 * @param {string} path
 * @param {string} method
 * @param {Record<string, unknown>} body
 * @param {() => void} onEnded
 * @returns {Promise<{ json?: Record<string, string>, problem?: string }>}
 */
async function ask(path, method, body, onEnded) {
  try {
    const withBody = method === 'PATCH' && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
    const answer = await fetch(path, { method, ...withBody })
    const json = await answer.json()
    if (answer.status === 401) onEnded()
    return answer.ok ? { json } : { problem: json.error ?? LOST }
  } catch {
    return { problem: LOST }
  }
}

/**
 * What somebody changed in a form.
 * @param {HTMLFormElement} form
 */
function changesOf(form) {
  /** @type {Record<string, unknown>} */
  const changes = {}
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && field.dataset.as === 'flag') {
      if (field.checked !== field.defaultChecked) changes[field.name] = field.checked
    } else if ((field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && field.dataset.as) {
      if (field.value !== field.defaultValue) changes[field.name] = field.dataset.as === 'list' ? linesOf(field.value) : field.value
    }
  }
  return changes
}

/** @param {string} text */
function linesOf(text) {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/**
 * A pairing code from the form's template; it is nowhere else, and gone with the page.
 * @param {HTMLFormElement} form
 * @param {Record<string, string> | undefined} answer
 */
function showCode(form, answer) {
  const [slot, template] = [form.querySelector('.code-slot'), form.querySelector('template')]
  const { pairingCode: code = '', expiresAt = '' } = answer ?? {}
  if (!slot || !template) return
  slot.replaceChildren(template.content.cloneNode(true))
  const [output, time, copy] = [slot.querySelector('output'), slot.querySelector('time'), slot.querySelector('button')]
  if (output) output.textContent = `${code.slice(0, 4)} ${code.slice(4)}`
  if (time) {
    time.dateTime = expiresAt
    time.textContent = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }).format(new Date(expiresAt))
  }
  copy?.addEventListener('click', async () => {
    await navigator.clipboard.writeText(code)
    copy.textContent = 'Copied'
  })
}

/** Where somebody is who was in a card that is gone. */
function focusHeading() {
  const heading = document.querySelector('h1')
  if (!heading) return
  heading.tabIndex = -1
  heading.focus()
}
