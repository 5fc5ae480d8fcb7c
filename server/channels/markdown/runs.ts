/**
 * What a platform writes around a stretch of text, and with `line` at the beginning of each further line of it. `address` is where a link
 * leads, for the version without markup.
 */
export type Tag = { kind: TagKind; open: string; close: string; line?: string; address?: string }
export type TagKind = 'bold' | 'italic' | 'strike' | 'spoiler' | 'code' | 'pre' | 'quote' | 'link' | 'escape'

/** A stretch of unescaped text and the tags around it, outermost first. Neighbours in one tag hold the same Tag object. */
export type Run = { text: string; tags: readonly Tag[] }

/** Text of a platform. */
export type Encode = (text: string) => string

export function textOf(runs: readonly Run[]): string {
  return runs.map((run) => run.text).join('')
}

/** How many leading tags two stretches share, so that they stay open between them. */
export function sharedTags(a: readonly Tag[], b: readonly Tag[]): number {
  let shared = 0
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared++
  return shared
}

/** The platform's text, every tag closed in order. */
export function renderRuns(runs: readonly Run[], encode: Encode): string {
  let rendered = ''
  let open: readonly Tag[] = []
  for (const { text, tags } of runs) {
    const shared = sharedTags(open, tags)
    rendered += closing(open.slice(shared)) + opening(tags.slice(shared)) + encodeLines(text, tags, encode)
    open = tags
  }
  return rendered + closing(open)
}

/** Text inside of tags, as the platform writes it. */
export function encodeLines(text: string, tags: readonly Tag[], encode: Encode): string {
  const line = tags.map((tag) => tag.line ?? '').join('')
  return line ? encode(text).replaceAll('\n', `\n${line}`) : encode(text)
}

function opening(tags: readonly Tag[]): string {
  return tags.map((tag) => tag.open).join('')
}

function closing(tags: readonly Tag[]): string {
  return tags
    .map((tag) => tag.close)
    .reverse()
    .join('')
}

/** The text without any markup; where a link leads is written behind it. */
export function plainText(runs: readonly Run[]): string {
  let plain = ''
  runs.forEach(({ text, tags }, at) => {
    plain += text
    const link = tags.find((tag) => tag.address !== undefined)
    if (link && !runs[at + 1]?.tags.includes(link)) plain += ` (${link.address})`
  })
  return plain
}

/** The stretch from `from` to `to`, in UTF-16 units of the text. */
export function sliceRuns(runs: readonly Run[], from: number, to: number): Run[] {
  const slice: Run[] = []
  let start = 0
  for (const run of runs) {
    if (start >= to) break
    const text = run.text.slice(Math.max(0, from - start), Math.max(0, to - start))
    if (text) slice.push({ text, tags: run.tags })
    start += run.text.length
  }
  return slice
}
