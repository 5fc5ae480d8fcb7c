import DOMPurify from 'dompurify'
import { linkTarget, saysTarget } from './linkTarget.ts'

/** What an email has no use for here: nothing to fill in, to play, or to load. */
const FORBIDDEN = ['form', 'input', 'button', 'select', 'textarea', 'option', 'audio', 'video', 'source', 'track', 'map', 'area']

/** DOMPurify asks this of nearly every attribute: an address of a safe kind, or a value that is no address with a scheme. */
const SAFE_VALUE = /^(?:https?:\/\/|mailto:|data:image\/(?:png|jpeg|gif|webp);|[^a-z]|[a-z+.-]+(?:[^a-z+.:-]|$))/i

/**
 * The HTML part of an email, without anything active. Its own style stays; the frame it is shown in decides what may load. Every link
 * shows its target and opens outside. client:CAT3
 */
export function cleanMail(html: string): string {
  const fragment: DocumentFragment | null = DOMPurify.sanitize(html, {
    USE_PROFILES: { html: true },
    FORBID_TAGS: FORBIDDEN,
    FORBID_ATTR: ['ping', 'action', 'formaction', 'background', 'id', 'name'],
    ALLOWED_URI_REGEXP: SAFE_VALUE,
    ALLOW_DATA_ATTR: false,
    FORCE_BODY: true,
    RETURN_DOM_FRAGMENT: true,
  })
  // A page of nothing but frames has no body that could be shown.
  if (!fragment) return ''
  for (const link of fragment.querySelectorAll('a')) tell(link)
  const holder = document.createElement('div')
  holder.append(fragment)
  return holder.innerHTML
}

function tell(link: HTMLAnchorElement): void {
  const address = link.getAttribute('href') ?? ''
  const target = linkTarget(address)
  if (target === undefined) {
    link.replaceWith(...link.childNodes)
    return
  }
  link.target = '_blank'
  link.rel = 'noreferrer noopener'
  link.title = address
  if (!saysTarget(link.textContent ?? '', address, target)) link.append(` (${target})`)
}
