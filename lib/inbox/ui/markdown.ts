import DOMPurify from 'dompurify'
import { Marked } from 'marked'
import { linkTarget, saysTarget } from './linkTarget.ts'

/** Longer texts are shown as they are: laying out that much Markdown would hold the page up. Characters. */
const MARKDOWN_MAX = 50_000

const TAGS = [
  ...['p', 'br', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a', 'hr'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'span'],
]
const ATTRIBUTES = ['href', 'title', 'target', 'rel', 'start', 'class']
/** DOMPurify asks this of nearly every attribute: an address of a safe kind, or a value that is no address with a scheme. */
const SAFE_VALUE = /^(?:https?:\/\/|mailto:|[^a-z]|[a-z+.-]+(?:[^a-z+.:-]|$))/i
/** What an image inside a link leaves: links do not nest. */
const NESTED_LINK = /<\/?a[^>]*>| ?<span class="link-target">.*?<\/span>/g
const OWN_CLASSES = new Set(['link-target'])

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    // Someone else's HTML is words, and their images would tell them when we read (client:ARC8).
    html: ({ text }) => escapeHtml(text),
    image: ({ href, text }) => link(href, escapeHtml(text || href), text || href),
    link({ href, tokens, text }) {
      return link(href, this.parser.parseInline(tokens).replace(NESTED_LINK, ''), text)
    },
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  },
})

/**
 * Other people's Markdown as safe elements: no raw HTML, no images, and every link shows where it leads and opens outside. What marked
 * makes is reduced to an allowlist once more. client:ARC8, CAT3
 */
export function renderMarkdown(text: string): DocumentFragment {
  if (text.length > MARKDOWN_MAX) return plain(text)
  const fragment = DOMPurify.sanitize(marked.parse(text, { async: false }), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOWED_URI_REGEXP: SAFE_VALUE,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  })
  for (const element of fragment.querySelectorAll<HTMLElement>('[class], a, pre')) tidy(element)
  return fragment
}

function tidy(element: HTMLElement): void {
  if (!OWN_CLASSES.has(element.className)) element.removeAttribute('class')
  if (element instanceof HTMLAnchorElement) {
    element.target = '_blank'
    element.rel = 'noreferrer noopener'
  }
  // Scrolls sideways, so the keyboard must reach it.
  if (element instanceof HTMLPreElement) {
    element.className = 'code'
    element.tabIndex = 0
  }
}

function plain(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment()
  const paragraph = document.createElement('p')
  paragraph.className = 'plain'
  paragraph.textContent = text
  fragment.append(paragraph)
  return fragment
}

/** Where a link leads stands beside its words, unless the words say so themselves. An address that is no web or mail address is text. */
function link(address: string, inner: string, text: string): string {
  const target = linkTarget(address)
  if (target === undefined) return inner
  const aside = saysTarget(text, address, target) ? '' : ` <span class="link-target">${escapeHtml(target)}</span>`
  return `<a href="${escapeHtml(address)}" title="${escapeHtml(address)}">${inner}${aside}</a>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
