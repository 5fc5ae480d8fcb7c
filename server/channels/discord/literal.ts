import type { Run, Tag } from '../markdown/runs.ts'

/** What must reach the reader as it was written: text that Discord would take for markup gets a backslash in front. relay:SAN4 */
export function literalRuns(runs: readonly Run[]): Run[] {
  const literal: Run[] = []
  const quotedFences = new Map<Tag, Tag>()
  let lineStart = true
  for (const { text, tags } of runs) {
    const last = tags.at(-1)
    if (last?.kind === 'pre') literal.push({ text: unfenced(text), tags: inQuote(tags, quotedFences) })
    else if (last?.kind === 'code') literal.push(inlineCode(text, tags))
    else literal.push(...escaped(text, tags, lineStart))
    lineStart = text.endsWith('\n')
  }
  return literal
}

/** Between the backticks of a fence inside the code stands what nobody sees, or the code would end there. */
function unfenced(text: string): string {
  return text.replace(/`(?=``)/g, '`\u200b')
}

/** A fence in a quote goes over several lines of it. */
function inQuote(tags: readonly Tag[], known: Map<Tag, Tag>): Tag[] {
  const line = tags.map((tag) => tag.line ?? '').join('')
  if (!line) return [...tags]
  return tags.map((tag) => {
    if (tag.kind !== 'pre') return tag
    const quoted = known.get(tag) ?? { ...tag, open: `${tag.open}${line}`, close: `\n${line}\`\`\`` }
    known.set(tag, quoted)
    return quoted
  })
}

/** Code that holds backticks stands between more of them. */
function inlineCode(text: string, tags: readonly Tag[]): Run {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length))
  if (longest === 0) return { text, tags }
  const fence = '`'.repeat(longest + 1)
  return { text, tags: [...tags.slice(0, -1), { kind: 'code', open: `${fence} `, close: ` ${fence}` }] }
}

/**
 * Addresses, which no backslash may change; what Discord could read as markup; and what it could at the beginning of a line: quotes, titles, small
 * print, lists.
 */
const ADDRESS = /https?:\/\/[^\s<>]+/
const MARKUP = /[\\*`]|_(?![A-Za-z0-9])|(?<![A-Za-z0-9])_|~(?=~)|(?<=~)~|\|(?=\|)|(?<=\|)\||\](?=\()/
const LINE_MARKUP = /[>#+-](?<=^[ \t]*.)(?:(?<=>)(?=[ >])|(?<=#)(?=#{0,2} )|(?<=-)(?=#? )|(?<=\+)(?= ))/
const SPECIAL = new RegExp([ADDRESS, MARKUP, LINE_MARKUP].map(({ source }) => `(${source})`).join('|'), 'gm')

/** `lineStart`: the text stands at the beginning of a line. */
function escaped(text: string, tags: readonly Tag[], lineStart: boolean): Run[] {
  const marks: number[] = []
  for (const { index, 1: address, 3: atLineStart } of text.matchAll(SPECIAL)) {
    const inside = atLineStart !== undefined && !lineStart && !text.slice(0, index).includes('\n')
    if (address === undefined && !inside) marks.push(index)
  }
  return cutAt(text, tags, marks)
}

/** A backslash belongs to its character as a tag does: parts are never cut between them. */
function cutAt(text: string, tags: readonly Tag[], marks: readonly number[]): Run[] {
  const runs: Run[] = []
  let from = 0
  for (const at of marks) {
    if (at > from) runs.push({ text: text.slice(from, at), tags })
    runs.push({ text: text.slice(at, at + 1), tags: [...tags, { kind: 'escape', open: '\\', close: '' }] })
    from = at + 1
  }
  if (from < text.length) runs.push({ text: text.slice(from), tags })
  return runs
}
