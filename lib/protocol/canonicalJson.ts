/**
 * The one spelling of a JSON value (RFC 8785): no spaces, members sorted by UTF-16 code units, numbers and strings as ECMAScript writes them. Equal values
 * have equal texts on every side, so their hashes agree. Throws TypeError for what JSON cannot hold, instead of leaving it out.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) return `{${members(value as Record<string, unknown>).join(',')}}`
  const text = typeof value === 'number' && !Number.isFinite(value) ? undefined : JSON.stringify(value)
  if (text === undefined) throw new TypeError(`JSON cannot hold ${String(value)}`)
  return text
}

function members(object: Record<string, unknown>): string[] {
  return Object.keys(object)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(object[name])}`)
}
