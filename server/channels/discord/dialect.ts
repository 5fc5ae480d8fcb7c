import type { Dialect } from '../markdown/dialect.ts'
import type { Tag, TagKind } from '../markdown/runs.ts'

/** Addresses Discord makes links of. */
const LINKABLE = /^https?:\/\/[^\s/]/i
/** An address is part of the 2000 characters of its part, and repeated in each part a link is cut into. */
const LONGEST_ADDRESS = 512

/** Discord reads a Markdown of its own, so most of what was written goes as it was. relay:DC8 */
export const discordMarkdown: Dialect = {
  bold: tag('bold', '**'),
  italic: tag('italic', '*'),
  strike: tag('strike', '~~'),
  spoiler: tag('spoiler', '||'),
  code: tag('code', '`'),
  quote: { kind: 'quote', open: '> ', close: '', line: '> ' },
  pre: (language) => ({ kind: 'pre', open: `\`\`\`${language ?? ''}\n`, close: '\n```' }),
  link(address) {
    const safe = address
      .replace(/[()<>\s]/g, encodeURIComponent)
      .replace(/\(/g, '%28')
      .replace(/\)/g, '%29')
    if (!LINKABLE.test(address) || safe.length > LONGEST_ADDRESS) return undefined
    return { kind: 'link', open: '[', close: `](${safe})`, address }
  },
}

function tag(kind: TagKind, mark: string): Tag {
  return { kind, open: mark, close: mark }
}
