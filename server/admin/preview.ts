/** The beginning of a text, at most `max` UTF-16 units with the mark that something is left out; never half a character. */
export function preview(text: string, max: number): string {
  if (text.length <= max) return text
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
