import { type Encode, encodeLines, type Run, sharedTags, sliceRuns, type Tag, textOf } from './runs.ts'

const LINE_BREAK = 10

/**
 * Cuts runs into parts of at most `limit` UTF-16 units when rendered: at a paragraph, a line or a space where there is one, never inside a
 * surrogate pair. Tags open at a cut are closed and opened again, as each part is rendered by itself; the white space of the cut goes.
 * relay:TG10
 */
export function splitRuns(runs: readonly Run[], { limit, encode }: { limit: number; encode: Encode }): Run[][] {
  const text = textOf(runs)
  const parts: Run[][] = []
  let rest = runs
  /** Where the text of `rest` begins. */
  let start = 0
  for (let next = 0; next < text.length; ) {
    const from = next + leadingLines(text, next)
    const passed = runsBefore(rest, from - start)
    rest = rest.slice(passed.runs)
    start += passed.units
    const fits = fitting(rest, from - start, limit, encode)
    const cut = from + fits >= text.length ? { end: text.length, next: text.length } : niceCut(text, from, from + fits)
    const part = sliceRuns(rest, from - start, cut.end - start)
    if (textOf(part).trim()) parts.push(part)
    next = cut.next
  }
  return parts
}

/** Whole runs before a place, and the units of their text. */
function runsBefore(runs: readonly Run[], place: number): { runs: number; units: number } {
  let units = 0
  let passed = 0
  for (const { text } of runs) {
    if (units + text.length > place) break
    units += text.length
    passed += 1
  }
  return { runs: passed, units }
}

/** How much of the text behind `from` fits, in UTF-16 units and at least one character, so that every part gets on. */
function fitting(runs: readonly Run[], from: number, limit: number, encode: Encode): number {
  let units = 0
  let rendered = 0
  let open: readonly Tag[] = []
  let skip = from
  for (const { text, tags } of runs) {
    const shared = sharedTags(open, tags)
    rendered += size(open.slice(shared), 'close') + size(tags.slice(shared), 'open')
    const closing = size(tags, 'close')
    for (const character of text.slice(skip)) {
      rendered += encodeLines(character, tags, encode).length
      if (rendered + closing > limit) return units || character.length
      units += character.length
    }
    open = tags
    skip = 0
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
  if (paragraph >= half) return { end: paragraph, next: paragraph + leadingLines(text, paragraph) }
  const line = text.lastIndexOf('\n', most)
  if (line >= half) return { end: line, next: line + 1 }
  const space = text.lastIndexOf(' ', most)
  const last = Math.max(space, line)
  return last > from ? { end: last, next: last + 1 } : { end: most, next: most }
}

/** How many line breaks stand at a place. */
function leadingLines(text: string, place: number): number {
  let end = place
  while (text.charCodeAt(end) === LINE_BREAK) end += 1
  return end - place
}
