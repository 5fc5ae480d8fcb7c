import type { Dialect } from '../markdown/dialect.ts'
import type { Tag, TagKind } from '../markdown/runs.ts'

/** Telegram's HTML mode knows few tags and three entities. relay:TG9 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character)
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Addresses Telegram makes links of; anything else it would drop without a word. */
const LINKABLE = /^(?:https?:\/\/[^\s/]|tg:\/\/|mailto:|tel:)/i
/** An address is part of the 4096 units of its part, and repeated in each part a link is cut into. */
const LONGEST_ADDRESS = 1024

export const telegramHtml: Dialect = {
  bold: tag('bold', 'b'),
  italic: tag('italic', 'i'),
  strike: tag('strike', 's'),
  spoiler: tag('spoiler', 'tg-spoiler'),
  code: tag('code', 'code'),
  quote: tag('quote', 'blockquote'),
  pre: (language) =>
    language ? { kind: 'pre', open: `<pre><code class="language-${language}">`, close: '</code></pre>' } : tag('pre', 'pre'),
  link(address) {
    const escaped = escapeHtml(address).replace(/"/g, '&quot;')
    if (!LINKABLE.test(address) || escaped.length > LONGEST_ADDRESS) return undefined
    return { kind: 'link', open: `<a href="${escaped}">`, close: '</a>', address }
  },
}

function tag(kind: TagKind, name: string): Tag {
  return { kind, open: `<${name}>`, close: `</${name}>` }
}
