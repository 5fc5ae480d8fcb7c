/**
 * Makes `old` look like `fresh` by changing only what differs, so that focus, scrolling, selections and what somebody is typing stay where they are.
 * Children that carry data-key or an id are the same wherever they move; others are compared by place.
 * @param {Element} old
 * @param {Element} fresh
 */
export function morph(old, fresh) {
  matchAttributes(old, fresh)
  if (old.hasAttribute('data-keep')) return
  matchChildren(old, fresh)
}

/** What the reader has done to the page. */
const READERS_OWN = new Set(['open', 'hidden', 'inert', 'aria-busy', 'data-state'])

/**
 * @param {Element} old
 * @param {Element} fresh
 */
function matchAttributes(old, fresh) {
  for (const { name, value } of [...fresh.attributes])
    if (!READERS_OWN.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value)
  for (const { name } of [...old.attributes]) if (!READERS_OWN.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name)
  // Once touched, a switch shows what was clicked instead of its attribute.
  if (old instanceof HTMLInputElement && old.dataset.instant && old.ariaBusy !== 'true') old.checked = old.defaultChecked
}

/**
 * @param {Element} old
 * @param {Element} fresh
 */
function matchChildren(old, fresh) {
  const keyed = new Map([...old.children].flatMap((child) => (keyOf(child) === undefined ? [] : [[keyOf(child), child]])))
  let place = inPlay(old.firstChild)
  for (const wanted of [...fresh.childNodes]) {
    const known = partner(place, wanted, keyed)
    if (known === undefined) {
      old.insertBefore(document.importNode(wanted, true), place)
      continue
    }
    if (known === place) place = inPlay(known.nextSibling)
    else old.insertBefore(known, place)
    if (known instanceof Element && wanted instanceof Element) morph(known, wanted)
    else if (known.nodeValue !== wanted.nodeValue) known.nodeValue = wanted.nodeValue
  }
  while (place) {
    const gone = place
    place = inPlay(place.nextSibling)
    gone.remove()
  }
}

/**
 * The node itself or the next after it that is the relay's: a complaint stays until its form is sent again.
 * @param {ChildNode | null} node
 * @returns {ChildNode | null}
 */
function inPlay(node) {
  let found = node
  while (found instanceof Element && found.hasAttribute('data-complaint')) found = found.nextSibling
  return found
}

/**
 * The child that becomes `wanted`: the one of its key, else the next of the same kind that has none.
 * @param {ChildNode | null} place
 * @param {ChildNode} wanted
 * @param {Map<string | undefined, Element>} keyed
 * @returns {ChildNode | undefined}
 */
function partner(place, wanted, keyed) {
  const key = wanted instanceof Element ? keyOf(wanted) : undefined
  if (key !== undefined) {
    const known = keyed.get(key)
    keyed.delete(key)
    return known?.nodeName === wanted.nodeName ? known : undefined
  }
  let found = place
  while (found && (found.nodeName !== wanted.nodeName || (found instanceof Element && keyOf(found) !== undefined)))
    found = inPlay(found.nextSibling)
  return found ?? undefined
}

/**
 * @param {Element} element
 * @returns {string | undefined}
 */
function keyOf(element) {
  return element.getAttribute('data-key') ?? (element.id || undefined)
}
