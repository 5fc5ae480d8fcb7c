import { type Run, renderRuns, type Tag } from './runs.ts'
import { splitRuns } from './splitRuns.ts'

/**
 * Cuts a text that the platform itself reads as Markdown into parts of at most `limit` UTF-16 units. A fenced code block open at a cut is
 * closed and opened again with its language. relay:DC8, SL5
 */
export function splitMarkdown(text: string, limit: number): string[] {
  return splitRuns(fencedRuns(text), { limit, encode: asIs }).map((part) => renderRuns(part, asIs))
}

const asIs = (text: string) => text

const OPENING = /^ {0,3}(`{3,}|~{3,})([^`\n]*)$/
/** A longer line after the fence is no language but text somebody wrote there. */
const LONGEST_INFO = 64

function fencedRuns(text: string): Run[] {
  const runs: Run[] = []
  let plain: string[] = []
  let code: { fence: string; tag: Tag; lines: string[] } | undefined
  const flush = (tags: readonly Tag[], lines: string[]) => {
    if (lines.length > 0) runs.push({ text: lines.join('\n'), tags })
  }
  for (const line of text.split('\n')) {
    const opening = code ? undefined : OPENING.exec(line)
    if (opening?.[1] && (opening[2] ?? '').length <= LONGEST_INFO) {
      if (runs.length > 0 || plain.length > 0) flush([], [...plain, ''])
      plain = []
      code = { fence: opening[1], tag: { kind: 'pre', open: `${line.trim()}\n`, close: `\n${opening[1]}` }, lines: [] }
    } else if (code && closes(line, code.fence)) {
      flush([code.tag], code.lines)
      plain = ['']
      code = undefined
    } else if (code) code.lines.push(line)
    else plain.push(line)
  }
  if (code) flush([code.tag], code.lines)
  else flush([], plain)
  return runs
}

function closes(line: string, fence: string): boolean {
  const trimmed = line.trim()
  return trimmed.length >= fence.length && trimmed === fence.charAt(0).repeat(trimmed.length)
}
