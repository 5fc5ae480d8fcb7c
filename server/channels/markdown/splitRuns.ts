import { type Encode, encodeLines, type Run, sharedTags, sliceRuns, type Tag, textOf } from './runs.ts'

/**
 * Cuts runs into parts of at most `limit` UTF-16 units when rendered: at a paragraph, a line or a space where there is one, never inside a
 * surrogate pair. Tags open at a cut are closed and opened again, as each part is rendered by itself; the white space of the cut goes.
 * relay:TG10
 */
export function splitRuns(runs: readonly Run[], { limit, encode }: { limit: number; encode: Encode }): Run[][] {
  const parts: Run[][] = []
  let rest = runs
  for (;;) {
    const text = textOf(rest)
    const from = leadingLines(text)
    const fits = fitting(sliceRuns(rest, from, text.length), limit, encode)
    const cut = from + fits >= text.length ? { end: text.length, next: text.length } : niceCut(text, from, from + fits)
    const part = sliceRuns(rest, from, cut.end)
    if (textOf(part).trim()) parts.push(part)
    if (cut.next >= text.length) return parts
    rest = sliceRuns(rest, cut.next, text.length)
  }
}

/** How much of the text fits, in UTF-16 units and at least one character, so that every part gets on. */
function fitting(runs: readonly Run[], limit: number, encode: Encode): number {
  let units = 0
  let rendered = 0
  let open: readonly Tag[] = []
  for (const { text, tags } of runs) {
    const shared = sharedTags(open, tags)
    rendered += size(open.slice(shared), 'close') + size(tags.slice(shared), 'open')
    const closing = size(tags, 'close')
    for (const character of text) {
      rendered += encodeLines(character, tags, encode).length
      if (rendered + closing > limit) return units || character.length
      units += character.length
    }
    open = tags
  }
  return units
}

function size(tags: readonly Tag[], side: 'open' | 'close'): number {
  return tags.reduce((sum, tag) => sum + tag[side].length, 0)
}

/** A separator in the first half of a part would waste the rest of it: it counts only when there is no other. */
function niceCut(text: string, from: number, most: number): { end: number; next: number } {
  const half = from + (most - from) / 2
  const paragraph = text.lastIndexOf('\n\n', most)
  if (paragraph >= half) return { end: paragraph, next: paragraph + leadingLines(text.slice(paragraph)) }
  const line = text.lastIndexOf('\n', most)
  if (line >= half) return { end: line, next: line + 1 }
  const space = text.lastIndexOf(' ', most)
  const last = Math.max(space, line)
  return last > from ? { end: last, next: last + 1 } : { end: most, next: most }
}

function leadingLines(text: string): number {
  return /^\n*/.exec(text)?.[0].length ?? 0
}
