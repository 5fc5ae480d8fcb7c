/** Read of a text before it is cut: what marks it up may be longer than its words. */
const READ_TIMES = 4

const FENCE = /^[ \t]{0,3}(?:```|~~~)[^\n]*(?:\n|$)/m
const CODE = /`+([^`\n]+)`+/
const LINK = /!?\[([^\][]*)\]\((?:<([^<>\n]*)>|([^()\s]*(?:\([^()\s]*\)[^()\s]*)*))(?:\s+"[^"\n]*")?\)/g
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/** What stands at the beginning of a line and is no word, and what it becomes. */
const LINES: [RegExp, string][] = [
  [/^[ \t]{0,3}(?:>[ \t]?)+/gm, ''],
  [/^[ \t]*(?:[-*_][ \t]*){3,}$/gm, ' '],
  [/^[ \t]*[-*+][ \t]+/gm, ''],
  [/^\[ \][ \t]/gm, '☐ '],
  [/^\[[xX]\][ \t]/gm, '☑ '],
  [/^[ \t]{0,3}#{1,6}[ \t]+/gm, ''],
  [/^(?=[^\n]*-)[ \t]*\|[ \t|:-]*$/gm, ' '],
]
const PAIRS = [
  /(?<!\\)(\*{1,3})(?=[^\s*])([^*\n]*[^\s*\\])\1(?!\*)/g,
  /(?<![\p{L}\p{N}_\\])(_{1,3})(?=[^\s_])([^_\n]*[^\s_\\])\1(?![\p{L}\p{N}_])/gu,
  /(?<!\\)(~~)(?=[^\s~])([^~\n]*[^\s~\\])\1/g,
]
/** Bold inside italics inside a strike-through. */
const NESTING = 3

/**
 * The words of a message in one line, at most `limit` characters, without what Markdown puts around them: for lists and notifications,
 * where nothing is rendered.
 */
export function plainWords(content: string, limit: number): string {
  const parts = content.slice(0, limit * READ_TIMES).split(FENCE)
  const words = parts.map((part, index) => (index % 2 === 1 ? part : part.split(CODE).map(unmark).join(''))).join(' ')
  const line = words.replace(/\s+/g, ' ').trim()
  // Never half of a surrogate pair at the cut.
  return line.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '')
}

/** Every second piece was between backticks: its signs are its words. */
function unmark(text: string, index: number): string {
  if (index % 2 === 1) return text
  let bare = LINES.reduce((lines, [pattern, instead]) => lines.replace(pattern, instead), text)
  bare = bare.replace(/^[ \t]*\|(.*)\|[ \t]*$/gm, (_row, cells: string) => cells.replaceAll('|', ' '))
  // Twice: an image may stand inside a link.
  for (let depth = 0; depth < 2; depth++)
    bare = bare.replace(LINK, (_link, words, inAngles, address) => words || inAngles || address)
  bare = bare.replace(/<((?:https?:\/\/|mailto:)[^<>\s]+)>/g, '$1')
  for (let depth = 0; depth < NESTING; depth++) for (const pair of PAIRS) bare = bare.replace(pair, '$2')
  return bare
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_entity, name: string) => ENTITIES[name] ?? '')
}
