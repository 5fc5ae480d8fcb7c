import { type Run, renderRuns } from './runs.ts'
import { splitRuns } from './splitRuns.ts'

/**
 * Cuts a text that the platform itself reads as Markdown into parts of at most `limit` UTF-16 units. A fenced code block open at a cut is
 * closed and opened again with its language. relay:DC8, SL5
 */
export function splitMarkdown(text: string, limit: number): string[] {
  if (text.length <= limit) return text.trim() ? [text] : []
  return splitRuns(fencedRuns(text), { limit, encode: asIs }).map((part) => renderRuns(part, asIs))
}

const asIs = (text: string) => text

/** A line of plain text, or a fenced block. */
type Group = { plain: string[] } | Block
type Block = { opening: string; fence: string; code: string[]; closing?: string }

/** Code blocks as runs of their own, so that a cut closes them; everything else as it is. */
function fencedRuns(text: string): Run[] {
  return groups(text)
    .map(asRun)
    .flatMap((run, at) => (at === 0 ? [run] : [{ text: '\n', tags: [] }, run]))
}

function groups(text: string): Group[] {
  const found: Group[] = []
  let plain: string[] | undefined
  let block: Block | undefined
  for (const line of text.split('\n')) {
    const fence = block ? undefined : openingFence(line)
    if (block && closes(line, block.fence)) {
      block.closing = line
      block = undefined
    } else if (block) block.code.push(line)
    else if (fence !== undefined) {
      block = { opening: line, fence, code: [] }
      plain = undefined
      found.push(block)
    } else if (plain) plain.push(line)
    else {
      plain = [line]
      found.push({ plain })
    }
  }
  return found
}

function asRun(group: Group): Run {
  if ('plain' in group) return { text: group.plain.join('\n'), tags: [] }
  const { opening, fence, code, closing } = group
  const text = code.join('\n')
  // Fences around nothing are something somebody wrote.
  if (!text.trim()) return { text: [opening, ...code, ...(closing === undefined ? [] : [closing])].join('\n'), tags: [] }
  return { text, tags: [{ kind: 'pre', open: `${opening}\n`, close: `\n${fence}` }] }
}

/** The fence a block opens with. What follows it names a language, unless it is too long for that. */
function openingFence(line: string): string | undefined {
  return /^ {0,3}(`{3,}|~{3,})[^`]{0,64}$/.exec(line)?.[1]
}

function closes(line: string, fence: string): boolean {
  const trimmed = line.trim()
  return trimmed.length >= fence.length && trimmed === fence.charAt(0).repeat(trimmed.length)
}
