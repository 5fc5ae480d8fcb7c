/** What the prompt over a channel shows of the arguments. client:APR5 */
export const SUMMARY_CHARACTERS = 300

/** What hides, breaks or turns text. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu

/** Shows what would not be seen, so that nobody decides about something else than what stands there. */
export function visible(text: string, keep = ''): string {
  return text.replace(UNSEEN, (sign) => (keep.includes(sign) ? sign : escaped(sign.codePointAt(0) ?? 0)))
}

function escaped(point: number): string {
  const hex = point.toString(16).padStart(4, '0')
  return point > 0xffff ? `\\u{${hex}}` : `\\u${hex}`
}

/** Name and value of each argument. What is no object is one value without a name. */
export function argumentList(args: unknown): { name: string; value: unknown }[] {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return [{ name: '', value: args }]
  return Object.entries(args).map(([name, value]) => ({ name, value }))
}

/** The arguments in one line of at most 300 characters; `whole` says whether all of them stand there. client:APR5 */
export function summarise(args: unknown): { text: string; whole: boolean } {
  const parts = argumentList(args).map(({ name, value }) => {
    const shown = JSON.stringify(value)
    return name === '' ? shown : `${/^[\w.-]+$/.test(name) ? name : JSON.stringify(name)}: ${shown}`
  })
  const line = parts.length === 0 ? 'no arguments' : visible(parts.join(', '))
  if (line.length <= SUMMARY_CHARACTERS) return { text: line, whole: true }
  // Never half of a surrogate pair at the cut.
  return { text: `${line.slice(0, SUMMARY_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`, whole: false }
}
