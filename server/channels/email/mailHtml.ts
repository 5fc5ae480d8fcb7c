import { Marked, type RendererObject } from 'marked'
import { escapeHtml } from '../../http/escapeHtml.ts'
import { lex } from '../markdown/lex.ts'

/** Where a link in a reply may lead. */
const LINKABLE = /^(?:https?:\/\/|mailto:)/i
const MONO = 'font-family:ui-monospace,Menlo,Consolas,monospace;font-size:0.9em'
const CELL = 'border:1px solid #c3cfd1;padding:4px 8px'

/**
 * Only these tags, and no attribute from the reply but a checked link: whatever else somebody wrote is shown as they wrote it. Pictures become
 * links, so that reading a reply fetches nothing.
 */
const renderer: RendererObject = {
  text(token) {
    return 'tokens' in token && token.tokens ? this.parser.parseInline(token.tokens) : broken(token.text)
  },
  html: ({ raw }) => broken(raw),
  code: ({ text }) => `<pre style="${MONO};white-space:pre-wrap">${escapeHtml(text)}</pre>`,
  codespan: ({ text }) => `<code style="${MONO}">${escapeHtml(text)}</code>`,
  link({ href, tokens }) {
    const shown = this.parser.parseInline(tokens)
    return LINKABLE.test(href) ? `<a href="${escapeHtml(href)}">${shown}</a>` : `${shown} (${escapeHtml(href)})`
  },
  image: ({ href, text }) => link(href, text || href),
  checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  tablecell({ header, tokens }) {
    const tag = header ? 'th' : 'td'
    return `<${tag} style="${CELL}">${this.parser.parseInline(tokens)}</${tag}>`
  },
  blockquote({ tokens }) {
    return `<blockquote style="margin:0 0 0 8px;padding-left:12px;border-left:3px solid #a5d0cf">${this.parser.parse(tokens)}</blockquote>`
  },
}

const markdown = new Marked({
  gfm: true,
  renderer,
  extensions: [
    {
      name: 'spoiler',
      renderer(token) {
        return this.parser.parseInline(token.tokens ?? [])
      },
    },
  ],
})

/** A reply's Markdown as the HTML part of a mail. It holds no script, no picture and nothing that is fetched. relay:EML12, SAN4 */
export function mailHtml(text: string): string {
  const tokens = lex(text)
  const body = tokens ? markdown.parser(tokens) : `<p>${broken(text)}</p>`
  return `<!doctype html><html><body style="font:15px/22px system-ui,-apple-system,Segoe UI,Roboto,sans-serif">${body}</body></html>`
}

/** People who write a reply mean the line breaks they type. */
function broken(text: string): string {
  return escapeHtml(text).replace(/\n/g, '<br>')
}

function link(href: string, shown: string): string {
  return LINKABLE.test(href) ? `<a href="${escapeHtml(href)}">${escapeHtml(shown)}</a>` : escapeHtml(`${shown} (${href})`)
}
