import type { Dialect } from '../markdown/dialect.ts'
import type { Run, Tag, TagKind } from '../markdown/runs.ts'

/** Slack's own markup has three entities, and nothing else that could be taken for its commands (`<!here>`, `<@U1>`). relay:SL5, SAN4 */
export function escapeMrkdwn(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character)
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Addresses Slack makes links of. */
const LINKABLE = /^(?:https?:\/\/[^\s/]|mailto:|tel:)/i
/** An address is part of the 4000 units of its part, and repeated in each part a link is cut into. */
const LONGEST_ADDRESS = 1024

export const mrkdwn: Dialect = {
  bold: tag('bold', '*'),
  italic: tag('italic', '_'),
  strike: tag('strike', '~'),
  // Slack knows none: it stays as it was written.
  spoiler: tag('spoiler', '||'),
  code: tag('code', '`'),
  // The language would stand in the first line.
  pre: () => PRE,
  quote: { kind: 'quote', open: '> ', close: '', line: '> ' },
  link(address) {
    const escaped = escapeMrkdwn(address).replaceAll('|', '%7C')
    if (!LINKABLE.test(address) || escaped.length > LONGEST_ADDRESS) return undefined
    return { kind: 'link', open: `<${escaped}|`, close: '>', address }
  },
}

const PRE: Tag = { kind: 'pre', open: '```\n', close: '\n```' }

function tag(kind: TagKind, mark: string): Tag {
  return { kind, open: mark, close: mark }
}

/** Marks that count only where words begin and end, and only within a line. */
const EMPHASIS = new Set<TagKind>(['bold', 'italic', 'strike', 'code'])
/** White space around a line break. */
const BREAK = /([ \t]*\n\s*)/
/** Slack sees the end of a word in it, a reader nothing. */
const INVISIBLE_SPACE = '\u200b'
const ENDS_IN_WORD = /[\p{L}\p{N}_]$/u
const BEGINS_WITH_WORD = /^[\p{L}\p{N}_]/u

/** Runs as Slack's rules of emphasis need them: marks within lines, and apart from the letters beside them. */
export function forSlack(runs: readonly Run[]): Run[] {
  return apart(runs.flatMap(({ text, tags }) => withinLines({ text, tags: nested(tags) })))
}

/** Code blocks stand in nothing, links hold nothing. */
function nested(tags: readonly Tag[]): readonly Tag[] {
  const pre = tags.find(({ kind }) => kind === 'pre')
  if (pre) return [pre]
  const link = tags.findIndex(({ kind }) => kind === 'link')
  return link < 0 ? tags : tags.slice(0, link + 1)
}

function withinLines({ text, tags }: Run): Run[] {
  if (!text.includes('\n') || !tags.some(isEmphasis)) return [{ text, tags }]
  const around = tags.filter((tag) => !isEmphasis(tag))
  return text
    .split(BREAK)
    .map((piece, at) => ({ text: piece, tags: at % 2 === 0 ? tags : around }))
    .filter((run) => run.text !== '')
}

function apart(runs: readonly Run[]): Run[] {
  return runs.flatMap((run, at) => {
    const before = runs[at - 1]
    if (!before || !touches(before, run)) return [run]
    return [{ text: INVISIBLE_SPACE, tags: run.tags.filter((tag) => before.tags.includes(tag)) }, run]
  })
}

/** Whether emphasis begins or ends in the middle of a word. */
function touches(before: Run, after: Run): boolean {
  const changed = [
    ...before.tags.filter((tag) => !after.tags.includes(tag)),
    ...after.tags.filter((tag) => !before.tags.includes(tag)),
  ]
  return changed.some(isEmphasis) && ENDS_IN_WORD.test(before.text) && BEGINS_WITH_WORD.test(after.text)
}

function isEmphasis({ kind }: Tag): boolean {
  return EMPHASIS.has(kind)
}
